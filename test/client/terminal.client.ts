/** What a user at the terminal sees of our answers, and what the log says of the user's. */
import { describe, expect, it } from "vitest";
import { POLICY, shell, storyOf } from "./calls.js";
import { makeStage } from "./stage.js";
import { hasTmux, openTerminal } from "./terminal.js";

if (!hasTmux) console.log("SKIP 5 tests: no tmux here to hold the client's terminal");

describe.skipIf(!hasTmux)("the terminal", () => {
  it("shows the reason of a denial and of a question, runs what the user allows, and sums up at the end", async () => {
    const stage = makeStage({ policy: POLICY });
    const model = await stage.startModel({
      turns: [
        [shell("denied", "zh denied")],
        [shell("asked", "zh asked")],
        [shell("allowed", "zh allowed")],
        "That is all.",
      ],
    });
    const terminal = await openTerminal(stage, model, ["--permission-mode", "default"]);
    await terminal.say("please begin");
    const dialog = await terminal.until("Asked by rule");
    expect(dialog).toContain(
      "Reason: PreToolUse:Bash hook error: Denied by rule `no-denied`: `zh denied`. denied is never run",
    );
    expect(dialog).toContain("Hook PreToolUse:Bash requires confirmation for this command:");
    expect(dialog).toContain("Asked by rule `ask-asked`: `zh asked`. asked needs a person.");
    await terminal.choose("zh asked", "Yes");
    await terminal.until(/Stop says: claude-permit: 1 approved, 1 asked, 1 blocked\./);
    await terminal.leave();

    expect(model.results().get("toolu_asked")).toEqual({ isError: false, text: "zh ran: asked" });
    expect(storyOf(stage.records())).toEqual([
      "SessionStart",
      "UserPromptSubmit",
      "PreToolUse toolu_denied deny no-denied",
      "PreToolUse toolu_asked ask ask-asked",
      "PermissionRequest passthrough",
      "PostToolUse toolu_asked",
      "PreToolUse toolu_allowed allow zh-allowed",
      "PostToolUse toolu_allowed",
      "Stop",
      "SessionEnd",
    ]);
    const calls = stage.records().filter((record) => record["tool_name"] !== undefined);
    expect(calls.filter((record) => record["attended"] !== true)).toEqual([]);
  });

  it("lets no event fire for a No: the log is silent until the next prompt", async () => {
    const stage = makeStage({ policy: POLICY });
    const model = await stage.startModel({
      turns: [[shell("asked", "zh asked")], "Then not.", [shell("left", "zh left")], "Nor that."],
    });
    const terminal = await openTerminal(stage, model, ["--permission-mode", "default"]);
    await terminal.say("please begin");
    await terminal.choose("zh asked", "No");
    await terminal.until("Interrupted");
    await terminal.say("what now");
    await terminal.until("Then not.");
    await terminal.say("try the other");
    await terminal.choose("zh left", "No");
    await terminal.until(/Interrupted.*Interrupted/s);
    await terminal.leave();

    expect(storyOf(stage.records())).toEqual([
      "SessionStart",
      "UserPromptSubmit",
      "PreToolUse toolu_asked ask ask-asked",
      "PermissionRequest passthrough",
      "UserPromptSubmit",
      "Stop",
      "UserPromptSubmit",
      "PreToolUse toolu_left passthrough",
      "PermissionRequest passthrough",
      "SessionEnd",
    ]);
  });

  it.each(["auto", "bypassPermissions"])("asks in %s mode too", async (mode) => {
    const stage = makeStage({ policy: POLICY, settings: { skipDangerousModePermissionPrompt: true } });
    const model = await stage.startModel({ turns: [[shell("asked", "zh asked")], "Done then."] });
    const terminal = await openTerminal(stage, model, ["--permission-mode", mode]);
    await terminal.say("please begin");
    await terminal.until("asked needs a person");
    await terminal.choose("zh asked", "Yes");
    await terminal.until("Done then.");
    await terminal.leave();
    expect(model.results().get("toolu_asked")).toEqual({ isError: false, text: "zh ran: asked" });
  });

  it("tells the user that the policy is broken, and asks about every call", async () => {
    const stage = makeStage({ policy: "[[deny]\n" });
    const model = await stage.startModel({ turns: [[shell("echo", "echo hi")], "Done then."] });
    const terminal = await openTerminal(stage, model, ["--permission-mode", "default"]);
    await terminal.say("please begin");
    await terminal.until("policy is broken");
    await terminal.choose("echo hi", "Yes");
    await terminal.until("Done then.");
    await terminal.leave();
    expect(model.results().get("toolu_echo")).toEqual({ isError: false, text: "hi" });
  });
});
