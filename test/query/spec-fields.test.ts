/**
 * The contract of the machine interface, line by line: every request key it names is taken, and every field it names is in
 * the answer. The names are final: programs outside call them.
 */
import { describe, expect, it } from "vitest";
import { runQuery } from "../../src/analyze/query/run-query.js";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { decisions, queryWorld } from "./world.js";

const [read] = decisions(1);
if (read === undefined) throw new Error("one was asked for");
const READ: AuditRecord = {
  ...read,
  id: `${read.id.slice(0, -2)}99`,
  tool_name: "Read",
  tool_use_id: "toolu_read",
  tool_input: { file_path: "/x" },
};
const world = queryWorld([READ, ...decisions(40)]);
const ask = async (query: object, where = world) =>
  JSON.parse(JSON.stringify(await runQuery(JSON.stringify(query), where)));

/** What a list holds is looked at in its first element. */
function fieldAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((at, key) => {
    const one = Array.isArray(at) ? at[0] : at;
    return typeof one === "object" && one !== null && Object.hasOwn(one, key) ? Reflect.get(one, key) : undefined;
  }, value);
}

describe("answers hold every field the contract names", () => {
  it.each<[string, object, string]>([
    ["config", { type: "config", full: true }, "result"],
    ["config, a section", { type: "config", section: "llm_fallback" }, "result"],
    ["config, its files", { type: "config", sources: true }, "result"],
    [
      "rule",
      { type: "rule", filter: "deny", with_source: true },
      "result_count results.id results.kind results.description results.conditions results.source_file results.source_line results.hits",
    ],
    ["rule by tool", { type: "rule", tool: "Bash" }, "result_count results.id"],
    ["rule by id", { type: "rule", id: "no-force-push" }, "results.id"],
    ["rule_count", { type: "rule_count" }, "result.deny result.ask result.allow result.total result.by_tool"],
    [
      "log",
      { type: "log", decision: "deny", source: "rule", tool: "Bash", since: "24h", until: "now", last_n: 5, offset: 1 },
      "result_count results.id results.timestamp results.decision results.tool_name",
    ],
    ["log, its other names", { type: "log", session_id: "last", limit: 3 }, "result_count results.session_id"],
    ["log by rule", { type: "log", rule: "no-force-push" }, "result_count results.rule_id"],
    ["log to look at again", { type: "log", needs_review: true }, "result_count results.review"],
    [
      "log, in groups",
      {
        type: "log",
        aggregate: { group_by: "decision", count: true, sum: "duration_us", avg: "duration_us", p95: "duration_us" },
      },
      "results.group results.count results.sum results.avg results.p95",
    ],
    [
      "match_test",
      { type: "match_test", tool: "Bash", input: { command: "git push --force" }, cwd: "/tmp" },
      "result.would_match result.decision result.matched_rule.id result.matched_rule.type result.matched_rule.source_file result.matched_rule.source_line result.rule_ids result.llm_consulted result.trace",
    ],
    [
      "match_test without a rule",
      { type: "match_test", tool: "Bash", input: { command: "make" } },
      "result.llm_consulted result.note",
    ],
    [
      "match_test of many",
      {
        type: "match_test",
        calls: [
          { tool: "Bash", input: { command: "make" } },
          { tool: "Read", input: { file_path: "/x" } },
        ],
      },
      "result_count results.would_match results.decision results.rule_ids results.llm_consulted",
    ],
    [
      "stats",
      { type: "stats", since: "7d", tool: "Bash" },
      "result.total_decisions result.by_decision result.by_source result.by_tool result.top_denied_commands.command",
    ],
    [
      "patterns",
      { type: "patterns", decision: "deny", since: "7d" },
      "result.clusters.pattern result.clusters.count result.clusters.examples",
    ],
    [
      "gaps",
      { type: "gaps", tool: "Bash", since: "7d" },
      "result.total_gaps result.suggestions.pattern result.suggestions.count result.suggestions.risk result.suggestions.suggested_rule result.suggestions.replay",
    ],
    ["entitlements of a tool", { type: "entitlements", tool: "Read" }, "result.may_run.input"],
    ["entitlements of a program", { type: "entitlements", program: "git" }, "result.may_run.input"],
    ["explain a record", { type: "explain", id: "last" }, "result"],
    ["explain a call", { type: "explain", tool: "Bash", input: { command: "git push" } }, "result"],
    ["session", { type: "session", session_id: "last" }, "result.session_id"],
    ["compare", { type: "compare", a: "last-1", b: "last" }, "result.a result.b"],
    ["coverage", { type: "coverage" }, "result.by_source"],
  ])("%s", async (_, query, fields) => {
    const answer = await ask(query);
    expect(answer.error).toBeUndefined();
    const missing = ["query_time_ms", ...fields.split(" ")].filter((path) => fieldAt(answer, path) === undefined);
    expect(missing).toEqual([]);
  });

  it("give one result or a counted list, never both", async () => {
    expect(Object.keys(await ask({ type: "stats" }))).toEqual(["query_time_ms", "result"]);
    expect(Object.keys(await ask({ type: "log" }))).toEqual(["query_time_ms", "result_count", "results"]);
    expect(Object.keys(await ask({ queries: [{ type: "stats" }] }))).toEqual([
      "query_time_ms",
      "result_count",
      "results",
    ]);
  });

  it("judge many calls in their order, without a trace unless asked", async () => {
    const calls = ["make", "git status", "git push --force"].map((command) => ({ tool: "Bash", input: { command } }));
    const plain = await ask({ type: "match_test", calls });
    expect(plain.results.map(({ decision }: { decision: string }) => decision)).toEqual([
      "passthrough",
      "allow",
      "deny",
    ]);
    expect(plain.results.some((one: object) => "trace" in one)).toBe(false);
    const traced = await ask({ type: "match_test", calls, trace: true });
    expect(traced.results.every((one: object) => "trace" in one)).toBe(true);
  });

  it("show twenty records unless told otherwise", async () => {
    expect((await ask({ type: "log" })).result_count).toBe(20);
  });
});

describe("filters keep what they say", () => {
  const log = async (more: object): Promise<readonly AuditRecord[]> =>
    (await ask({ type: "log", last_n: 100, ...more })).results;

  it.each<[string, object, (record: AuditRecord) => boolean]>([
    ["decision", { decision: "deny" }, ({ decision }) => decision === "deny"],
    ["source", { source: "none" }, ({ tier }) => tier === "passthrough"],
    ["tool", { tool: "Bash" }, ({ tool_name: tool }) => tool === "Bash"],
    ["session_id", { session_id: "session-1" }, ({ session_id: id }) => id === "session-1"],
    ["rule", { rule: "ask-push" }, ({ rule_id: id }) => id === "ask-push"],
    [
      "and",
      {
        filter: {
          and: [
            { field: "decision", value: "deny" },
            { field: "session_id", value: "session-1" },
          ],
        },
      },
      (one) => one.decision === "deny" && one.session_id === "session-1",
    ],
    [
      "or",
      {
        filter: {
          or: [
            { field: "decision", value: "deny" },
            { field: "decision", value: "ask" },
          ],
        },
      },
      ({ decision }) => decision === "deny" || decision === "ask",
    ],
    ["not", { filter: { not: { field: "decision", value: "deny" } } }, ({ decision }) => decision !== "deny"],
  ])("%s", async (_, more, keeps) => {
    const [all, kept] = [await log({}), await log(more)];
    expect(kept.map(({ id }) => id)).toEqual(all.filter(keeps).map(({ id }) => id));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(all.length);
  });

  it("offset, limit and sort", async () => {
    const all = await log({});
    expect((await log({ last_n: 3, offset: 2 })).map(({ id }) => id)).toEqual(all.slice(2, 5).map(({ id }) => id));
    const sorted = await log({ sort: [{ field: "duration_us", order: "asc" }], last_n: 5 });
    expect(sorted.map(({ duration_us: us }) => us)).toEqual(
      all
        .map(({ duration_us: us }) => us ?? 0)
        .toSorted((a, b) => a - b)
        .slice(0, 5),
    );
  });
});

describe("errors are the coded ones, with message, details and the path of the key", () => {
  it.each<[string, object, typeof world, string, string | undefined]>([
    ["no log", { type: "stats" }, queryWorld(null), "log_not_found", undefined],
    [
      "a broken policy",
      { type: "config" },
      queryWorld(null, "[[deny]]\npatern = 1\n"),
      "config_parse_error",
      undefined,
    ],
    ["an unknown type", { type: "nothing" }, world, "unsupported_query_type", "type"],
    ["an unknown key", { type: "log", lst_n: 1 }, world, "invalid_query", "lst_n"],
  ])("%s", async (_, query, where, code, path) => {
    const { error } = await ask(query, where);
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(/\S/),
      ...(path === undefined ? {} : { path }),
    });
  });
});
