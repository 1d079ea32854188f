import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CUBES } from "../../src/analyze/cubes/definitions.js";
import { FactRow } from "../../src/analyze/cubes/fact-row.js";
import { sumRows } from "../../src/analyze/cubes/sum-rows.js";
import { type CubeRow, CubeTable } from "../../src/analyze/cubes/table.js";

const cube = CUBES.find(({ name }) => name === "denials") ?? expect.fail("no cube");

const row = fc
  .record({
    tier: fc.constantFrom("deny", "llm"),
    rule: fc.constantFrom("", "a", "b"),
    tool: fc.constantFrom("Bash", "Read"),
    calls: fc.integer({ min: 1, max: 9 }),
    times: fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 3 }),
  })
  .map(({ tier, rule, tool, calls, times }): CubeRow => {
    const of = { session: "s", subject: "", reason: "", ruleSource: "", alternative: "" };
    const samples = times
      .toSorted((a, b) => b - a)
      .map((timeMs, index) => ({ ...of, at: `f:${timeMs * 10 - index}`, timeMs }));
    const values = { calls, first: Math.min(...times), last: Math.max(...times) };
    return { keys: { tier, rule, tool }, values, samples };
  });
/** Each cell once. */
const part = fc.uniqueArray(row, { maxLength: 9, selector: ({ keys }) => JSON.stringify(keys) });

describe("rows that were counted apart", () => {
  it("add up to what one table counts of them, in the same order", () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
        const table = new CubeTable(cube, new FactRow(1_000));
        for (const rows of parts) for (const one of rows) table.merge(one);
        expect(JSON.parse(JSON.stringify(sumRows(cube, parts)))).toEqual(table.rows());
      }),
    );
  });
});
