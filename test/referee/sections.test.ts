/**
 * Every counting section of the report against SQL over the same files, run by another engine: the whole log, and a window
 * in its middle with the window before. The built command line reads, DuckDB reads, nobody reads for the other.
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bucketOf, bucketUpper } from "../../src/analyze/cubes/histogram.js";
import { openReferee, type Sql, writeRefereeLog } from "./referee-log.js";

const CLI = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const HOUR = 3_600_000;
const START = Date.UTC(2026, 9, 20);
type Cell = string | number | null;
interface Report {
  readonly sections: Readonly<
    Record<
      string,
      {
        readonly figures: Readonly<Record<string, { readonly value: Cell }>>;
        readonly tables: Readonly<
          Record<string, { readonly rows: readonly { readonly cells: Record<string, Cell> }[] }>
        >;
      }
    >
  >;
}

const log = writeRefereeLog();
afterAll(() => rmSync(log.folder, { recursive: true }));

function analyze(window: readonly string[]): Report {
  const home = join(log.folder, "home");
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [CLI, "analyze", "--json", "--limit", "100000", "--tz", "+05:30", "--audit", log.folder, "--home", home, ...window],
    { encoding: "utf8", maxBuffer: 1 << 28, env: { PATH: process.env["PATH"] ?? "", HOME: home, TZ: "UTC" } },
  );
  if (!stdout.startsWith("{") || stdout.startsWith('{"error"')) throw new Error(stdout + stderr);
  return JSON.parse(stdout);
}

const SOURCE = `CASE WHEN tier IN ('deny', 'ask', 'allow', 'auto') THEN 'rule' WHEN tier IN ('llm', 'reroute') THEN 'llm'
  WHEN tier IN ('claude_rule', 'claude_mode', 'auto_mode') THEN 'claude' WHEN tier = 'user' THEN 'user'
  WHEN tier = 'passthrough' AND rule_id <> '' THEN 'rule' ELSE 'none' END`;
const COUNTS = `count(*), count(*) FILTER (decision IN ('allow', 'rerouted')), count(*) FILTER (decision = 'ask'),
  count(*) FILTER (decision = 'deny'), count(*) FILTER (decision = 'passthrough'), count(*) FILTER (decision = 'error_passthrough')`;
const COUNTED = ["calls", "approved", "asked", "blocked", "left_alone", "unsafe"];
const DAY = "strftime(DATE '1970-01-01' + day, '%Y-%m-%d')";
const PROMPTS = `(SELECT *, epoch_ms(timestamp::TIMESTAMP) AS ts, floor((epoch_ms(timestamp::TIMESTAMP) + 19800000) / 86400000)::INT AS day
  FROM (SELECT *, row_number() OVER (PARTITION BY session_id, tool_name, input_hash ORDER BY timestamp DESC) AS copy
    FROM records WHERE event = 'PermissionRequest' AND attended) WHERE copy = 1)`;

const since = START + 8 * HOUR;
const until = START + 20 * HOUR;
const before = { since: since - (until - since), until: since };
const windowed = ["--since", new Date(since).toISOString(), "--until", new Date(until).toISOString()];

describe.each<[string, { since: number; until: number } | undefined, string]>([
  ["the whole log", undefined, "true"],
  ["a window in its middle", { since, until }, `ts >= ${since} AND ts < ${until}`],
])("%s", { timeout: 120_000 }, (_, window, where) => {
  let report: Report;
  let sql: Sql;
  let close: () => void;
  beforeAll(async () => {
    report = analyze(window === undefined ? [] : windowed);
    ({ sql, close } = await openReferee(log, window));
  }, 120_000);
  afterAll(() => close());

  const figure = (section: string, ...names: readonly string[]) =>
    names.map((one) => report.sections[section]?.figures[one]?.value);
  /** Key columns -> the others, of a table of the report. */
  const table = (section: string, id: string, keys: readonly string[], values: readonly string[]) => {
    const rows = report.sections[section]?.tables[id]?.rows ?? [];
    return Object.fromEntries(
      rows.map(({ cells }) => [keys.map((key) => cells[key] ?? "").join(" / "), values.map((one) => cells[one])]),
    );
  };
  /** The same of a query whose first columns are the keys. */
  const answer = async (keys: number, query: string) =>
    Object.fromEntries(
      (await sql(query)).map((row) => [
        row
          .slice(0, keys)
          .map((one) => one ?? "")
          .join(" / "),
        row.slice(keys),
      ]),
    );
  const one = async (query: string) => (await sql(query))[0];
  const calls = (columns: string, keys: number, values = COUNTS, and = "true") =>
    answer(keys, `SELECT ${columns}, ${values} FROM calls WHERE ${where} AND ${and} GROUP BY ALL`);
  const share = (part: Cell | undefined, whole: Cell | undefined) =>
    Math.round((Number(part) / Number(whole)) * 10_000) / 10_000;

  it("scorecard", async () => {
    expect(figure("scorecard", ...COUNTED)).toEqual(await one(`SELECT ${COUNTS} FROM calls WHERE ${where}`));
    const [all, byRule, saved, rejected, succeeded, failed, sessions, projects] =
      (await one(`SELECT count(*), count(*) FILTER (${SOURCE} = 'rule'), count(*) FILTER (saved), count(*) FILTER (rejected),
        count(*) FILTER (tool_success), count(*) FILTER (NOT tool_success), count(DISTINCT session_id), count(DISTINCT project)
        FROM calls WHERE ${where}`)) ?? [];
    expect(figure("scorecard", "covered", "prompts_saved", "succeeded", "failed", "sessions", "projects")).toEqual([
      share(byRule, all),
      saved,
      succeeded,
      failed,
      sessions,
      projects,
    ]);
    expect(figure("scorecard", "rejected")).toEqual([rejected]);
    expect(figure("scorecard", "prompts")).toEqual(await one(`SELECT count(*) FROM ${PROMPTS} WHERE ${where}`));
    expect(Number(all)).toBeGreaterThan(500);
    expect(table("scorecard", "by_decider", ["decision", "tier", "source"], ["calls"])).toEqual(
      await calls(`decision, tier, ${SOURCE}`, 3, "count(*)"),
    );
    expect(table("scorecard", "by_mode", ["mode"], COUNTED)).toEqual(await calls("mode", 1));
    expect(table("scorecard", "by_effect", ["effect"], COUNTED)).toEqual(await calls("effect", 1));
    expect(table("scorecard", "by_day", ["day"], [...COUNTED, "saved"])).toEqual(
      await calls(DAY, 1, `${COUNTS}, count(*) FILTER (saved)`),
    );
    const p95 = await one(`SELECT quantile_disc(duration_us, 0.95) FROM calls WHERE ${where}`);
    expect(figure("scorecard", "hook_p95")).toEqual([bucketUpper(bucketOf(Number(p95?.[0])))]);
  });

  it("trends", async () => {
    const days = table("trends", "by_day", ["name"], ["calls", "prompts", "promotions", "tier_llm", "tier_deny"]);
    const met = Object.fromEntries(Object.entries(days).filter(([, values]) => values.some((value) => value !== 0)));
    const counted = await answer(
      1,
      `SELECT ${DAY}, sum(c)::INT, sum(p)::INT, sum(r)::INT, sum(l)::INT, sum(d)::INT FROM (
        SELECT day, 1 AS c, 0 AS p, 0 AS r, (tier = 'llm')::INT AS l, (tier = 'deny')::INT AS d FROM calls WHERE ${where}
        UNION ALL SELECT day, 0, 1, 0, 0, 0 FROM ${PROMPTS} WHERE ${where}
        UNION ALL SELECT floor((ts + 19800000) / 86400000)::INT, 0, 0, 1, 0, 0
          FROM (SELECT *, epoch_ms(timestamp::TIMESTAMP) AS ts FROM records) WHERE event = 'rule_promoted' AND ${where}) GROUP BY 1`,
    );
    expect(met).toEqual(counted);
    expect(figure("trends", "days")).toEqual(await one(`SELECT count(DISTINCT day) FROM calls WHERE ${where}`));
    const weeks = await calls("strftime(date_trunc('week', DATE '1970-01-01' + day), '%Y-%m-%d')", 1, "count(*)");
    expect(table("trends", "by_week", ["name"], ["calls"])).toMatchObject(weeks);
  });

  it("denials", async () => {
    expect(table("denials", "blocked", ["rule", "tier", "tool"], ["calls"])).toEqual(
      await calls("rule_id, tier, tool_name", 3, "count(*)", "decision = 'deny'"),
    );
    expect(table("denials", "commands", ["command"], ["calls"])).toEqual(
      await answer(
        1,
        `SELECT command, count(*) FROM (SELECT unnest(list_distinct(commands)) AS command FROM calls
          WHERE ${where} AND decision = 'deny') GROUP BY 1`,
      ),
    );
  });

  it("llm", async () => {
    const [consulted, failed, timeouts, cached, unsure] =
      (await one(`SELECT count(*), count(*) FILTER (llm IN ('timeout', 'error')), count(*) FILTER (llm = 'timeout'),
        count(*) FILTER (tier = 'reroute'), count(*) FILTER (unsure) FROM calls WHERE ${where} AND llm <> ''`)) ?? [];
    expect(figure("llm", "consulted", "failed", "timeouts", "cached", "unsure")).toEqual([
      consulted,
      share(failed, consulted),
      share(timeouts, consulted),
      share(cached, consulted),
      unsure,
    ]);
    expect(table("llm", "by_day", ["day"], ["consulted", "timeouts"])).toEqual(
      await calls(DAY, 1, "count(*), count(*) FILTER (llm = 'timeout')", "llm <> ''"),
    );
    const p99 = await one(`SELECT quantile_disc(llm_ms, 0.99) FROM calls WHERE ${where} AND llm_ms >= 0`);
    expect(figure("llm", "p99")).toEqual([bucketUpper(bucketOf(Number(p99?.[0])))]);
  });

  it("rules, auto-rules", async () => {
    const all = "CASE WHEN rule_id = '' THEN rule_ids ELSE list_append(rule_ids, rule_id) END";
    const unnested = (and: string, keys: string) =>
      `SELECT ${keys}, ${COUNTS}, strftime(epoch_ms(max(ts) + 19800000), '%Y-%m-%dT%H:%M:%S.%g+05:30')
        FROM (SELECT *, unnest(list_distinct(${all})) AS rule FROM calls WHERE ${where} AND ${and}) GROUP BY ALL`;
    expect(table("rules", "hits", ["rule", "tier"], [...COUNTED, "last"])).toEqual(
      await answer(2, unnested("true", "rule, tier")),
    );
    const auto = await answer(1, unnested("tier = 'auto'", "rule"));
    expect(table("auto-rules", "rules", ["rule"], ["hits", "last"])).toEqual(
      Object.fromEntries(Object.entries(auto).map(([rule, values]) => [rule, [values[0], values.at(-1)]])),
    );
  });

  it("commands, paths", async () => {
    const byKey = (column: string) =>
      `SELECT name, ${COUNTS} FROM (SELECT *, unnest(list_distinct(${column})) AS name FROM calls WHERE ${where}) GROUP BY 1`;
    expect(table("commands", "commands", ["command"], COUNTED)).toEqual(await answer(1, byKey("commands")));
    const named = `SELECT DISTINCT CASE WHEN tool_use_id IS NULL THEN id
        ELSE concat_ws('/', session_id, coalesce(agent_id, ''), tool_use_id) END AS key, unnest(paths) AS path
      FROM records WHERE event = 'PreToolUse'`;
    const counted = await answer(
      1,
      `SELECT path, count(*) FROM calls JOIN (${named}) USING (key) WHERE ${where} GROUP BY 1`,
    );
    expect(table("paths", "paths", ["path"], ["calls"])).toEqual(counted);
  });

  it("tools, sessions, projects", async () => {
    expect(table("tools", "tools", ["tool"], [...COUNTED, "failed"])).toEqual(
      await calls("tool_name", 1, `${COUNTS}, count(*) FILTER (NOT tool_success)`),
    );
    const prompts = await answer(1, `SELECT tool_name, count(*) FROM ${PROMPTS} WHERE ${where} GROUP BY 1`);
    expect(table("tools", "tools", ["tool"], ["prompts"])).toMatchObject(prompts);
    expect(table("sessions", "sessions", ["session"], COUNTED)).toEqual(await calls("session_id", 1));
    expect(table("projects", "projects", ["project"], COUNTED)).toEqual(await calls("project", 1));
  });

  it("anomalies, trust, reroutes", async () => {
    expect(figure("anomalies", "unsafe")).toEqual(
      await one(`SELECT count(*) FROM calls WHERE ${where} AND decision = 'error_passthrough'`),
    );
    expect(table("trust", "policies", ["policy"], COUNTED)).toEqual(await calls("policy_hash", 1));
    expect(table("trust", "changes", ["event", "rule"], ["records"])).toEqual(
      await answer(
        2,
        `SELECT event, promoted_rule, count(*) FROM (SELECT *, epoch_ms(timestamp::TIMESTAMP) AS ts FROM records)
          WHERE event = 'rule_promoted' AND ${where} GROUP BY ALL`,
      ),
    );
    expect(table("reroutes", "reroutes", ["mode", "tool", "ran"], ["calls"])).toEqual(
      await calls("reroute, tool_name, ran", 3, "count(*)", "reroute <> ''"),
    );
  });

  it("quality", async () => {
    const inWindow = await one(
      `SELECT count(*) FROM (SELECT *, epoch_ms(timestamp::TIMESTAMP) AS ts FROM records) WHERE ${where}`,
    );
    expect(figure("quality", "in_window")).toEqual(inWindow);
    if (window !== undefined) return;
    const [lines, records] = (await one("SELECT (SELECT count(*) FROM lines), (SELECT count(*) FROM records)")) ?? [];
    expect(figure("quality", "lines", "records", "unusable", "copies")).toEqual([
      lines,
      records,
      Number(lines) - Number(records),
      (await one("SELECT sum(copies)::INT FROM calls"))?.[0],
    ]);
    const future = await one(
      `SELECT count(*) FROM records WHERE epoch_ms(timestamp::TIMESTAMP) > ${Date.now() + 60_000}`,
    );
    expect(figure("quality", "future")).toEqual(future);
    expect(Number(future?.[0])).toBeGreaterThan(100);
  });
});

it("the window before stands beside each count", { timeout: 120_000 }, async () => {
  const report = analyze(windowed);
  const { sql, close } = await openReferee(log, before);
  const rows = report.sections["tools"]?.tables["tools"]?.rows ?? [];
  const counted = await sql(
    `SELECT tool_name, count(*) FROM calls WHERE ts >= ${before.since} AND ts < ${before.until} GROUP BY 1`,
  );
  const told = rows.map(({ cells }) => [cells["tool"], cells["before"]]);
  expect(told.filter(([, calls]) => calls !== 0).toSorted()).toEqual(counted.map((row) => [...row]).toSorted());
  expect(counted.length).toBeGreaterThan(3);
  close();
});
