import { describe, expect, it } from "vitest";
import { foldRecords } from "../../src/analyze/cubes/fold.js";
import { buildSessionSummary } from "../../src/analyze/report/session-summary.js";
import { UTC } from "../../src/analyze/zone.js";
import { bad, decided, newestFirst, START } from "../cubes/log.js";
import { smallCubes } from "./small-log.js";

const summarise = (written: Parameters<typeof newestFirst>[0]) =>
  buildSessionSummary(foldRecords(newestFirst(written), { window: {}, zone: UTC, now: START }));

describe("buildSessionSummary", () => {
  it("says what was decided, what was blocked by which rule, and what it spared", () => {
    expect(buildSessionSummary(smallCubes())).toEqual([
      "5 approved, 1 asked, 3 blocked, 1 left to Claude Code, 1 let through after an error",
      "blocked 2 × no-force-push: Bash git push -f https://REDACTED_url_password@example.com/x main",
      "blocked 1 × user tier: Bash rm -r build",
      "2 prompts shown, about 2 spared (estimate)",
      "1 line of the log could not be used",
    ]);
  });

  it("is one line when all was approved", () => {
    expect(summarise([decided(0, "a", { effect: "reads" }), decided(1, "b", { effect: "reads" })])).toEqual([
      "2 approved, 0 asked, 0 blocked",
    ]);
  });

  it("says nothing when nothing was decided", () => {
    expect(summarise([])).toEqual([]);
    expect(summarise([bad(0)])).toEqual([]);
  });

  it("names the most frequent denials and counts the rest", () => {
    const deny = (at: number, rule: string) => decided(at, `c${at}`, { decision: "deny", tier: "deny", rule_id: rule });
    const lines = summarise([deny(0, "a"), deny(1, "b"), deny(2, "b"), deny(3, "c"), deny(4, "d")]);
    expect(lines.slice(1)).toEqual([
      "blocked 2 × b: Bash",
      "blocked 1 × a: Bash",
      "blocked 1 × c: Bash",
      "and 1 more kind of blocked calls",
    ]);
  });
});
