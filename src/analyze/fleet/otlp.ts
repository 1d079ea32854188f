/**
 * Rows as OTLP/HTTP JSON (opentelemetry-proto 1.x, `ExportLogsServiceRequest`). A value that says nothing (an empty text
 * or list, zero, null) is left out, since every reader of rows puts it back.
 */
import { ROW_COLUMN_NAMES, ROW_COLUMNS, type Row, type RowColumn } from "./row.js";
import { ALSO, attributeOf, EVENT_NAMES, SERVICE, WIRE_VERSION } from "./wire.js";

type AnyValue =
  | { readonly stringValue: string }
  /** 64-bit numbers are texts in protobuf's JSON. */
  | { readonly intValue: string }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } };

interface Attribute {
  readonly key: string;
  readonly value: AnyValue;
}

export interface LogRecord {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber: number;
  readonly eventName: string;
  readonly body: AnyValue;
  readonly attributes: readonly Attribute[];
}

/** @param version of this program */
export function exportRequest(rows: readonly Row[], version: string): unknown {
  return {
    resourceLogs: [
      {
        resource: {
          attributes: [
            { key: "service.name", value: { stringValue: SERVICE } },
            { key: "service.version", value: { stringValue: version } },
            { key: "host.id", value: { stringValue: rows[0]?.machine ?? "" } },
          ],
        },
        scopeLogs: [{ scope: { name: SERVICE, version: String(WIRE_VERSION) }, logRecords: rows.map(logRecord) }],
      },
    ],
  };
}

export function logRecord(row: Row): LogRecord {
  const attributes: Attribute[] = [];
  for (const column of ROW_COLUMN_NAMES) {
    // The log record's own time tells it, but cannot be before 1970.
    if (column === "time" && row.time >= 0) continue;
    const value = saysNothing(row, column) ? null : anyValue(row[column]);
    if (value !== null) attributes.push({ key: attributeOf(column), value });
  }
  if (row.kind === "call" || row.kind === "prompt") {
    for (const { name, column } of ALSO) {
      const value = anyValue(row[column]);
      if (value !== null) attributes.push({ key: name, value });
    }
  }
  return {
    timeUnixNano: nanoseconds(row.time),
    observedTimeUnixNano: nanoseconds(row.rev),
    severityNumber: severityOf(row),
    eventName: EVENT_NAMES[row.kind],
    body: { stringValue: row.kind === "call" ? `${row.decision} ${row.tool}` : row.kind },
    attributes,
  };
}

function saysNothing(row: Row, column: RowColumn): boolean {
  return ROW_COLUMNS[column].type === "int" && row[column] === 0;
}

function anyValue(value: Row[keyof Row]): AnyValue | null {
  if (typeof value === "string") return value === "" ? null : { stringValue: value };
  if (typeof value === "number") return { intValue: String(value) };
  if (value === null || value.length === 0) return null;
  return { arrayValue: { values: value.map((one) => ({ stringValue: one })) } };
}

/** Milliseconds are at most 2^53; nanoseconds are more, so they are written as text. A moment before 1970 is 0. */
function nanoseconds(ms: number): string {
  return ms <= 0 ? "0" : `${ms}000000`;
}

/** INFO, and WARN for what was blocked or let through in error. */
function severityOf({ decision, kind }: Row): number {
  return kind === "bad" || decision === "deny" || decision === "error_passthrough" ? 13 : 9;
}
