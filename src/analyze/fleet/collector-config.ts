/** A configuration of the OpenTelemetry Collector to start from. It is documentation: no collector has run it here. */
import { DEFAULT_RETAIN_DAYS } from "./ddl.js";

export const COLLECTOR_CONFIG = `# Not run by us: written after the documentation of opentelemetry-collector-contrib. Try it before you rely on it.
receivers:
  otlp:
    protocols:
      http:
        endpoint: 0.0.0.0:4318
        # tls and auth: yours to add; every machine of the fleet reaches this port

processors:
  # Small inserts are what hurts ClickHouse most.
  batch:
    send_batch_size: 10000
    timeout: 5s

exporters:
  clickhouse:
    endpoint: clickhouse://clickhouse:9000?insert_quorum=2
    database: default
    logs_table_name: otel_logs
    ttl: ${DEFAULT_RETAIN_DAYS * 24}h
    # A 2xx is sent to the machine only when the rows are in.
    async_insert: false
    sending_queue:
      enabled: false
    retry_on_failure:
      enabled: true

service:
  pipelines:
    logs:
      receivers: [otlp]
      processors: [batch]
      exporters: [clickhouse]
`;
