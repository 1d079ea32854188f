/** When the hook cannot answer, a call that would have run does not: `onFailure: "block"` holds in the real client. */
import { describe, expect, it } from "vitest";
import { shell, storyOf } from "./calls.js";
import { type Json, makeStage } from "./stage.js";

const sh = (script: string): Json => ({ command: "/bin/sh", args: ["-c", script] });

const FAULTS: readonly (readonly [string, Json])[] = [
  ["Node is gone", { command: "/nowhere/bin/node" }],
  ["the hook's file is gone", { args: ["/nowhere/hook.cjs", "--home", "/nowhere"] }],
  ["it is killed", sh("kill -9 $$")],
  ["it crashes", sh("exit 1")],
  ["it does not answer in time", { ...sh("exec sleep 60"), timeout: 2 }],
];

const SCRIPT = { turns: [[shell("echo", "echo hi")]] };

describe("a hook that fails", () => {
  it.each(FAULTS)("blocks the call: %s", async (_, hook) => {
    const ran = await makeStage({ hook }).runHeadless(SCRIPT);
    expect(ran.results.get("toolu_echo")).toEqual({
      isError: true,
      text: expect.stringMatching(/^PreToolUse:Bash hook error: .*blocking because onFailure is "block"/),
    });
    expect(ran.code).toBe(0);
    // The hook of another event tells the log of a call that nobody judged.
    expect(storyOf(ran.records)).toContain("PostToolBatch toolu_echo");
  });

  it.each(FAULTS)("would let it run without onFailure: %s", async (_, hook) => {
    const ran = await makeStage({ hook: { ...hook, onFailure: "continue" } }).runHeadless(SCRIPT);
    expect(ran.results.get("toolu_echo")).toEqual({ isError: false, text: "hi" });
  });
});
