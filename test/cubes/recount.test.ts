/** The cubes of a made log against plain SQL over the same records, run by another engine. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CubeName, Key, MeasureName } from "../../src/analyze/cubes/definitions.js";
import { type Cubes, count, foldRecords, readWindow, rowsOf } from "../../src/analyze/cubes/fold.js";
import { bucketOf, bucketUpper } from "../../src/analyze/cubes/histogram.js";
import { percentileOf } from "../../src/analyze/report/shape.js";
import { bufferSource } from "../../src/analyze/scan/byte-source.js";
import type { Window } from "../../src/analyze/scan/scan.js";
import { scanBackward } from "../../src/analyze/scan/scan-backward.js";
import { type Zone, zoneOf } from "../../src/analyze/zone.js";
import { BUSY_START, busyLog } from "./busy-log.js";
import { ANSWERED, CALLS, RECORD_COLUMNS } from "./calls-sql.js";

const HOUR = 3_600_000;
const zone: Zone = zoneOf("+05:30") ?? { name: "UTC", offsetAt: () => 0 };
const log = busyLog(7, 30, 90);
const bytes = Buffer.from(log.text);

function fold(window: Window, read: Window = window): Cubes {
  const scanned = scanBackward([[{ open: () => bufferSource("audit.jsonl", bytes) }]], read);
  return foldRecords(scanned, { window, zone, now: BUSY_START + 96 * HOUR });
}

let folder: string;
let database: DuckDBConnection;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "recount-"));
  const file = join(folder, "records.ndjson");
  writeFileSync(file, log.records.map((record) => JSON.stringify(record)).join("\n"));
  database = await (await DuckDBInstance.create(":memory:")).connect();
  await database.run(
    `CREATE TABLE records AS SELECT * FROM read_json('${file}', format = 'newline_delimited', columns = ${RECORD_COLUMNS})`,
  );
  await database.run(CALLS);
  await database.run(ANSWERED);
});

afterAll(() => {
  database.closeSync();
  rmSync(folder, { recursive: true });
});

/** Rows of a query as a map: all columns but the last are the key. */
async function sql(query: string): Promise<Record<string, number>> {
  const rows = (await database.runAndReadAll(query)).getRowsJson();
  return Object.fromEntries(rows.map((row) => [row.slice(0, -1).join(" / "), Number(row.at(-1))]));
}

/** A cube by some of its keys. */
function cube(
  cubes: Cubes,
  name: CubeName,
  keys: readonly Key[],
  measure: MeasureName = "calls",
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const row of rowsOf(cubes, name)) {
    const key = keys.map((one) => row.keys[one] ?? "").join(" / ");
    const value = count(row, measure);
    if (value > 0) sums[key] = (sums[key] ?? 0) + value;
  }
  return sums;
}

describe.each<[string, Window, string]>([
  ["the whole log", {}, "true"],
  [
    "a window in its middle",
    { since: BUSY_START + 8 * HOUR, until: BUSY_START + 20 * HOUR },
    `ts >= ${BUSY_START + 8 * HOUR} AND ts < ${BUSY_START + 20 * HOUR}`,
  ],
])("%s", (_, window, where) => {
  const cubes = fold(window, {});
  const calls = (columns: string, and = "true") =>
    sql(`SELECT ${columns}, count(*) FROM calls WHERE ${where} AND ${and} GROUP BY ALL`);

  it("decisions by tier", async () => {
    expect(cube(cubes, "deciders", ["decision", "tier"])).toEqual(await calls("decision, tier"));
  });

  it("tools, sessions, projects, modes", async () => {
    expect(cube(cubes, "tools", ["tool"])).toEqual(await calls("tool_name"));
    expect(cube(cubes, "sessions", ["session", "project"])).toEqual(await calls("session_id, project"));
    expect(cube(cubes, "projects", ["project"], "blocked")).toEqual(await calls("project", "decision = 'deny'"));
    expect(cube(cubes, "modes", ["mode"])).toEqual(await calls("mode"));
  });

  it("local days", async () => {
    expect(cube(cubes, "days", ["day"])).toEqual(await calls("strftime(DATE '1970-01-01' + day, '%Y-%m-%d')"));
  });

  it("outcomes, refusals, prompts saved", async () => {
    expect(cube(cubes, "tools", ["tool"], "succeeded")).toEqual(await calls("tool_name", "tool_success"));
    expect(cube(cubes, "tools", ["tool"], "failed")).toEqual(await calls("tool_name", "NOT tool_success"));
    expect(cube(cubes, "tools", ["tool"], "rejected")).toEqual(await calls("tool_name", "rejected"));
    expect(cube(cubes, "tools", ["tool"], "saved")).toEqual(await calls("tool_name", "saved"));
  });

  it("commands and rules, each once a call", async () => {
    const unnest = (expression: string) =>
      sql(
        `SELECT key, count(*) FROM (SELECT unnest(list_distinct(${expression})) AS key FROM calls WHERE ${where}) GROUP BY ALL`,
      );
    expect(cube(cubes, "commands", ["command"])).toEqual(await unnest("commands"));
    const all = "CASE WHEN rule_id = '' THEN rule_ids ELSE list_append(rule_ids, rule_id) END";
    expect(cube(cubes, "rules", ["rule"])).toEqual(await unnest(all));
  });

  it("time of the hook: nearest rank, to its bucket", async () => {
    for (const p of [1, 50, 90, 95, 99]) {
      const exact = await sql(`SELECT '', quantile_disc(duration_us, ${p / 100}) FROM calls WHERE ${where}`);
      expect(percentileOf(rowsOf(cubes, "hook_time"), "hook_us_bucket", p)).toBe(
        bucketUpper(bucketOf(exact[""] ?? -1)),
      );
    }
  });

  it("verdicts, reroutes, policies", async () => {
    const judged = "llm <> ''";
    const day = "strftime(DATE '1970-01-01' + day, '%Y-%m-%d')";
    expect(cube(cubes, "verdicts", ["llm"])).toEqual(await calls("llm", judged));
    expect(cube(cubes, "verdicts", ["llm"], "rejected")).toEqual(await calls("llm", `${judged} AND rejected`));
    expect(cube(cubes, "llm_by_day", ["day", "llm"])).toEqual(await calls(`${day}, llm`, judged));
    expect(Object.keys(cube(cubes, "answers", ["llm", "answered"])).length).toBeGreaterThan(3);
    expect(cube(cubes, "answers", ["llm", "answered"])).toEqual(await calls("llm, answered", "answered <> ''"));
    expect(cube(cubes, "unsure", ["tool"])).toEqual(await calls("tool_name", "unsure"));
    expect(cube(cubes, "alarms", ["llm", "decision"])).toEqual(
      await calls("llm, decision", "llm IN ('RED', 'YELLOW')"),
    );
    expect(cube(cubes, "reroutes", ["reroute", "ran"])).toEqual(await calls("reroute, ran", "reroute <> ''"));
    expect(cube(cubes, "policies", ["policy"], "blocked")).toEqual(await calls("policy_hash", "decision = 'deny'"));
    const slowest = await sql(`SELECT '', quantile_disc(llm_ms, 0.95) FROM calls WHERE ${where} AND llm_ms >= 0`);
    expect(percentileOf(rowsOf(cubes, "llm_time"), "llm_ms_bucket", 95)).toBe(bucketUpper(bucketOf(slowest[""] ?? -1)));
  });

  it("hours of local days, tiers of days", async () => {
    const day = "strftime(DATE '1970-01-01' + day, '%Y-%m-%d')";
    const hour = "lpad(hour::VARCHAR, 2, '0')";
    expect(cube(cubes, "hours", ["day", "hour"], "blocked")).toEqual(
      await calls(`${day}, ${hour}`, "decision = 'deny'"),
    );
    expect(cube(cubes, "blocked_hours", ["day", "hour"])).toEqual(await calls(`${day}, ${hour}`, "decision = 'deny'"));
    expect(cube(cubes, "tiers_by_day", ["day", "tier"])).toEqual(await calls(`${day}, tier`));
  });

  it("rule changes are records, not calls", async () => {
    const changes = await sql(`SELECT promoted_rule, count(*) FROM
      (SELECT *, epoch_ms(timestamp::TIMESTAMP) AS ts FROM records) WHERE event = 'rule_promoted' AND ${where} GROUP BY ALL`);
    expect(cube(cubes, "changes", ["rule"])).toEqual(changes);
    expect(Object.keys(changes).length).toBeGreaterThan(2);
  });

  it("prompts of attended sessions", async () => {
    const asked = await sql(`SELECT tool_name, count(DISTINCT input_hash) FROM
      (SELECT *, epoch_ms(timestamp::TIMESTAMP) AS ts FROM records)
      WHERE event = 'PermissionRequest' AND attended AND ${where} GROUP BY ALL`);
    expect(cube(cubes, "prompts_by_tool", ["tool"])).toEqual(asked);
  });
});

describe("the reading itself", () => {
  it("counts lines, copies and what stands out of order", async () => {
    const { quality } = fold({});
    const copies = await sql("SELECT '', sum(copies) FROM calls");
    expect(quality).toMatchObject({
      lines: log.records.length + log.badLines,
      records: log.records.length,
      unusable: log.badLines,
      copies: copies[""],
      closedEarly: 0,
      undecided: 0,
      outcomesAlone: 0,
    });
    const times = log.records.map((record) => Date.parse(record.timestamp));
    expect(quality.outOfOrder).toBe(times.filter((time, index) => time > (times[index + 1] ?? Infinity)).length);
    expect(quality.outOfOrder).toBeGreaterThan(100);
    expect(quality.promptCopies).toBeGreaterThan(10);
  });

  it("needs no more than ten minutes beyond a window's edges for what stands there", () => {
    const window = { since: BUSY_START + 8 * HOUR, until: BUSY_START + 20 * HOUR };
    const [all, near] = [fold(window, {}), fold(window, readWindow(window))];
    for (const name of ["deciders", "days", "tools", "rules", "prompts_by_tool"] as const) {
      const [whole, part] = [rowsOf(all, name), rowsOf(near, name)];
      const counts = (rows: typeof whole) => rows.map((row) => [row.keys, count(row, "calls"), count(row, "blocked")]);
      expect(counts(part)).toEqual(expect.arrayContaining(counts(whole)));
    }
  });
});
