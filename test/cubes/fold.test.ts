import { describe, expect, it } from "vitest";
import type { MeasureName } from "../../src/analyze/cubes/definitions.js";
import { type Cubes, count, foldRecords, rowsOf } from "../../src/analyze/cubes/fold.js";
import type { RecordFilter, Scanned, Window } from "../../src/analyze/scan/scan.js";
import { UTC } from "../../src/analyze/zone.js";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { bad, decided, newestFirst, prompted, ran, record, START } from "./log.js";

const MINUTE = 60_000;

interface Options {
  readonly window?: Window;
  readonly filter?: RecordFilter;
  readonly distinctLimit?: number;
}

function fold(written: readonly Scanned[], options: Options = {}): Cubes {
  return foldRecords(newestFirst(written), { window: {}, zone: UTC, now: START + 86_400_000, ...options });
}

function totals(cubes: Cubes, ...measures: readonly MeasureName[]): Record<string, number> {
  const row = rowsOf(cubes, "totals")[0];
  return Object.fromEntries(measures.map((name) => [name, count(row, name)]));
}

const prompts = (cubes: Cubes) => count(rowsOf(cubes, "prompts")[0], "calls");

describe("decisions", () => {
  const rows: readonly [string, readonly Scanned[], number, string][] = [
    ["one call, one decision", [decided(0, "a")], 1, "allow"],
    ["a copy collapses", [decided(0, "a"), decided(40, "a")], 1, "allow"],
    ["of copies the strictest wins", [decided(0, "a", { decision: "deny", tier: "deny" }), decided(9, "a")], 1, "deny"],
    ["whatever the order", [decided(0, "a"), decided(9, "a", { decision: "deny", tier: "deny" })], 1, "deny"],
    ["copies ten minutes apart collapse", [decided(0, "a"), decided(10 * MINUTE, "a")], 1, "allow"],
    ["later than that they do not", [decided(0, "a"), decided(10 * MINUTE + 1, "a")], 2, "allow"],
    ["other agents are other calls", [decided(0, "a"), decided(1, "a", { agent_id: "g" })], 2, "allow"],
    ["other sessions are other calls", [decided(0, "a"), decided(1, "a", { session_id: "s2" })], 2, "allow"],
    ["without an id each record counts", [noId(0), noId(1)], 2, "allow"],
    ["auto mode's denial is the stricter answer to a call left alone", autoDenied(), 1, "deny"],
    ["an unknown decision is no decision", [decided(0, "a", undecidedFields())], 0, ""],
  ];

  it.each(rows)("%s", (_, written, calls, decision) => {
    const cubes = fold(written);
    expect(totals(cubes, "calls")).toEqual({ calls });
    expect(new Set(rowsOf(cubes, "deciders").map((row) => row.keys.decision))).toEqual(
      new Set(decision === "" ? [] : [decision]),
    );
  });

  it("counts what it collapsed and what said no decision", () => {
    const cubes = fold([decided(0, "a"), decided(1, "a"), decided(2, "a"), decided(3, "b", undecidedFields())]);
    expect(cubes.quality).toMatchObject({ copies: 2, undecided: 1 });
  });

  it("sorts every decision into one of five answers", () => {
    const each = ["allow", "rerouted", "ask", "deny", "passthrough", "error_passthrough"] as const;
    const cubes = fold(each.map((decision, index) => decided(index, `c${index}`, { decision })));
    expect(totals(cubes, "calls", "approved", "asked", "blocked", "left_alone", "unsafe")).toEqual({
      calls: 6,
      approved: 2,
      asked: 1,
      blocked: 1,
      left_alone: 1,
      unsafe: 1,
    });
  });

  it("a prompt that a hook answered is a decision in logs without ids", () => {
    const answered = prompted(5, { decision: "deny", tier: "deny" });
    const silent = prompted(9, { decision: "passthrough", tier: "passthrough" });
    const cubes = fold([noId(0), answered, silent]);
    expect(totals(cubes, "calls", "blocked")).toEqual({ calls: 2, blocked: 1 });
  });

  it("but not where the call itself is known by id", () => {
    const cubes = fold([
      decided(0, "a", { decision: "ask", tier: "ask" }),
      prompted(5, { decision: "ask", tier: "ask" }),
    ]);
    expect(totals(cubes, "calls", "asked")).toEqual({ calls: 1, asked: 1 });
    expect(prompts(cubes)).toBe(1);
  });

  it("survives a record from another day in the middle", () => {
    const stray = decided(-86_400_000 * 3, "stray");
    const cubes = fold([decided(0, "a"), decided(1, "b"), stray, decided(30, "a"), decided(31, "b")]);
    expect(totals(cubes, "calls")).toEqual({ calls: 3 });
    expect(cubes.quality).toMatchObject({ copies: 2, outOfOrder: 1 });
  });
});

describe("outcomes", () => {
  it("are joined by id, success and failure", () => {
    const failed = ran(70, "b", { event: "PostToolUseFailure", tool_success: false, tool_duration_ms: 40 });
    const cubes = fold([
      decided(0, "a"),
      decided(1, "b"),
      ran(50, "a", { tool_duration_ms: 20 }),
      failed,
      decided(99, "c"),
    ]);
    expect(totals(cubes, "succeeded", "failed")).toEqual({ succeeded: 1, failed: 1 });
    expect(rowsOf(cubes, "tool_time").map((row) => row.keys.tool_ms_bucket)).toEqual(
      expect.arrayContaining(["20", "40"]),
    );
  });

  it("wait for their call however long it ran", () => {
    const others = Array.from({ length: 500 }, (_, index) => decided(MINUTE + index, `x${index}`));
    const cubes = fold([decided(0, "long"), ...others, ran(300 * MINUTE, "long")]);
    expect(totals(cubes, "calls", "succeeded")).toEqual({ calls: 501, succeeded: 1 });
  });

  it("are found when they stand before their call", () => {
    expect(totals(fold([ran(0, "a"), decided(1, "a")]), "calls", "succeeded")).toEqual({ calls: 1, succeeded: 1 });
  });

  it("count once when the hook is registered twice", () => {
    const cubes = fold([decided(0, "a"), decided(1, "a"), ran(5, "a"), ran(6, "a")]);
    expect(totals(cubes, "calls", "succeeded")).toEqual({ calls: 1, succeeded: 1 });
    expect(cubes.quality.outcomesAlone).toBe(0);
  });

  it("without a call are counted apart", () => {
    expect(fold([ran(0, "gone"), decided(1, "a")]).quality.outcomesAlone).toBe(1);
  });

  it("of a batch say that a call ran, not how it ended", () => {
    const batch = ran(5, "a", { event: "PostToolBatch" });
    if (batch.kind !== "record") throw new Error("no record");
    const { tool_success: _, ...rest } = batch.record;
    expect(totals(fold([decided(0, "a"), { ...batch, record: rest }]), "succeeded", "failed")).toEqual({
      succeeded: 0,
      failed: 0,
    });
  });
});

describe("prompts and refusals", () => {
  const ask = { decision: "passthrough", tier: "passthrough" } as const;
  const end = (at: number) => record(at, { event: "UserPromptSubmit" });
  const rows: readonly [string, readonly Scanned[], number, number][] = [
    ["asked, ran", [decided(0, "a", ask), prompted(1), ran(9, "a"), end(20)], 1, 0],
    ["asked, did not run, next prompt came", [decided(0, "a", ask), prompted(1), end(20)], 1, 1],
    [
      "asked, did not run, session ended",
      [decided(0, "a", ask), prompted(1), record(9, { event: "SessionEnd" })],
      1,
      1,
    ],
    ["still open: not known", [decided(0, "a", ask), prompted(1)], 1, 0],
    [
      "another session's end tells nothing",
      [decided(0, "a", ask), prompted(1), record(9, { event: "SessionEnd", session_id: "s2" })],
      1,
      0,
    ],
    ["not asked, did not run", [decided(0, "a", ask), end(20)], 0, 0],
    [
      "headless: nobody was asked",
      [decided(0, "a", { ...ask, attended: false }), prompted(1, { attended: false }), end(20)],
      0,
      0,
    ],
    ["a batch saw it", [decided(0, "a", ask), prompted(1), ran(9, "a", { event: "PostToolBatch" }), end(20)], 1, 0],
    ["auto mode refused it", [...autoDenied(), prompted(3), end(20)], 1, 0],
    ["registered twice", [decided(0, "a", ask), decided(1, "a", ask), prompted(2), prompted(3), end(20)], 1, 1],
    [
      "asked twice for the same",
      [decided(0, "a", ask), prompted(1), ran(5, "a"), decided(6, "b", ask), prompted(7), end(9)],
      2,
      1,
    ],
    ["a prompt whose call is not in the log", [prompted(1), end(20)], 1, 0],
    [
      "an alternative was offered",
      [
        decided(0, "a", { decision: "ask", tier: "llm", tool_input: { command: "x" } }),
        prompted(1, { tool_input: { command: "y" } }),
        end(5),
      ],
      1,
      1,
    ],
    [
      "another call's prompt is not taken",
      [
        decided(0, "a", { ...ask, tool_input: { command: "x" } }),
        prompted(1, { tool_input: { command: "y" } }),
        end(5),
      ],
      1,
      0,
    ],
  ];

  it.each(rows)("%s", (_, written, expectedPrompts, rejected) => {
    const cubes = fold(written);
    expect({ prompts: prompts(cubes), ...totals(cubes, "rejected") }).toEqual({ prompts: expectedPrompts, rejected });
  });

  it("counts copies of prompts", () => {
    const cubes = fold([decided(0, "a", ask), decided(1, "a", ask), prompted(2), prompted(3)]);
    expect(cubes.quality).toMatchObject({ copies: 1, promptCopies: 1 });
  });
});

describe("prompts saved", () => {
  const rows: readonly [string, Partial<AuditRecord>, number][] = [
    ["our allow of a write in default mode", { effect: "writes-project" }, 1],
    ["a reroute of ours", { effect: "runs-code", decision: "rerouted", tier: "reroute" }, 1],
    ["the model's allow", { effect: "network", tier: "llm" }, 1],
    ["a read never asks", { effect: "reads" }, 0],
    ["a project edit in acceptEdits does not ask", { effect: "writes-project", permission_mode: "acceptEdits" }, 0],
    ["running code in acceptEdits does", { effect: "runs-code", permission_mode: "acceptEdits" }, 1],
    ["plan mode asks", { effect: "network", permission_mode: "plan" }, 1],
    ["auto mode does not ask", { effect: "network", permission_mode: "auto" }, 0],
    ["bypass mode does not ask", { effect: "network", permission_mode: "bypassPermissions" }, 0],
    ["nobody to ask in a headless session", { effect: "network", attended: false }, 0],
    ["Claude Code's own allow is not ours", { effect: "network", tier: "claude_rule" }, 0],
    ["an imported allow is not ours", { effect: "network", imported_from: "transcript" }, 0],
    ["a denial saves nothing", { effect: "network", decision: "deny", tier: "deny" }, 0],
    ["without an effect the tool tells: Bash", {}, 1],
    ["without an effect the tool tells: Read", { tool_name: "Read" }, 0],
  ];

  it.each(rows)("%s", (_, fields, saved) =>
    expect(totals(fold([decided(0, "a", fields)]), "saved")).toEqual({ saved }),
  );
});

describe("windows, filters and bounds", () => {
  const week = [decided(0, "a"), ran(5, "a"), decided(MINUTE, "b"), decided(2 * MINUTE, "c"), ran(3 * MINUTE, "c")];

  it.each([
    [{}, 3],
    [{ since: START + 1 }, 2],
    [{ since: START, until: START + MINUTE }, 1],
    [{ until: START + MINUTE + 1 }, 2],
    [{ since: START + 3 * MINUTE }, 0],
  ])("counts calls inside %j", (window, calls) => expect(totals(fold(week, { window }), "calls")).toEqual({ calls }));

  it("joins an outcome from after the window's end", () => {
    const cubes = fold(week, { window: { until: START + 2 * MINUTE + 1 } });
    expect(totals(cubes, "calls", "succeeded")).toEqual({ calls: 3, succeeded: 2 });
  });

  it("a call belongs to the window of its newest record", () => {
    const copies = [decided(0, "a"), decided(20, "a")];
    expect(totals(fold(copies, { window: { since: START + 10 } }), "calls")).toEqual({ calls: 1 });
    expect(totals(fold(copies, { window: { until: START + 10 } }), "calls")).toEqual({ calls: 0 });
  });

  it.each<[RecordFilter, number]>([
    [{ tool: "Read" }, 1],
    [{ session: "s2" }, 1],
    [{ decision: "deny" }, 1],
    [{ tier: "deny" }, 1],
    [{ rule: "no-x" }, 1],
    [{ rule: "part" }, 1],
    [{ project: "/p" }, 1],
    [{ tool: "Bash", session: "s2" }, 0],
  ])("filters by %j", (filter, calls) => {
    const log = [
      decided(0, "a", { rule_ids: ["whole", "part"], rule_id: "whole" }),
      decided(1, "b", { tool_name: "Read", session_id: "s2", project: "/p" }),
      decided(2, "c", { decision: "deny", tier: "deny", rule_id: "no-x" }),
    ];
    expect(totals(fold(log, { filter }), "calls")).toEqual({ calls });
  });

  const commandsOf = (cubes: ReturnType<typeof fold>) =>
    Object.fromEntries(rowsOf(cubes, "commands").map((row) => [row.keys.command, row.values.calls]));

  it("keeps the largest apart, puts what exceeds the distinct limit into one cell and says how much", () => {
    const names = [..."abcdefghij", "b", "h", "h", "i"];
    const written = names.map((name, n) => decided(n, `c${n}`, { commands: [name] }));
    const cubes = fold(written, { distinctLimit: 4 });
    expect(commandsOf(cubes)).toEqual({ h: 3, b: 2, i: 2, a: 1, "(other)": 6 });
    expect(cubes.quality.folded).toEqual([{ dimension: "command", kept: 4, met: 6 }]);
  });

  it("forgets values only when there are ten times as many, and then says so all the same", () => {
    const written = Array.from({ length: 50 }, (_, n) => decided(n, `c${n}`, { commands: [`cmd ${n}`] }));
    const cubes = fold(written, { distinctLimit: 4 });
    expect(commandsOf(cubes)).toEqual({ "cmd 10": 1, "cmd 11": 1, "cmd 12": 1, "cmd 13": 1, "(other)": 46 });
    expect(cubes.quality.folded).toEqual([{ dimension: "command", kept: 4, met: 46 }]);
  });

  it("counts every line, also the unusable ones, with their places", () => {
    const cubes = fold([decided(0, "a"), bad(7), decided(9, "b", { redacted: 2, input_truncated: true })]);
    expect(cubes.quality).toMatchObject({
      lines: 3,
      records: 2,
      unusable: 1,
      byProblem: { "not-json": 1 },
      badLines: [{ problem: "not-json", at: "/home/u/audit.jsonl:7", length: 7, excerpt: "{broken" }],
      truncated: 1,
      redacted: 1,
      secrets: 2,
    });
  });

  it("closes calls as time goes down, and no single wrong clock hurries it", () => {
    // Each call is written again five minutes later; every other record is a year old, some are a year ahead.
    const calls = Array.from({ length: 2_000 }, (_, n) => decided(n * 100, `c${n}`));
    const copies = calls.map((_, n) => decided(n * 100 + 5 * MINUTE, `c${n}`));
    const year = 365 * 86_400_000;
    const written = [...calls, ...copies]
      .sort((a, b) => timeOf(a) - timeOf(b))
      .flatMap((one, n) => [one, decided(n % 100 === 7 ? year : -year, `stray${n}`)]);
    const cubes = fold(written);
    expect(totals(cubes, "calls")).toEqual({ calls: 6_000 });
    expect(cubes.quality).toMatchObject({ copies: 2_000, closedEarly: 0 });
  });

  it("keeps no more than a fixed number of calls open, and says when that may have cost", () => {
    const many = Array.from({ length: 25_000 }, (_, n) => decided(n, `c${n}`));
    const cubes = fold(many);
    expect(totals(cubes, "calls")).toEqual({ calls: 25_000 });
    expect(cubes.quality.closedEarly).toBeGreaterThan(0);
  });
});

describe("keys", () => {
  it("counts a call once for each of its commands, paths and rules", () => {
    const call = decided(0, "a", {
      commands: ["git add", "git commit", "git add"],
      paths: ["src/a.ts", "/home/u/b", "~/c", "./d"],
      cwd: "/home/u/p",
      home: "/home/u",
      rule_id: "r1",
      rule_ids: ["r1", "r2"],
    });
    const cubes = fold([call]);
    const keys = (name: "commands" | "paths" | "rules", key: "command" | "path" | "rule") =>
      rowsOf(cubes, name).map((row) => row.keys[key]);
    expect(keys("commands", "command")).toEqual(["git add", "git commit"]);
    expect(keys("paths", "path")).toEqual(["~/p/src/a.ts", "~/b", "~/c", "~/p/d"]);
    expect(keys("rules", "rule")).toEqual(["r1", "r2"]);
  });

  it("keeps the newest places of a denial", () => {
    const deny = (at: number) =>
      decided(at, `d${at}`, {
        decision: "deny",
        tier: "deny",
        rule_id: "no-x",
        rule_source: "config.toml:4",
        reason: "not here",
        tool_input: { command: `x ${at}` },
      });
    const [row] = rowsOf(fold([deny(1), deny(2), deny(3), deny(4)]), "denials");
    expect(row?.samples.map(({ at, subject }) => [at, subject])).toEqual([
      ["/home/u/audit.jsonl:4", "x 4"],
      ["/home/u/audit.jsonl:3", "x 3"],
      ["/home/u/audit.jsonl:2", "x 2"],
    ]);
    expect(row?.samples[0]).toMatchObject({ reason: "not here", ruleSource: "config.toml:4", session: "s1" });
    expect(row?.values).toEqual({ calls: 4, first: START + 1, last: START + 4 });
  });

  it("knows former tool names", () => {
    expect(rowsOf(fold([decided(0, "a", { tool_name: "Task" })]), "tools")[0]?.keys.tool).toBe("Agent");
  });
});

function noId(at: number): Scanned {
  const scanned = decided(at, "");
  if (scanned.kind !== "record") return scanned;
  const { tool_use_id: _, ...rest } = scanned.record;
  return { ...scanned, record: rest };
}

function autoDenied(): Scanned[] {
  return [
    decided(0, "a", { decision: "passthrough", tier: "passthrough", permission_mode: "auto" }),
    record(2, { event: "PermissionDenied", tier: "auto_mode", decision: "deny", tool_name: "Bash", tool_use_id: "a" }),
  ];
}

/** A PreToolUse record of a kind this version does not know. */
function undecidedFields(): Partial<AuditRecord> {
  return { decision: "promotion_blocked" };
}

function timeOf(scanned: Scanned): number {
  return scanned.kind === "record" ? scanned.timeMs : 0;
}
