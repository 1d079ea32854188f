/** The order of a report's rows, held to the bytes that every engine compares. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareBytes, largestFirst } from "../../src/analyze/report/shape.js";

/** Any units of UTF-16, halves of pairs among them, and often the same beginning. */
const text = fc
  .array(
    fc.oneof(fc.constantFrom("a", "ab", "\u{1f600}", "\ud83d", "\ufffd", "\ue000", "é"), fc.string({ maxLength: 3 })),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(""));

describe("compareBytes", () => {
  it("is the order of the UTF-8 bytes", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))) + 0);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("largestFirst", () => {
  it("orders by calls, then by the keys in turn", () => {
    const row = (calls: number, tool: string, rule: string) => ({
      keys: { tool, rule },
      values: { calls },
      samples: [],
    });
    const rows = [row(1, "b", "x"), row(2, "a", "y"), row(2, "a", "x"), row(2, "A", "z"), row(9, "c", "")];
    expect(largestFirst(rows, ["tool", "rule"]).map((one) => one.keys)).toEqual([
      { tool: "c", rule: "" },
      { tool: "A", rule: "z" },
      { tool: "a", rule: "x" },
      { tool: "a", rule: "y" },
      { tool: "b", rule: "x" },
    ]);
  });
});
