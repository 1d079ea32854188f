/** `session` looks for its calls as far back as the session goes on, not through the whole log. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { encodeRecord } from "../../src/core/audit/encode.js";
import { freshWorld } from "./run-cli.js";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 1);

function call(session: string, hours: number, index = 0): string {
  return encodeRecord({
    v: 1,
    id: `${session}-${hours}-${index}`,
    timestamp: new Date(START + hours * HOUR + index).toISOString(),
    event: "PreToolUse",
    session_id: session,
    tier: "allow",
    decision: "allow",
    tool_name: "Bash",
    tool_use_id: `toolu-${hours}-${index}`,
    tool_input: { command: "ls" },
    auto_promoted: false,
  });
}
const others = (hours: number, count: number) =>
  Array.from({ length: count }, (_, index) => call("other", hours, index));

it.each<[string, readonly string[], number]>([
  ["an evening and the next morning are one", [call("mine", 0), ...others(6, 100), call("mine", 20)], 2],
  ["days later, it counts from there", [call("mine", 0), ...others(30, 100), call("mine", 72), call("mine", 73)], 2],
  ["a few records with a wrong clock end nothing", [call("mine", 70), ...others(1, 60), call("mine", 72)], 2],
  ["others' records in between change nothing", [call("mine", 71), ...others(71, 500), call("mine", 72)], 2],
])("%s", (_, lines, calls) => {
  const world = freshWorld();
  writeFileSync(join(world.home, "audit.jsonl"), lines.join(""), { mode: 0o600 });
  for (const asked of ["last", "mine"]) {
    const report = JSON.parse(world.run(["session", asked, "--json"]).stdout);
    expect([report.sections.scorecard.figures.calls.value, report.filter.session]).toEqual([calls, "mine"]);
  }
  const whole = JSON.parse(world.run(["session", "--json", "--since", "2026-10-01"]).stdout);
  expect(whole.sections.scorecard.figures.calls.value).toBe(lines.filter((line) => line.includes('"mine"')).length);
});
