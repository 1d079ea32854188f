import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CUBES, type CubeDefinition } from "../../src/analyze/cubes/definitions.js";
import type { Fact, Sample, Sampled } from "../../src/analyze/cubes/fact.js";
import { FactGroups } from "../../src/analyze/cubes/fact-groups.js";
import { FactRow } from "../../src/analyze/cubes/fact-row.js";
import { emptyFact } from "../../src/analyze/cubes/facts.js";
import { CubeTable } from "../../src/analyze/cubes/table.js";

const some = (...texts: readonly string[]) => fc.constantFrom(...texts);
const number = fc.option(fc.nat(5_000));

/** Few values, so that many facts are alike. */
const fact: fc.Arbitrary<Fact> = fc
  .record({
    time: fc.nat(50),
    day: some("2026-11-20", "2026-11-21"),
    hour: some("08", "09"),
    session: some("s", "t"),
    tool: some("Bash", "Read"),
    decision: some("allow", "deny", "ask", "passthrough", "error_passthrough"),
    tier: some("allow", "deny", "llm"),
    source: some("rule", "llm", "none"),
    rule: some("", "a", "b"),
    project: some("/p", "/q"),
    outcome: some("", "succeeded", "failed"),
    rejected: some("", "yes"),
    saved: some("", "yes"),
    llm: some("", "GREEN", "RED", "timeout"),
    llm_error: some("", "slow"),
    unsure: some("", "yes"),
    reroute: some("", "offer"),
    answered: some("", "as-called", "refused"),
    hook_us: number,
    tool_ms: number,
    llm_ms: number,
  })
  .map((fields) => ({ ...emptyFact(), ...fields }));

function sampleOf({ time, rule }: Sampled): Sample {
  return { at: `f:${time}`, timeMs: time, session: "", subject: "", reason: "", ruleSource: rule, alternative: "" };
}

const CALLS: readonly CubeDefinition[] = CUBES.filter((cube) => cube.of === "call");

/** Every cube by itself, fact by fact. */
function countedApart(facts: readonly Fact[]) {
  return CALLS.map((cube) => {
    const row = new FactRow(1_000);
    const table = new CubeTable(cube, row);
    for (const one of facts) {
      row.take(one);
      row.number(row.placesOf(cube.keys));
      table.add(one, sampleOf);
    }
    return table.rows();
  });
}

describe("facts that are counted in groups", () => {
  it("come to what each cube counts of them fact by fact, in the same order", () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (facts, limit) => {
        const row = new FactRow(1_000);
        const tables = CALLS.map((cube) => new CubeTable(cube, row));
        const groups = new FactGroups(row, tables, [], limit);
        for (const one of facts) groups.add(one, sampleOf);
        groups.settle();
        expect(tables.map((table) => table.rows())).toEqual(countedApart(facts));
      }),
    );
  });

  it("tell their cubes of others without taking a fact for one of those", () => {
    const row = new FactRow(1_000);
    const totals = CALLS.filter(({ name }) => name === "totals").map((cube) => new CubeTable(cube, row));
    const groups = new FactGroups(row, totals, [], 1);
    for (const decision of ["deny", "deny", "allow"]) groups.add({ ...emptyFact(), decision }, null);
    groups.settle();
    expect(totals.map((table) => table.rows().map(({ values }) => [values.blocked, values.approved]))).toEqual([
      [[2, 1]],
    ]);
  });

  it("may be counted once more without being told again, once there is one", () => {
    const row = new FactRow(1_000);
    const tables = CUBES.filter(({ of }) => of === "record").map((cube) => new CubeTable(cube, row));
    const groups = new FactGroups(row, tables, [], 1);
    expect(groups.again(1)).toBe(false);
    for (const event of ["Stop", "SessionEnd", "Stop"]) {
      groups.add({ ...emptyFact(), event }, null);
      expect([groups.again(2), groups.again(3)]).toEqual([true, true]);
    }
    groups.settle();
    groups.settle();
    expect(tables.flatMap((table) => table.rows().map(({ keys, values }) => [keys.event, values.calls]))).toEqual([
      ["Stop", 6],
      ["SessionEnd", 3],
    ]);
  });
});
