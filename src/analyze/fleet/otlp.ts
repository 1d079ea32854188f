/**
 * Rows as OTLP/HTTP JSON (opentelemetry-proto 1.x, `ExportLogsServiceRequest`). A value that says nothing (an empty text
 * or list, zero, null) is left out, since every reader of rows puts it back.
 */
import { ROW_COLUMN_NAMES, ROW_COLUMNS, type Row } from "./row.js";
import { ALSO, attributeOf, EVENT_NAMES, SERVICE, WIRE_VERSION } from "./wire.js";

/** The whole body of a request. @param records as `logRecordText` gives them. @param version of this program */
export function requestText(records: readonly string[], machine: string, version: string): string {
  const resource = {
    attributes: [text("service.name", SERVICE), text("service.version", version), text("host.id", machine)],
  };
  const scope = { name: SERVICE, version: String(WIRE_VERSION) };
  return `{"resourceLogs":[{"resource":${JSON.stringify(resource)},"scopeLogs":[{"scope":${JSON.stringify(scope)},"logRecords":[${records.join(",")}]}]}]}`;
}

/** One log record as JSON; as text at once, because a backlog has millions. */
export function logRecordText(row: Row): string {
  const isCall = row.kind === "call" || row.kind === "prompt";
  let attributes = "";
  for (const { column, isInt, own, also } of ATTRIBUTES) {
    const value = row[column];
    // The log record's own time tells it, but cannot be before 1970.
    if (value === "" || value === null || (isInt && value === 0) || (column === "time" && row.time >= 0)) continue;
    if (typeof value === "object" && value.length === 0) continue;
    const said = valueText(value);
    attributes += `${attributes === "" ? "" : ","}${own}${said}}`;
    if (isCall) for (const name of also) attributes += `,${name}${said}}`;
  }
  const body = row.kind === "call" ? `${row.decision} ${row.tool}` : row.kind;
  return `{"timeUnixNano":"${nanoseconds(row.time)}","observedTimeUnixNano":"${nanoseconds(row.rev)}","severityNumber":${severityOf(row)},"eventName":"${EVENT_NAMES[row.kind]}","body":${valueText(body)},"attributes":[${attributes}]}`;
}

const keyText = (name: string) => `{"key":${JSON.stringify(name)},"value":`;

const ATTRIBUTES = ROW_COLUMN_NAMES.map((column) => ({
  column,
  isInt: ROW_COLUMNS[column].type === "int",
  own: keyText(attributeOf(column)),
  also: ALSO.filter((one) => one.column === column).map(({ name }) => keyText(name)),
}));

/** 64-bit numbers are texts in protobuf's JSON. */
function valueText(value: string | number | readonly string[]): string {
  if (typeof value === "string") return `{"stringValue":${JSON.stringify(value)}}`;
  if (typeof value === "number") return `{"intValue":"${value}"}`;
  return `{"arrayValue":{"values":[${value.map(valueText).join(",")}]}}`;
}

function text(key: string, stringValue: string): unknown {
  return { key, value: { stringValue } };
}

/** Milliseconds are at most 2^53; nanoseconds are more, so they are written as text. A moment before 1970 is 0. */
function nanoseconds(ms: number): string {
  return ms <= 0 ? "0" : `${ms}000000`;
}

/** INFO, and WARN for what was blocked or let through in error. */
function severityOf({ decision, kind }: Row): number {
  return kind === "bad" || decision === "deny" || decision === "error_passthrough" ? 13 : 9;
}
