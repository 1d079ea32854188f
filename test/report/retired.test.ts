import { describe, expect, it } from "vitest";
import { parseRetired, retiredNotes } from "../../src/analyze/report/retired.js";

const day = (name: string, calls: number) => ({ day: name, calls, approved: calls - 1, asked: 0, blocked: 1 });
const line = (segment: string, ...days: readonly object[]) => JSON.stringify({ segment, bytes: 9, days });
const noon = (name: string) => Date.parse(`${name}T12:00:00Z`);

describe("what was removed from a log", () => {
  const retired = parseRetired(
    [
      line("a", day("2026-01-01", 5)),
      line("a", day("2026-01-01", 3), day("2026-01-02", 4)),
      "torn {",
      JSON.stringify({ segment: "b", days: [{ day: "2026-01-03", calls: "many" }] }),
      "null",
      line("c", day("2026-02-01", 1)),
      "",
    ].join("\n"),
  );

  it("is read line by line, the last of a segment counting", () => {
    expect(retired.map(({ segment, days }) => [segment, days.length])).toEqual([
      ["a", 2],
      ["c", 1],
    ]);
  });

  it.each([
    [
      "all of it",
      {},
      "2 segments of 2026-01-01 to 2026-02-01 (UTC)",
      "8 calls, of which 5 approved, 0 asked, 3 blocked.",
    ],
    ["days that the window touches", { since: noon("2026-01-02") }, "2 segments of 2026-01-02 to", "5 calls, of"],
    ["up to its end", { until: noon("2026-01-01") }, "1 segment of 2026-01-01 to 2026-01-01", "3 calls, of"],
  ])("is told of %s", (_, window, begin, end) => {
    const [note = "", ...more] = retiredNotes(retired, window);
    expect(more).toEqual([]);
    expect(note.startsWith(begin)).toBe(true);
    expect(note).toContain(`removed by \`prune\`, not counted here: ${end}`);
  });

  it("is not told where nothing of the window is gone", () => {
    expect(retiredNotes(retired, { since: noon("2026-02-02") })).toEqual([]);
    expect(retiredNotes([], {})).toEqual([]);
  });
});
