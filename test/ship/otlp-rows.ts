/** OTLP/HTTP JSON -> canonical rows: the receiving end of the wire, as a store behind a collector would read it. */
import { ROW_COLUMN_NAMES, ROW_COLUMNS, type Row } from "../../src/analyze/fleet/row.js";
import { columnOfAttribute } from "../../src/analyze/fleet/wire.js";

const NOTHING = { id: "", name: "", text: "", texts: [], int: 0, maybe: null } as const;

export function rowsOfRequest(body: unknown): Row[] {
  const records = list(body, "resourceLogs")
    .flatMap((resource) => list(resource, "scopeLogs"))
    .flatMap((scope) => list(scope, "logRecords"));
  return records.map(rowOfRecord);
}

function rowOfRecord(record: unknown): Row {
  const row: Record<string, unknown> = Object.fromEntries(
    ROW_COLUMN_NAMES.map((column) => [column, NOTHING[ROW_COLUMNS[column].type]]),
  );
  row["time"] = Number(String(field(record, "timeUnixNano")).slice(0, -6));
  for (const attribute of list(record, "attributes")) {
    const column = columnOfAttribute(String(field(attribute, "key")));
    if (column !== null) row[column] = plain(field(attribute, "value"));
  }
  return row as Row;
}

function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return "";
  if ("intValue" in value) return Number(value.intValue);
  if ("stringValue" in value) return value.stringValue;
  return list(field(value, "arrayValue"), "values").map(plain);
}

function list(value: unknown, name: string): unknown[] {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}
