/**
 * The main job on a large collection of real sessions: transcripts through the real import into a report in all four
 * formats, its numbers held against plain SQL over the collection's own rows. Skipped, and said so, where it is absent.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, it } from "vitest";
import { freshWorld, ROOT, type World } from "./run-cli.js";

const ROWS = join(ROOT, "..", "shared", "data", "claude_toolcalls.jsonl.gz");
const isPresent = existsSync(ROWS);
if (!isPresent) console.log("skipped 8 tests: the shared tool calls are not here");

/** Rows with a time (a record needs one), former tool names as they are called now. */
const ROWS_SQL = `
  CREATE TABLE calls AS SELECT *, CASE tool_name WHEN 'Task' THEN 'Agent' WHEN 'KillShell' THEN 'TaskStop' WHEN 'KillBash' THEN 'TaskStop' ELSE tool_name END AS tool,
    coalesce(rejected IN ('user', 'hook', 'permission_rule', 'auto_mode_classifier', 'needs_grant', 'permission_stream_closed'), false) AS refused
  FROM read_ndjson('${ROWS}', maximum_object_size = 67108864, columns = {session_id: 'VARCHAR', timestamp: 'VARCHAR', tool_name: 'VARCHAR',
    is_error: 'BOOLEAN', rejected: 'VARCHAR', cwd: 'VARCHAR'}) WHERE timestamp IS NOT NULL`;

describe.skipIf(!isPresent)("31,435 shared calls as a report", { timeout: 600_000 }, () => {
  let world: World;
  let report: {
    sections: Record<
      string,
      {
        figures: Record<string, { value: unknown }>;
        tables: Record<string, { rows: { cells: Record<string, unknown> }[] }>;
      }
    >;
  };
  let sql: (query: string) => Promise<unknown[][]>;

  beforeAll(async () => {
    world = freshWorld();
    const projects = join(world.osHome, ".claude", "projects");
    const script = join(ROOT, "scripts", "transcripts-from-shared.mjs");
    expect(spawnSync(process.execPath, [script, ROWS, projects], { encoding: "utf8" }).stderr).toBe("");
    expect(world.run(["import", "transcripts"]).code).toBe(0);
    report = JSON.parse(world.run(["analyze", "--format", "json", "--limit", "1000"]).stdout);
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    await connection.run(ROWS_SQL);
    sql = async (query) =>
      (await connection.runAndReadAll(query))
        .getRowsJS()
        .map((row) => row.map((value) => (typeof value === "bigint" ? Number(value) : value)));
  }, 600_000);

  const figure = (name: string) => report.sections["scorecard"]?.figures[name]?.value;

  it("the scorecard equals the count by SQL", async () => {
    const [counts] = await sql(`SELECT count(*), count(*) FILTER (refused), count(*) FILTER (NOT refused),
      count(DISTINCT session_id), count(*) FILTER (NOT refused AND is_error = false), count(*) FILTER (NOT refused AND is_error) FROM calls`);
    const names = ["calls", "blocked", "left_alone", "sessions", "succeeded", "failed"];
    expect(names.map(figure)).toEqual(counts);
    expect(figure("calls")).toBeGreaterThan(29_000);
  });

  it("calls by tool equal the count by SQL", async () => {
    const rows = Object.values(report.sections["tools"]?.tables ?? {})[0]?.rows ?? [];
    const told = Object.fromEntries(rows.map(({ cells }) => [cells["tool"], [cells["calls"], cells["blocked"]]]));
    const counted = await sql("SELECT tool, count(*), count(*) FILTER (refused) FROM calls GROUP BY tool");
    expect(told).toEqual(Object.fromEntries(counted.map(([tool, calls, refused]) => [tool, [calls, refused]])));
  });

  it("calls by day equal the count by SQL", async () => {
    const rows = report.sections["scorecard"]?.tables["by_day"]?.rows ?? [];
    const told = Object.fromEntries(rows.map(({ cells }) => [cells["day"], cells["calls"]]));
    expect(told).toEqual(Object.fromEntries(await sql("SELECT left(timestamp, 10), count(*) FROM calls GROUP BY 1")));
  });

  const cells = (section: string, table: string) =>
    (report.sections[section]?.tables[table]?.rows ?? []).map((row) => row.cells);

  it("who refused, and what the user refused, equal the count by SQL", async () => {
    const told = await sql(`SELECT CASE rejected WHEN 'user' THEN 'user' WHEN 'hook' THEN 'hook'
        WHEN 'permission_rule' THEN 'claude_rule' WHEN 'auto_mode_classifier' THEN 'auto_mode' ELSE 'claude_mode' END AS by,
      count(*) FROM calls WHERE refused GROUP BY 1`);
    const decided = cells("scorecard", "by_decider").filter(({ decision }) => decision === "deny");
    expect(Object.fromEntries(decided.map(({ tier, calls }) => [tier, calls]))).toEqual(Object.fromEntries(told));
    const refused = Object.fromEntries(told)["user"];
    expect([figure("rejected"), report.sections["denials"]?.figures["refused"]?.value]).toEqual([refused, refused]);
  });

  it("denials by decider and tool equal the count by SQL", async () => {
    const told = Object.fromEntries(
      cells("denials", "blocked").map(({ tier, tool, calls }) => [`${tier} ${tool}`, calls]),
    );
    const counted = await sql(`SELECT CASE rejected WHEN 'user' THEN 'user' WHEN 'permission_rule' THEN 'claude_rule'
        WHEN 'auto_mode_classifier' THEN 'auto_mode' ELSE 'claude_mode' END || ' ' || tool, count(*)
      FROM calls WHERE refused GROUP BY 1`);
    expect(told).toEqual(Object.fromEntries(counted));
  });

  it("sessions and their first and last calls equal those by SQL", async () => {
    const told = cells("sessions", "sessions").map(({ session, calls, blocked, first, last }) => [
      session,
      calls,
      blocked,
      Date.parse(String(first)),
      Date.parse(String(last)),
    ]);
    const counted =
      await sql(`SELECT session_id, count(*), count(*) FILTER (refused), epoch_ms(min(timestamp::TIMESTAMP)),
      epoch_ms(max(timestamp::TIMESTAMP)) FROM calls GROUP BY 1`);
    const inOrder = (rows: unknown[][]) => rows.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
    expect(inOrder(told)).toEqual(inOrder(counted));
  });

  it("weeks and hours of the week equal those by SQL", async () => {
    const weeks = cells("trends", "by_week").filter(({ calls }) => calls !== 0);
    expect(Object.fromEntries(weeks.map(({ name, calls }) => [name, calls]))).toEqual(
      Object.fromEntries(
        await sql(
          "SELECT strftime(date_trunc('week', timestamp::TIMESTAMP), '%Y-%m-%d'), count(*) FROM calls GROUP BY 1",
        ),
      ),
    );
    const bursts = cells("anomalies", "bursts").map(({ day, hour, calls }) => [`${day} ${hour}`, calls]);
    const hours = Object.fromEntries(
      await sql("SELECT strftime(timestamp::TIMESTAMP, '%Y-%m-%d %H'), count(*) FROM calls WHERE refused GROUP BY 1"),
    );
    expect(bursts.length).toBeGreaterThan(0);
    for (const [hour, calls] of bursts) expect(calls).toBe(hours[String(hour)]);
  });

  it("all four formats show these numbers", async () => {
    const html = join(world.project, "report.html");
    world.run(["analyze", "--format", "html", "-o", html]);
    const texts = [
      world.run(["analyze"]).stdout,
      world.run(["analyze", "--format", "md"]).stdout,
      readFileSync(html, "utf8"),
    ];
    for (const name of ["calls", "blocked", "left_alone", "succeeded"]) {
      const shown = Number(figure(name)).toLocaleString("en-US");
      for (const text of texts) expect(text).toContain(shown);
    }
    expect(readFileSync(html).length).toBeLessThan(1_000_000);
  });
});
