/** Two sides of which every count is known, and what may be called more than chance. */
import { describe, expect, it } from "vitest";
import { buildComparison } from "../../src/analyze/compare/comparison.js";
import { differences } from "../../src/analyze/compare/differences.js";
import { reportSchema } from "../../src/analyze/report/report.schema.js";
import type { Scanned } from "../../src/analyze/scan/scan.js";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { decided } from "../cubes/log.js";
import { cellsIn, cubesOf, figuresIn, META, sectionIn } from "../sections/made.js";

const many = (from: number, count: number, fields: Partial<AuditRecord> = {}): Scanned[] =>
  Array.from({ length: count }, (_, n) => decided(from + n, `${from}-${n}`, fields));
const DENY = { decision: "deny", tier: "deny", rule_id: "no-force" } as const;

const compare = (a: readonly Scanned[], b: readonly Scanned[]) =>
  sectionIn(
    reportSchema.parse(buildComparison({ name: "one", cubes: cubesOf(a) }, { name: "other", cubes: cubesOf(b) }, META)),
    "compare",
  );

describe("US-15: two sides", () => {
  const section = compare(
    [...many(0, 90, { commands: ["git status", "old tool"] }), ...many(1000, 10, DENY)],
    [...many(5000, 60, { commands: ["git status", "new tool"] }), ...many(7000, 40, DENY)],
  );

  it("counts both and says what differs", () => {
    expect(figuresIn(section)).toMatchObject({ calls_a: 100, calls_b: 100 });
    const blocked = cellsIn(section, "differences", "what", "count_a", "count_b", "a", "b", "verdict");
    expect(blocked).toContainEqual(["blocked", 10, 40, "10.0 %", "40.0 %", "yes"]);
    expect(blocked.map(([what]) => what)).not.toContain("asked"); // nobody was, on either side
    expect(section.notes.join("\n")).toMatch(
      /blocked: 40\.0 % in B, 10\.0 % in A: higher by more than chance \(two-prop/,
    );
  });

  it("lists commands that are new and gone", () => {
    expect(cellsIn(section, "new_commands", "name", "calls")).toEqual([["new tool", 60]]);
    expect(cellsIn(section, "gone_commands", "name", "calls")).toEqual([["old tool", 90]]);
    expect(cellsIn(section, "denials", "name", "a", "b")).toEqual([["no-force", 10, 40]]);
  });

  it("calls nothing a difference that chance explains", () => {
    const same = compare([...many(0, 50), ...many(99, 5, DENY)], [...many(0, 50), ...many(99, 7, DENY)]);
    expect(figuresIn(same)["different"]).toBe(0);
    expect(same.notes[0]).toBe("Nothing differs by more than chance.");
  });

  it("says so when one side is empty", () => {
    expect(compare([], many(0, 3)).notes).toEqual(["Nothing was decided in A: there is nothing to compare."]);
  });
});

describe("many comparisons", () => {
  it("make each of them harder to call more than chance", () => {
    // p of about 0.03 alone.
    const [a, b] = [cubesOf([...many(0, 70), ...many(99, 30, DENY)]), cubesOf([...many(0, 55), ...many(99, 45, DENY)])];
    const blocked = differences(a, b).find(({ id }) => id === "blocked");
    expect(blocked?.test?.p).toBeCloseTo(0.02846, 4);
    expect(blocked?.p).toBeGreaterThan(0.05);
    expect(blocked?.isMoreThanChance).toBe(false);
  });

  it("latency by rank, not by its mean", () => {
    const timed = (us: number) => Array.from({ length: 40 }, (_, n) => decided(n, `t${n}`, { duration_us: us + n }));
    const hook = differences(cubesOf(timed(300)), cubesOf(timed(900))).find(({ id }) => id === "hook_time");
    expect([hook?.test?.test, hook?.isMoreThanChance]).toEqual(["rank sum", true]);
  });
});
