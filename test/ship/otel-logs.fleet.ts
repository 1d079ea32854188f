/** The other landing form: the collector's generic table, our views over it, and closed days counted anew; on a current ClickHouse. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clickhouseStatements, otelStatements, rollupStatements, rollupTable } from "../../src/analyze/fleet/ddl.js";
import { logRecordText } from "../../src/analyze/fleet/otlp.js";
import { ROW_COLUMN_NAMES, type Row } from "../../src/analyze/fleet/row.js";
import { rowsOfLog } from "../../src/analyze/fleet/rows-of-log.js";
import { bufferSource } from "../../src/analyze/scan/byte-source.js";
import { scanSource } from "../../src/analyze/scan/scan-source.js";
import { BUSY_START, busyLog } from "../cubes/busy-log.js";

/** Where `npm run test:fleet` put the packages, "" when it could not. */
const FOLDER = process.env["CLAUDE_PERMIT_CHDB"] ?? "";
const DAY = Math.floor(BUSY_START / 86_400_000);

/** As the exporter's documentation gives it, without what plays no part here. */
const OTEL_LOGS = `CREATE TABLE otel_logs (Timestamp DateTime64(9), ServiceName LowCardinality(String), Body String,
  EventName String, LogAttributes Map(LowCardinality(String), String)) ENGINE = MergeTree ORDER BY (ServiceName, Timestamp)`;

interface Session {
  query(sql: string, format: string): string;
  cleanup(): void;
}

describe.skipIf(FOLDER === "")("rows that land in otel_logs", () => {
  const log = busyLog(4, 6, 20).text;
  const rows: Row[] = [
    ...rowsOfLog(scanSource(bufferSource("log", Buffer.from(log)), {}), { machine: "m", logOf: (file) => file }),
  ];
  let session: Session;
  const count = (sql: string) => session.query(sql, "TSV").trim();

  beforeAll(() => {
    const { Session: ChdbSession } = createRequire(join(FOLDER, "package.json"))("chdb");
    session = new ChdbSession();
    session.query("CREATE DATABASE IF NOT EXISTS otel ENGINE = Atomic", "CSV");
    session.query("USE otel", "CSV");
    const form = { cluster: null, retainDays: 20_000, isTestCluster: false };
    for (const sql of [...clickhouseStatements(form), OTEL_LOGS, ...otelStatements(null), ...rollupTable(null)]) {
      session.query(sql, "CSV");
    }
    for (let from = 0; from < rows.length; from += 500) {
      const lines = rows.slice(from, from + 500).map(exported);
      session.query(`INSERT INTO otel_logs FORMAT JSONEachRow ${lines.join("\n")}`, "CSV");
    }
  });
  afterAll(() => session?.cleanup());

  it.each(["claude_permit_rows", "claude_permit_otel"])("are the rows that were shipped, in %s", (table) => {
    const read = session.query(
      `SELECT ${ROW_COLUMN_NAMES.join(", ")} FROM ${table} ORDER BY toString(id) SETTINGS output_format_json_quote_64bit_integers = 0`,
      "JSONEachRow",
    );
    const sorted = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(
      read
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(sorted);
  });

  it("are counted by day, once however often that is done and however often they came", () => {
    session.query("INSERT INTO claude_permit_rows SELECT * FROM claude_permit_rows", "CSV");
    for (let time = 0; time < 2; time++) for (const sql of rollupStatements(DAY)) session.query(sql, "CSV");
    const calls = rows.filter(({ kind, time }) => kind === "call" && Math.floor(time / 86_400_000) === DAY);
    expect(count(`SELECT sum(calls) FROM claude_permit_days WHERE day = ${DAY}`)).toBe(String(calls.length));
    const rejected = calls.filter((row) => row.rejected === "yes").length;
    expect(count(`SELECT sum(rejected) FROM claude_permit_days WHERE day = ${DAY}`)).toBe(String(rejected));
  });
});

/** A log record as the collector's exporter inserts it: every attribute a text, lists as JSON. */
function exported(row: Row): string {
  const record: {
    timeUnixNano: string;
    eventName: string;
    body: { stringValue: string };
    attributes: { key: string; value: Record<string, unknown> }[];
  } = JSON.parse(logRecordText(row));
  const attributes = record.attributes.map(({ key, value }) => [key, textOf(value)]);
  const seconds = record.timeUnixNano.padStart(10, "0");
  return JSON.stringify({
    Timestamp: `${seconds.slice(0, -9)}.${seconds.slice(-9)}`,
    ServiceName: "claude-permit",
    Body: record.body.stringValue,
    EventName: record.eventName,
    LogAttributes: Object.fromEntries(attributes),
  });
}

function textOf(value: Record<string, unknown>): string {
  const list = value["arrayValue"] as { values: { stringValue: string }[] } | undefined;
  if (list !== undefined) return JSON.stringify(list.values.map(({ stringValue }) => stringValue));
  return String(value["stringValue"] ?? value["intValue"]);
}
