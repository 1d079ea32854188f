/** Highlights, llm, auto-rules, near misses, anomalies, trust, reroutes: small logs with every number worked out by hand. */
import { describe, expect, it } from "vitest";
import type { Scanned } from "../../src/analyze/scan/scan.js";
import { highlights } from "../../src/analyze/sections/highlights.js";
import { parseHistory } from "../../src/analyze/sections/history.js";
import { CallSample, REPLAYED, replayCalls } from "../../src/analyze/sections/replay.js";
import { UTC } from "../../src/analyze/zone.js";
import { COMMANDS } from "../../src/cli/commands.js";
import { decided, newestFirst, prompted, ran, record, START } from "../cubes/log.js";
import { cellsIn, cubesOf, DAY, figuresIn, reportOf, sectionIn } from "./made.js";

const MINUTE = 60_000;
const judged = (at: number, id: string, score: "GREEN" | "YELLOW" | "RED", ms: number) =>
  decided(at, id, {
    tier: "llm",
    decision: score === "RED" ? "deny" : "allow",
    llm_score: score,
    llm_latency_ms: ms,
    llm_model: "small",
  });

describe("trends", () => {
  /** Ten days of ten calls each; on day n `prompts[n]` of them are asked about. */
  const days = (prompts: readonly number[]): Scanned[] =>
    prompts.flatMap((many, day) =>
      Array.from({ length: 10 }, (_, call): Scanned[] => {
        const at = day * DAY + call * MINUTE;
        const id = `d${day}c${call}`;
        const asked = prompted(at + 5, { input_hash: id });
        return [decided(at, id, { input_hash: id }), ...(call < many ? [asked] : [])];
      }).flat(),
    );

  it("say that prompts fall, with the slope and its interval (US-3)", () => {
    const section = sectionIn(reportOf(days([9, 8, 8, 6, 6, 5, 4, 3, 2, 1])), "trends");
    expect(figuresIn(section)).toMatchObject({ days: 10, prompt_rate: 0.52 });
    const [slope, low, high] = ["prompt_slope", "prompt_slope_low", "prompt_slope_high"].map((id) =>
      Number(section.figures[id]?.value),
    );
    expect(slope).toBeCloseTo(-0.09, 1);
    expect([Number(low) <= Number(slope), Number(slope) <= Number(high), Number(high) < 0]).toEqual([true, true, true]);
    expect(section.notes).toEqual(["Prompts per call are falling by more than chance."]);
  });

  it("see no trend in noise", () => {
    const section = sectionIn(reportOf(days([5, 4, 6, 5, 4, 6, 5, 5])), "trends");
    expect(section.notes[0]).toContain("no trend beyond chance");
  });

  it("show empty days, and weeks as sums", () => {
    const log = [decided(0, "a"), decided(3 * DAY, "b", { tier: "ask", decision: "ask" }), decided(7 * DAY, "c")];
    const section = sectionIn(
      reportOf([...log, record(DAY, { event: "rule_promoted", promoted_rule: "r" })]),
      "trends",
    );
    expect(cellsIn(section, "by_day", "name", "calls", "tier_allow", "tier_ask", "promotions")).toEqual([
      ["2026-11-23", 1, 1, 0, 0],
      ["2026-11-22", 0, 0, 0, 0],
      ["2026-11-21", 0, 0, 0, 0],
      ["2026-11-20", 0, 0, 0, 0],
      ["2026-11-19", 1, 0, 1, 0],
      ["2026-11-18", 0, 0, 0, 0],
      ["2026-11-17", 0, 0, 0, 1],
      ["2026-11-16", 1, 1, 0, 0],
    ]);
    expect(cellsIn(section, "by_week", "name", "calls", "promotions")).toEqual([
      ["2026-11-23", 1, 0],
      ["2026-11-16", 2, 1],
    ]);
  });
});

describe("llm", () => {
  it("rates and percentiles", () => {
    const log = [
      ...Array.from({ length: 8 }, (_, n) => judged(n * MINUTE, `g${n}`, "GREEN", 100 + n)),
      judged(20 * MINUTE, "red", "RED", 120),
      decided(21 * MINUTE, "slow", { tier: "error", decision: "error_passthrough", llm_error: "deadline exceeded" }),
    ];
    const section = sectionIn(reportOf(log), "llm");
    expect(figuresIn(section)).toEqual({
      consulted: 10,
      failed: 0.1,
      timeouts: 0.1,
      cached: 0,
      unsure: 0,
      disagreement: null,
      p50: 104,
      p90: 120,
      p95: 120,
      p99: 120,
    });
    expect(cellsIn(section, "failures", "error", "calls")).toEqual([["deadline exceeded", 1]]);
  });

  it("what people answered against it, in dialogs and in review", () => {
    const asked = { tier: "llm", decision: "ask", llm_score: "YELLOW" } as const;
    const inDialog = (at: number, id: string, score: "GREEN" | "YELLOW", ...after: readonly Scanned[]): Scanned[] => [
      decided(at, id, { tier: "llm", ...(score === "YELLOW" ? asked : { llm_score: score }), input_hash: id }),
      prompted(at + 1, { input_hash: id }),
      ...after,
    ];
    const reviewed = (at: number, reason: string) => record(at, { event: "review", llm_score: "YELLOW", reason });
    const log = [
      ...inDialog(0, "run as it was", "YELLOW", ran(5, "run as it was", { input_hash: "run as it was" })),
      ...inDialog(10, "another form ran", "YELLOW", ran(15, "another form ran", { input_hash: "other" })),
      ...inDialog(20, "asked all the same, ran", "GREEN", ran(25, "asked all the same, ran")),
      ...inDialog(30, "asked all the same, refused", "GREEN"),
      record(40, { event: "UserPromptSubmit" }),
      judged(50, "nobody was asked", "GREEN", 1),
      ran(55, "nobody was asked"),
      ...inDialog(60, "not answered yet", "YELLOW"),
      decided(70, "no verdict", {
        tier: "ask",
        decision: "ask",
        llm_error: "llm-timeout: no answer",
        input_hash: "none",
      }),
      prompted(71, { input_hash: "none" }),
      ran(72, "no verdict"),
      reviewed(80, "approved r0: rule `x`"),
      reviewed(81, "rejected r10"),
      reviewed(82, "a note of another tool"),
    ];
    const section = sectionIn(reportOf(log), "llm");
    expect(cellsIn(section, "answers", "llm", "answered", "against", "calls").toSorted()).toEqual([
      ["GREEN", "as-called", "", 1],
      ["GREEN", "refused", "yes", 1],
      ["YELLOW", "another", "", 1],
      ["YELLOW", "approved", "yes", 1],
      ["YELLOW", "as-called", "yes", 1],
      ["YELLOW", "rejected", "", 1],
    ]);
    expect(section.figures["disagreement"]?.value).toBe(0.5);
  });

  it("is no data when the model was not consulted", () => {
    const section = sectionIn(reportOf([decided(0, "a")]), "llm");
    expect(new Set(Object.values(figuresIn(section)))).toEqual(new Set([null]));
    expect(section.notes).toHaveLength(1);
  });
});

describe("reroutes", () => {
  const reroute = {
    mode: "reroute",
    original_input: { command: "rm -r x" },
    alternative_input: { command: "trash x" },
    matched_rules: ["t"],
    rationale: "",
  } as const;
  const called = (at: number, id: string, more: object = {}) =>
    decided(at, id, {
      tier: "reroute",
      decision: "rerouted",
      reroute: { ...reroute, ...more },
      input_hash: "original",
      tool_input: { command: "rm -r x" },
    });

  it("tell the alternative, and where the original ran all the same", () => {
    const log = [
      called(0, "a"),
      ran(10, "a", { input_hash: "changed" }),
      called(20, "b"),
      ran(30, "b", { input_hash: "original" }),
    ];
    const section = sectionIn(reportOf(log), "reroutes");
    expect(figuresIn(section)).toEqual({ proposed: 2, rerouted: 2, kept: 0, mismatches: 1 });
    expect(cellsIn(section, "reroutes", "ran", "calls", "call", "alternative")).toEqual([
      ["original", 1, "rm -r x", "trash x"],
      ["other", 1, "rm -r x", "trash x"],
    ]);
    expect(section.notes[0]).toContain("reroute_mismatch");
  });

  it("tell by the alternative's hash whether it is what ran", () => {
    const hashed = (at: number, id: string) => called(at, id, { alternative_hash: "alternative" });
    const log = [
      hashed(0, "a"),
      ran(10, "a", { input_hash: "alternative" }),
      hashed(20, "b"),
      ran(30, "b", { input_hash: "something else" }),
    ];
    const section = sectionIn(reportOf(log), "reroutes");
    expect(figuresIn(section)).toMatchObject({ rerouted: 2, mismatches: 1 });
    expect(cellsIn(section, "reroutes", "ran", "calls")).toEqual([
      ["alternative", 1],
      ["neither", 1],
    ]);
  });
});

describe("anomalies", () => {
  const quiet = Array.from({ length: 9 }, (_, day) => [
    decided(day * DAY, `q${day}`, { commands: ["git status"], duration_us: 900 }),
    decided(day * DAY + MINUTE, `d${day}`, { decision: "deny", tier: "deny", duration_us: 900 }),
  ]).flat();

  it("find a burst of denials by its hour", () => {
    const burst = Array.from({ length: 12 }, (_, n) =>
      decided(8 * DAY + 14 * 60 * MINUTE + n, `b${n}`, { decision: "deny", tier: "deny" }),
    );
    const section = sectionIn(reportOf([...quiet, ...burst]), "anomalies");
    expect(cellsIn(section, "bursts", "day", "hour", "calls")).toEqual([["2026-11-24", "23", 12]]);
    expect(section.tables["bursts"]?.about).toBe("More than 6 blocked calls in an hour.");
    expect(cellsIn(section, "unusual_hours", "day", "hour", "calls")).toEqual([]); // one of nine days is more than 10 %
  });

  it("find a slow day of the hook", () => {
    const slow = Array.from({ length: 30 }, (_, n) => decided(9 * DAY + n, `s${n}`, { duration_us: 90_000 }));
    const section = sectionIn(reportOf([...quiet, ...slow]), "anomalies");
    expect(cellsIn(section, "slow_hook_days", "day", "threshold")).toEqual([["2026-11-25", 2903]]);
  });

  it("name programs and domains that are new against the window before", () => {
    const now = [
      decided(DAY, "n", {
        commands: ["curl", "git push"],
        tool_input: { command: "curl https://u:p@New.example:8/x https://$H/y" },
      }),
      decided(DAY + 5, "o", { tool_name: "WebFetch", tool_input: { url: "https://old.example/" } }),
    ];
    const previous = cubesOf([
      decided(0, "p", { commands: ["git status"] }),
      decided(5, "w", { tool_name: "WebFetch", tool_input: { url: "http://OLD.example" } }),
    ]);
    const section = sectionIn(reportOf(now, { evidence: { previous } }), "anomalies");
    expect(cellsIn(section, "new_programs", "name")).toEqual([["curl"]]);
    expect(cellsIn(section, "new_domains", "name")).toEqual([["new.example"]]);
    expect(figuresIn(sectionIn(reportOf(now), "anomalies"))).toMatchObject({ new_programs: null, new_domains: null });
  });

  it("warn when too much is left alone, but not over a handful of calls", () => {
    const left = (many: number) =>
      Array.from({ length: many }, (_, n) => decided(n, `l${n}`, { decision: "passthrough", tier: "passthrough" }));
    expect(sectionIn(reportOf(left(50)), "anomalies").notes).toHaveLength(1);
    expect(sectionIn(reportOf(left(49)), "anomalies").notes).toHaveLength(0);
  });
});

describe("trust", () => {
  it("joins the log's changes with the history, and says what each policy decided (US-17)", () => {
    const log = [
      decided(0, "a", { policy_hash: "old", decision: "ask", tier: "ask" }),
      record(10, { event: "rule_promoted", promoted_rule: "auto-x", policy_hash: "new", reason: "three verdicts" }),
      decided(20, "b", { policy_hash: "new" }),
    ];
    const history = parseHistory(
      [
        `{"timestamp":"${new Date(START + 11).toISOString()}","event":"rule_promoted","rule":"auto-x"}`,
        `{"timestamp":"${new Date(START + 30).toISOString()}","event":"rule_revoked","rule":"auto-y","by":"dana"}`,
        "torn",
      ].join("\n"),
    );
    const section = sectionIn(reportOf(log, { evidence: { history } }), "trust");
    expect(cellsIn(section, "changes", "event", "rule", "why", "by")).toEqual([
      ["rule_revoked", "auto-y", null, "dana"],
      ["rule_promoted", "auto-x", "three verdicts", null],
    ]);
    expect(cellsIn(section, "policies", "policy", "calls", "asked")).toEqual([
      ["new", 1, 0],
      ["old", 1, 1],
    ]);
    expect(section.notes).toEqual(["1 lines of the history could not be used."]);
  });
});

describe("judging again", () => {
  const log = [
    decided(0, "a", { input_hash: "1" }),
    decided(5, "b", { input_hash: "1" }),
    decided(9, "c", { input_hash: "2", decision: "deny", tier: "deny" }),
    decided(12, "d", { input_hash: "3" }),
  ];
  const sample = new CallSample(() => true);
  for (const one of newestFirst(log)) sample.line(one);
  const replay = replayCalls(sample.calls, ({ input_hash: hash }) => {
    if (hash === "3") return null;
    const isDenied = hash === "2";
    return {
      decision: isDenied ? "deny" : "allow",
      decidedBy: isDenied ? "no" : "yes",
      allows: isDenied ? ["yes", "never"] : ["yes"],
      nearMisses: isDenied ? [] : [{ rule: "near", kind: "deny", failed: "flags_all: -f is absent" }],
    };
  });

  it("passes every record on and judges each distinct call once", () => {
    expect([replay.judged, replay.skipped]).toEqual([2, 1]);
    const many = Array.from({ length: REPLAYED + 9 }, (_, n) => decided(n, `m${n}`, { input_hash: `h${n}` }));
    const large = new CallSample(() => true);
    for (const one of many) large.line(one);
    expect(large.calls).toHaveLength(REPLAYED);
  });

  it("shadowed: only a rule that never came through", () => {
    const section = sectionIn(reportOf(log, { evidence: { replay } }), "rules");
    expect(cellsIn(section, "shadowed", "rule", "calls", "by")).toEqual([["never", 1, "no"]]);
    expect(figuresIn(section)["shadowed"]).toBe(1);
  });

  it("near misses, with what kept the rule from applying", () => {
    const section = sectionIn(reportOf(log, { evidence: { replay } }), "near-misses");
    expect(cellsIn(section, "rules", "rule", "failed", "calls")).toEqual([["near", "flags_all: -f is absent", 1]]);
    expect(section.notes[0]).toContain("A sample");
  });
});

describe("highlights", () => {
  const log = [
    decided(0, "a", { decision: "ask", tier: "ask", rule_id: "asks" }),
    decided(1, "b", { decision: "passthrough", tier: "passthrough", commands: ["make it's"] }),
    decided(2, "c", { decision: "passthrough", tier: "passthrough", commands: ["make it's"] }),
    decided(3, "d", { decision: "error_passthrough", tier: "error" }),
    judged(4, "e", "RED", 100),
    judged(5, "f", "RED", 100),
  ];

  it("what could do harm first, then by calls; three of them", () => {
    const section = sectionIn(reportOf(log), "highlights");
    expect(cellsIn(section, "advice", "place", "calls", "command")).toEqual([
      [1, 2, "claude-permit list --tier llm --decision deny"],
      [2, 1, "claude-permit list --decision error_passthrough"],
      [3, 2, "claude-permit test 'make it'\\''s'"],
    ]);
    expect(figuresIn(section)).toEqual({ found: 4 });
  });

  it("a gap is one that the policy in force still leaves, and a suggestion comes before it", () => {
    const left = (name: string, calls: number, closed: number) =>
      ({ tool: "Bash", name, calls, closed, rule: "", effects: new Map(), deciders: new Map(), samples: [] }) as never;
    const gaps = { clusters: [left("make", 9, 9), left("deploy", 5, 1)], causes: [] } as never;
    const adviceWith = (evidence: object) =>
      cellsIn(
        highlights.build({ cubes: cubesOf(log.slice(0, 3)), zone: UTC, limit: 9, ...evidence }),
        "advice",
        "about",
        "calls",
        "command",
      );
    expect(adviceWith({ gaps })).toContainEqual(["deploy", 4, "claude-permit gaps"]);
    const suggestions = { suggestions: [{ name: "allow-deploy", calls: 3, prompts: 2 }] } as never;
    expect(adviceWith({ gaps, suggestions })).toContainEqual([
      "allow-deploy",
      3,
      "claude-permit suggest --apply allow-deploy",
    ]);
  });

  it("name only commands that exist", () => {
    const known = COMMANDS.map(({ name }) => name);
    for (const [command] of cellsIn(sectionIn(reportOf(log), "highlights"), "advice", "command")) {
      expect(known).toContain(String(command).split(" ")[1]);
    }
  });
});
