/** `statusline` through the built command line: a segment, or nothing, and never a failure. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { claudeWorld } from "./claude-world.js";

const event = (name: string, session: string, id: string, decision?: string): string =>
  `${JSON.stringify({ v: 1, id, timestamp: "2026-11-20T10:00:00.000Z", event: name, session_id: session, decision, tool_use_id: id })}\n`;

const LOG =
  event("SessionStart", "s", "0") +
  event("PreToolUse", "s", "1", "allow") +
  event("PreToolUse", "s", "2", "deny") +
  event("PreToolUse", "other", "3", "deny") +
  event("Stop", "s", "4") +
  '{"torn\n' +
  event("PreToolUse", "s", "5", "allow") +
  event("PreToolUse", "s", "5", "ask") +
  event("PreToolUse", "s", "6", "passthrough") +
  event("PostToolUse", "s", "6");

describe("statusline", () => {
  const world = claudeWorld();
  world.write(join(world.home, "audit.jsonl"), LOG);
  const show = (input: string, args: readonly string[] = []) => world.run(["statusline", ...args], { input });

  it("tallies the whole session, one decision a call, the strictest", () => {
    const input = JSON.stringify({ session_id: "s", model: { id: "m" }, version: "2.1.329" });
    expect(show(input)).toEqual({ stdout: "permit 1 ok · 1 asked · 1 blocked · 1 left\n", stderr: "", code: 0 });
  });

  it.each([
    ["a session without decisions", '{"session_id":"new"}', []],
    ["no session", "{}", []],
    ["no JSON", "hello", []],
    ["nothing", "", []],
    ["no log", '{"session_id":"s"}', ["--home", "/nowhere/at/all"]],
  ])("says nothing for %s", (_, input, args) => {
    expect(show(input, args)).toEqual({ stdout: "", stderr: "", code: 0 });
  });

  it("says that there may be more when the log is longer than it reads", () => {
    const long = claudeWorld();
    const filler = event("PostToolUse", "other", "x".repeat(1000)).repeat(1200);
    long.write(join(long.home, "audit.jsonl"), filler + event("PreToolUse", "s", "1", "deny"));
    expect(long.run(["statusline"], { input: '{"session_id":"s"}' }).stdout).toBe("permit 1+ blocked\n");
  });

  it("has its help", () => {
    expect(show("", ["--help"]).stdout).toContain("status line");
  });
});
