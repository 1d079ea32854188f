/** `compare` through the built command line: its arguments, formats and refusals, on the sample week. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { freshWorld, SAMPLE } from "./run-cli.js";

const world = freshWorld();
const compare = (...args: readonly string[]) => world.run(["compare", "--audit", SAMPLE, ...args]);
const calls = readFileSync(SAMPLE, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line))
  .filter((record) => record.event === "PreToolUse");

describe("windows", () => {
  it("are counted as an independent reading counts them", () => {
    const { stdout, code } = compare("2026-01-28..2026-01-29", "2026-01-29..2026-01-31", "--json");
    const on = (...days: readonly string[]) =>
      calls.filter(({ timestamp }) => days.includes(timestamp.slice(0, 10))).length;
    expect(code).toBe(0);
    expect(JSON.parse(stdout).sections.compare.figures).toMatchObject({
      calls_a: { value: on("2026-01-28") },
      calls_b: { value: on("2026-01-29", "2026-01-30") },
    });
  });

  it("give the same as Markdown and HTML", () => {
    const window = ["2026-01-28..2026-01-29", "2026-01-29..2026-01-31"];
    expect(compare(...window, "--format", "md").stdout).toContain("### What differs");
    expect(compare(...window, "--format", "html", "-o", "-").stdout).toContain('data-table="compare.differences"');
  });

  it("a page goes to a file of its own, whose path is printed", () => {
    const { stdout } = compare("2026-01-28..2026-01-29", "2026-01-29..2026-01-31", "--format", "html");
    expect(stdout).toMatch(/reports\/compare-[\d-]+\.html\n$/);
    expect(readFileSync(stdout.trim(), "utf8")).toContain('data-table="compare.differences"');
  });
});

describe("sessions", () => {
  it("default to the last two", () => {
    const { stdout } = compare();
    const order = [...new Set(calls.toReversed().map((record) => record.session_id))];
    expect(stdout.replace(/\s+/g, " ")).toContain(`A is last-1 (${order[1]})`);
    expect(stdout.replace(/\s+/g, " ")).toContain(`B is last (${order[0]})`);
  });
});

describe("refusals", () => {
  it.each([
    [["nope", "last"], "no session `nope`"],
    [["2026-01-31..2026-01-28", "last"], "is an empty window"],
    [["2026-01-31..soonish", "last"], "is not a time"],
    [["--since", "7d"], "takes its windows and sessions as arguments"],
  ])("%j", (args, message) => {
    const { code, stderr } = compare(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
