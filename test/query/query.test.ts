/** Queries over a known policy and log: every type, and that what goes wrong is a coded error at its key. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runQuery } from "../../src/analyze/query/run-query.js";
import type { QueryWorld } from "../../src/analyze/query/world.js";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { compile } from "../policy/read-policy.js";
import { decisions, NOW, POLICY, queryWorld } from "./world.js";

const world = queryWorld(decisions(40));
const ask = (query: unknown, where = world): Promise<unknown> => runQuery(JSON.stringify(query), where);

describe("answers", () => {
  it.each([
    ["a section by its older name", { type: "config", section: "llm_fallback" }, { result: { enabled: true } }],
    ["how many rules there are", { type: "rule_count" }, { result: { deny: 1, ask: 1, allow: 2, total: 4 } }],
    [
      "a rule with its place, text and hits",
      { type: "rule", id: "no-force-push", with_source: true },
      {
        result_count: 1,
        results: [{ kind: "deny", source_line: 2, hits: 8, source: expect.stringMatching(/^\[\[deny\]\][^[]+$/) }],
      },
    ],
    [
      "what the hook would answer",
      { type: "match_test", tool: "Bash", input: { command: "git push --force origin" } },
      { result: { would_match: true, decision: "deny", matched_rule: { id: "no-force-push", type: "deny" } } },
    ],
    [
      "that the model would be consulted, without consulting it",
      { type: "match_test", tool: "Bash", input: "make" },
      { result: { would_match: false, decision: "passthrough", matched_rule: null, llm_consulted: "would_consult" } },
    ],
    [
      "many calls in their order",
      { type: "match_test", calls: ["git status", "make"].map((input) => ({ tool: "Bash", input })) },
      { result_count: 2, results: [{ decision: "allow" }, { decision: "passthrough" }] },
    ],
    [
      "the newest records of a decision",
      { type: "log", decision: "deny", last_n: 2 },
      {
        result_count: 2,
        results: [{ tool_input: { command: "git push 37" } }, { tool_input: { command: "git push 32" } }],
      },
    ],
    [
      "records sorted and skipped",
      { type: "log", sort: [{ field: "duration_us", order: "asc" }], limit: 1, offset: 1 },
      { results: [{ duration_us: 101, source: "rule" }] },
    ],
    [
      "records by nested tests",
      {
        type: "log",
        filter: { and: [{ field: "source", value: "none" }, { not: { field: "duration_us", op: "lt", value: 139 } }] },
      },
      { result_count: 1, results: [{ duration_us: 139, tier: "passthrough" }] },
    ],
    [
      "records in groups",
      { type: "log", aggregate: { group_by: "decision", sum: "duration_us", p95: "duration_us" }, limit: 1 },
      { results: [{ group: { decision: "allow" }, count: 16, sum: 1888 }] },
    ],
    [
      "what should be looked at again",
      { type: "log", needs_review: true, limit: 1 },
      { results: [{ duration_us: 135, review: ["llm_error"] }] },
    ],
    [
      "numbers",
      { type: "stats", since: "24h" },
      {
        result: {
          total_decisions: 40,
          by_decision: { allow: 16, deny: 8, ask: 8, passthrough: 8 },
          by_source: { rule: 32, none: 8 },
          top_denied_commands: [{ command: "git push", count: 8 }],
        },
      },
    ],
    [
      "what is alike",
      { type: "patterns", decision: "passthrough" },
      { result: { clusters: [{ pattern: "make", count: 8, examples: ["make"] }] } },
    ],
    [
      "what may run",
      { type: "entitlements", tool: "Read" },
      { result: { denied: [], rules: [{ id: "read-files", kind: "allow" }] } },
    ],
    ["one decision again", { type: "explain", id: "last" }, { result: { again: { decision: "passthrough" } } }],
    ["the newest session", { type: "session" }, { result: { session_id: "session-3", total_decisions: 10 } }],
    [
      "a period against the one before",
      { type: "digest", period: "month" },
      { result: { period: "month", figures: { decisions: 40, blocked: 8 }, blocked: [{ calls: 8 }] } },
    ],
    [
      "an empty period, said to be empty",
      { type: "digest", period: "month", last: true },
      {
        result: {
          figures: { decisions: 0, red: null },
          in_words: expect.arrayContaining([expect.stringMatching(/^Nothing was decided in this month/)]),
        },
      },
    ],
    ["shares", { type: "coverage" }, { result: { by_source: { rule: { count: 32, share: 0.8 } } } }],
    [
      "gaps, alike ones together",
      { type: "gaps", tool: "Bash" },
      {
        result: {
          total_decisions: 40,
          total_gaps: 8,
          suggestions: [
            {
              pattern: "make",
              count: 8,
              suggested_rule: null,
              why_none: expect.stringMatching(/\S/),
              replay: { calls: 8, covered: 0 },
            },
          ],
        },
      },
    ],
    [
      "two sessions side by side",
      { type: "compare" },
      {
        result: {
          a: { name: "last-1", total_decisions: 10 },
          b: { name: "last", total_decisions: 10 },
          differences: expect.arrayContaining([
            expect.objectContaining({ id: "blocked", a: 0.2, b: 0.2, more_than_chance: false }),
          ]),
          new_commands: [],
        },
      },
    ],
    [
      "a batch, each for itself",
      { queries: [{ type: "rule_count" }, { type: "nothing" }] },
      { result_count: 2, results: [{ result: { total: 4 } }, { error: { code: "unsupported_query_type" } }] },
    ],
  ])("%s", async (_, query, expected) => expect(await ask(query)).toMatchObject(expected));
});

it("counts a window like the same calls of the whole log", async () => {
  const [whole, window] = [await ask({ type: "stats" }), await ask({ type: "stats", since: "24h" })];
  expect(window).toEqual(whole);
  expect(await ask({ type: "coverage", since: "24h" })).toEqual(await ask({ type: "coverage" }));
});

describe("errors", () => {
  it.each([
    ["not an object", [], "invalid_query", undefined],
    ["no type", {}, "invalid_query", "type"],
    ["a misspelt type", { type: "statz" }, "unsupported_query_type", "type"],
    ["a misspelt key", { type: "log", lastn: 1 }, "invalid_query", "lastn"],
    ["a wrong value", { type: "log", decision: "alow" }, "invalid_query", "decision"],
    [
      "a field that no record has",
      { type: "log", filter: { and: [{ field: "tool_nam", value: 1 }] } },
      "invalid_query",
      "filter.and[0].field",
    ],
    ["a time that is none", { type: "stats", since: "some day" }, "invalid_query", "since"],
    ["a window that is upside down", { type: "stats", since: "1h", until: "2h" }, "invalid_query", "since"],
    ["a side that is no session", { type: "compare", a: "nope" }, "invalid_query", "a"],
    ["a side that is no window", { type: "compare", b: "some day.." }, "invalid_query", "b"],
    [
      "text for a tool without a main field",
      { type: "match_test", calls: [{ tool: "X", input: "y" }] },
      "invalid_query",
      "calls[0].input",
    ],
    ["a rule that is not", { type: "rule", id: "no-force-pus" }, "invalid_query", "id"],
    ["an empty batch", { queries: [] }, "invalid_query", "queries"],
  ])("%s", async (_, query, code, path) => {
    expect(await ask(query)).toMatchObject({
      error: { code, message: expect.stringMatching(/\S/), ...(path === undefined ? {} : { path }) },
    });
  });

  it.each([
    [{ type: "match_test", tool: "Bash" }, "`input` is missing"],
    [{ type: "log", filter: { field: "tool", op: "in" } }, "`filter.value` is missing"],
    [{ type: "match_test", tool: 5, input: {} }, "`tool` must be of type string"],
    [{ type: "log", decision: "alow" }, "`decision` is `alow`, which is none of its values"],
  ])("says in plain words what is wrong: %j", async (query, message) => {
    expect(await ask(query)).toMatchObject({ error: { message } });
  });

  it.each([
    [{ type: "explain" }, "or ask by `tool`"],
    [{ type: "entitlements" }, "or ask by `program` or `about`"],
  ])("says what else may be asked by: %j", async (query, hint) => {
    expect(await ask(query)).toMatchObject({ error: { hint } });
  });

  it("suggests what was meant", async () => {
    expect(await ask({ type: "log", decision: "alow" })).toMatchObject({ error: { hint: "did you mean `allow`?" } });
  });

  it("says that there is no log, and counts no hits then", async () => {
    const bare = queryWorld(null);
    expect(await ask({ type: "log" }, bare)).toMatchObject({ error: { code: "log_not_found" } });
    expect(await ask({ type: "rule", id: "ask-push" }, bare)).toMatchObject({ results: [{ hits: null }] });
  });

  it("says where a policy is broken", async () => {
    const broken = queryWorld(null, '[[deny]]\npatern = "Bash"\n');
    expect(await ask({ type: "config" }, broken)).toMatchObject({
      error: {
        code: "config_parse_error",
        message: expect.stringMatching(/config\.toml:2:1$/),
        details: expect.arrayContaining([expect.objectContaining({ line: 2 })]),
      },
    });
  });

  it("never throws, whatever it is asked", async () => {
    const types = ["config", "rule", "log", "match_test", "stats", "explain", "entitlements", "x"];
    const query = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .tuple(fc.constantFrom(...types), fc.dictionary(fc.string(), fc.jsonValue()))
        .map(([type, rest]) => JSON.stringify({ ...rest, type, "no such key": 1 })),
    );
    await fc.assert(
      fc.asyncProperty(query, async (text) => {
        expect(await runQuery(text, world)).toHaveProperty(
          "error.code",
          expect.stringMatching(/^(invalid_query|unsupported_query_type)$/),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("refuses what is nested too deep", async () => {
    const deep = `${'{"not":'.repeat(20_000)}1${"}".repeat(20_000)}`;
    expect(await runQuery(`{"type":"log","filter":${deep}}`, world)).toMatchObject({
      error: { code: "invalid_query" },
    });
  });
});

describe("gaps", () => {
  const MINUTE = 60_000;

  /** A call that no rule decided, and how it ended where somebody answered. */
  function gap(index: number, command: string, hoursAgo: number, session: string, answered = true): AuditRecord[] {
    const common = {
      v: 1,
      session_id: session,
      tool_name: "Bash",
      tool_use_id: `toolu_${index}`,
      project: "/work/shop",
      cwd: "/work/shop",
      home: "/home/dev",
      auto_promoted: false,
    } as const;
    const id = (part: number) => `019c1b4a-e31f-7399-bc4${part}-${String(index).padStart(12, "0")}`;
    const at = (ms: number) => new Date(NOW - hoursAgo * 60 * MINUTE + index * 1000 + ms).toISOString();
    const call: AuditRecord = {
      ...common,
      id: id(0),
      timestamp: at(0),
      event: "PreToolUse",
      tier: "passthrough",
      decision: "passthrough",
      commands: [command.split(" ").slice(0, 2).join(" ")],
      effect: "reads",
      tool_input: { command },
    };
    const outcome: AuditRecord = { ...common, id: id(1), timestamp: at(500), event: "PostToolUse", tool_success: true };
    return answered ? [call, outcome] : [call];
  }

  const inOrder = (records: readonly AuditRecord[]) => records.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
  const suggestionsOf = async (records: readonly AuditRecord[], policy?: string) => {
    const answer = await ask({ type: "gaps" }, queryWorld(inOrder(records), policy));
    return (answer as { result: unknown }).result as {
      total_gaps: number;
      suggestions: { suggested_rule: string | null; why_none?: string }[];
    };
  };
  const logs = (count: number, sessions: number, days: number, answered = true) =>
    Array.from({ length: count }, (_, index) =>
      gap(index, `git log -n ${index}`, 1 + (index % days) * 24, `session-${index % sessions}`, answered),
    ).flat();

  it("proposes a closed rule that history speaks for, tried on its own calls, and none for what is never proposed", async () => {
    const sudo = [30, 31, 32].flatMap((index) => gap(index, "sudo reboot", 1, "session-0"));
    const found = await suggestionsOf([...logs(12, 3, 2), ...sudo]);
    expect(found).toMatchObject({
      total_gaps: 15,
      suggestions: [
        { pattern: "git log", count: 12, risk: "low", replay: { calls: 12, decided_by_now: 0, covered: 12 } },
        { pattern: "sudo reboot", count: 3, suggested_rule: null, why_none: expect.stringMatching(/\S/) },
      ],
    });
    const [first, second] = found.suggestions;
    expect(compile(first?.suggested_rule ?? "").rules).toMatchObject([{ kind: "allow", cwd: ["/work/shop"] }]);
    expect(second?.why_none).not.toMatch(/too few/);
  });

  it.each([
    ["approvals", logs(7, 3, 2), "7 of these in 3 sessions on 2 days"],
    ["sessions", logs(12, 2, 2), "12 of these in 2 sessions on 2 days"],
    ["days", logs(12, 3, 1), "12 of these in 3 sessions on 1 days"],
    ["answers", logs(12, 3, 2, false), "0 of these in 0 sessions on 0 days"],
  ])("proposes nothing on too few %s", async (_, records, evidence) => {
    const [first] = (await suggestionsOf(records)).suggestions;
    expect(first).toMatchObject({
      suggested_rule: null,
      why_none: expect.stringContaining(`too few approvals yet: ${evidence}`),
    });
  });

  it("learns of several sessions though one made hundreds of such calls last", async () => {
    const last = Array.from({ length: 200 }, (_, index) => gap(100 + index, "git log -n 5", 1, "session-last"));
    const [first] = (await suggestionsOf([...logs(24, 6, 3), ...last.flat()])).suggestions;
    expect(first?.suggested_rule).toMatch(/^\[\[allow\]\]/);
  });

  it("tells of what is still open before what a rule decides by now", async () => {
    const closed = Array.from({ length: 20 }, (_, index) => gap(200 + index, "git status", 1, "session-0")).flat();
    const { suggestions } = await suggestionsOf([...logs(12, 3, 2), ...closed]);
    expect(suggestions).toMatchObject([
      { pattern: "git log", count: 12, replay: { decided_by_now: 0 } },
      { pattern: "git status", count: 20, why_none: "the policy in force decides these by now" },
    ]);
  });

  it("takes a call that a passthrough rule leaves alone for decided", async () => {
    const left = `${POLICY}\n[[passthrough]]\nname = "left"\npattern = "Bash(git log *)"\n`;
    const { suggestions } = await suggestionsOf(logs(12, 3, 2), left);
    expect(suggestions).toMatchObject([{ pattern: "git log", replay: { calls: 12, decided_by_now: 12, covered: 0 } }]);
  });

  it("judges no call twice, and answers the same when it remembers", async () => {
    const place = queryWorld(inOrder([...logs(12, 3, 2), ...gap(91, "sudo reboot", 1, "session-0")]));
    const asked: number[] = [];
    const judgements: QueryWorld["judgements"] = (policy) => {
      const memory = place.judgements(policy);
      return {
        ...memory,
        find: (kind, items, keyOf, load) =>
          memory.find(kind, items, keyOf, () => {
            asked.push(items.length);
            return load();
          }),
      };
    };
    const first = await ask({ type: "gaps" }, { ...place, judgements });
    const judged = asked.splice(0).reduce((sum, one) => sum + one, 0);
    expect(judged).toBe(13);
    expect(await ask({ type: "gaps" }, { ...place, judgements })).toEqual(first);
    expect(asked).toEqual([]);
  });

  it("proposes nothing where a person said no", async () => {
    const no = gap(90, "git log --all", 2, "session-1", false).map((record) => ({ ...record, attended: true }));
    const denied = no.map((record): AuditRecord => ({ ...record, tier: "user", decision: "deny" }));
    const [first] = (await suggestionsOf([...logs(12, 3, 2), ...denied])).suggestions;
    expect(first).toMatchObject({ refused: 1, suggested_rule: null, why_none: "a person refused such calls" });
  });
});
