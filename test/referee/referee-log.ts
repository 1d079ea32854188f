/**
 * A log as machines leave it, in a folder: three segments, one of them compressed; clocks that run ahead by minutes and
 * one by a year; records twice, bad lines between them. And the same files read by DuckDB, line by line, with our code
 * nowhere near.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { busyLog } from "../cubes/busy-log.js";
import { CALLS, RECORD_COLUMNS } from "../cubes/calls-sql.js";

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Sessions by number: a clock six minutes ahead, and one a year ahead. */
const AHEAD = /"session_id":"session-(?:4|10|16|22)"/;
const FAR_AHEAD = '"session_id":"session-13"';

export interface RefereeLog {
  readonly folder: string;
  /** Oldest first, as DuckDB reads them. */
  readonly files: readonly string[];
}

export function writeRefereeLog(): RefereeLog {
  const folder = mkdtempSync(join(tmpdir(), "referee-"));
  const lines = busyLog(23, 26, 80)
    .text.trimEnd()
    .split("\n")
    .map((line, index) => withPath(skewed(line), index));
  const third = Math.floor(lines.length / 3);
  const part = (from: number, to?: number) => `${lines.slice(from, to).join("\n")}\n`;
  const files = [
    join(folder, "audit-20261020T000000.000Z-1.jsonl.gz"),
    join(folder, "audit-20261020T080000.000Z-2.jsonl"),
    join(folder, "audit.jsonl"),
  ] as const;
  writeFileSync(files[0], gzipSync(part(0, third)));
  writeFileSync(files[1], part(third, 2 * third));
  writeFileSync(files[2], part(2 * third));
  return { folder, files };
}

function skewed(line: string): string {
  const shift = AHEAD.test(line) ? 6 * MINUTE : line.includes(FAR_AHEAD) ? 365 * DAY : 0;
  if (shift === 0) return line;
  return line.replace(/"timestamp":"([^"]+)"/, (_, text: string) => {
    return `"timestamp":"${new Date(Date.parse(text) + shift).toISOString()}"`;
  });
}

/** Paths for every second call, the same for its copies, so that there is something to count by them. */
function withPath(line: string, index: number): string {
  if (!line.includes('"event":"PreToolUse"')) return line;
  const call = Number(/"tool_use_id":"toolu_\d+_(\d+)"/.exec(line)?.[1] ?? index);
  if (call % 2 === 0) return line;
  return line.replace('"effect":', `"paths":["/srv/f${call % 7}","/srv/f${call % 3}"],"effect":`);
}

export type Sql = (query: string) => Promise<readonly (readonly (string | number | null)[])[]>;

/** What a report of a window may look at beyond its edges (SPEC section 9). */
const EDGE = 10 * MINUTE;

/** Tables `lines` (text), `records` and `calls`; for a window, of the records a report of it looks at. */
export async function openReferee(
  { files }: RefereeLog,
  window?: { readonly since: number; readonly until: number },
): Promise<{ readonly sql: Sql; readonly close: () => void }> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const names = files.map((file) => `'${file}'`).join(", ");
  await connection.run(`
    CREATE TABLE lines AS SELECT line FROM read_csv([${names}], columns = {line: 'VARCHAR'}, delim = '\x01', quote = '',
      escape = '', header = false, auto_detect = false, max_line_size = 10000000);
    CREATE TABLE records AS SELECT r.* FROM (
      SELECT from_json(line, '${structureOf(RECORD_COLUMNS)}') AS r FROM lines
      WHERE CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' AND (line->>'$.timestamp') IS NOT NULL ELSE false END)`);
  if (window !== undefined) {
    const time = "epoch_ms(timestamp::TIMESTAMP)";
    await connection.run(
      `DELETE FROM records WHERE ${time} < ${window.since - EDGE} OR ${time} >= ${window.until + EDGE}`,
    );
  }
  await connection.run(CALLS);
  return {
    sql: async (query) =>
      (await connection.runAndReadAll(query))
        .getRowsJS()
        .map((row) =>
          row.map((value) => (typeof value === "bigint" ? Number(value) : (value as string | number | null))),
        ),
    close: () => connection.closeSync(),
  };
}

/** `{a: 'VARCHAR'}` as `from_json` wants it; paths are ours beside. */
function structureOf(columns: string): string {
  const pairs = [...columns.matchAll(/(\w+): '([\w[\]]+)'/g)].map(([, name = "", type = ""]) =>
    type.endsWith("[]") ? `"${name}":["${type.slice(0, -2)}"]` : `"${name}":"${type}"`,
  );
  return `{${pairs.join(",")},"paths":["VARCHAR"]}`;
}
