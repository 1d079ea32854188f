/** A PostgreSQL of its own in a folder that goes away with it, as an engine: a referee that shares no code with the others. */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { POSTGRES, ROWS_TABLE } from "../../src/analyze/engine/dialect.js";
import type { SqlEngine } from "../../src/analyze/engine/engine.js";
import { type ColumnType, ROW_COLUMN_NAMES, ROW_COLUMNS, type Row } from "../../src/analyze/fleet/row.js";

const TYPES: Readonly<Record<ColumnType, string>> = {
  id: "text",
  name: "text",
  text: "text",
  texts: "text[]",
  int: "bigint",
  maybe: "bigint",
};

/** It refuses to run as root. */
const isRoot = process.getuid?.() === 0;

/** @param programs folder of `postgres`, `initdb` and `psql` */
export async function postgresOf(programs: string, rows: readonly Row[]): Promise<SqlEngine> {
  const folder = mkdtempSync(join(tmpdir(), "permit-postgres-"));
  chmodSync(folder, 0o755);
  const data = join(folder, "data");
  spawnSync("mkdir", [data]);
  if (isRoot) spawnSync("chown", ["-R", "postgres", folder]);
  const own = (program: string, ...args: readonly string[]): [string, string[]] =>
    isRoot
      ? ["runuser", ["-u", "postgres", "--", join(programs, program), ...args]]
      : [join(programs, program), [...args]];
  must(...own("initdb", "-D", data, "--locale=C", "-E", "UTF8", "-A", "trust", "-U", "permit", "-N"), "");
  const server = spawn(...own("postgres", "-D", data, "-k", folder, "-h", "", "-F"), { stdio: "ignore" });
  const stop = async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    must(...own("pg_ctl", "stop", "-m", "immediate", "-D", data), "");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const sql = (text: string) =>
    must(
      ...own("psql", "-h", folder, "-U", "permit", "-d", "postgres", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1"),
      text,
    );
  try {
    await ready(() => sql("SELECT 1"));
    const columns = ROW_COLUMN_NAMES.map((name) => `"${name}" ${TYPES[ROW_COLUMNS[name].type]}`);
    const file = join(folder, "rows.jsonl");
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    // Bytes that no JSON holds: every line is one value.
    sql(`CREATE TABLE ${ROWS_TABLE} (${columns.join(", ")}); CREATE TABLE lines (line jsonb);
COPY lines FROM '${file}' WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02');
INSERT INTO ${ROWS_TABLE} SELECT (jsonb_populate_record(NULL::${ROWS_TABLE}, line)).* FROM lines;`);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    dialect: POSTGRES,
    name: "postgres",
    atOnce: 1,
    async rows(text) {
      const answer: unknown = JSON.parse(sql(`SELECT coalesce(json_agg(row_to_json(q)), '[]') FROM (${text}) AS q;`));
      return Array.isArray(answer) ? answer.map((row: object) => Object.values(row)) : [];
    },
    close: stop,
  };
}

function must(program: string, args: readonly string[], input: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    cwd: "/",
  });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error?.message ?? stderr}`);
  return stdout;
}

async function ready(ask: () => void): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return ask();
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
