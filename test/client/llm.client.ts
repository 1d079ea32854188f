/** The model tier in the real client: what runs in the end, what the model is told, and what the log says of it. */
import { describe, expect, it } from "vitest";
import { mockMessages, type Turn, verdict } from "../llm/mock-messages-server.js";
import { shell, storyOf } from "./calls.js";
import { makeStage, type Stage } from "./stage.js";
import { hasTmux, openTerminal } from "./terminal.js";

if (!hasTmux) console.log("SKIP 1 test: no tmux here to hold the client's terminal");

const SAFER = { suggested_alternatives: [{ tool_input: { command: "zh safer" }, rationale: "it is safer" }] };

/** A judge of its own beside the model that plays Claude: the two never see each other's questions. */
const stageWith = (score: string, settings = "", more: object = {}) => stageJudgedBy(verdict(score, more), settings);

async function stageJudgedBy(turn: Turn, settings = ""): Promise<Stage> {
  const judge = await mockMessages(turn);
  return makeStage({
    policy: `[settings]\n${settings}\n[settings.llm]\nenabled = true\nbase_url = "${judge.url}"\n[[allow]]\nname = "zh-safer"\npattern = "Bash(zh safer)"\n`,
  });
}

const SCRIPT = { turns: [[shell("one", "zh plain")]] };

describe("a verdict in the real client", () => {
  it("GREEN runs the call without a question", async () => {
    const ran = await (await stageWith("GREEN")).runHeadless(SCRIPT);
    expect(ran.results.get("toolu_one")).toEqual({ isError: false, text: "zh ran: plain" });
    expect(storyOf(ran.records)).toContain("PreToolUse toolu_one allow");
  });

  it("RED refuses it, and the model reads why and what would override it", async () => {
    const ran = await (await stageWith("RED")).runHeadless(SCRIPT);
    const told = ran.results.get("toolu_one");
    expect(told?.isError).toBe(true);
    expect(told?.text).toMatch(/The language model says RED \(confidence 0\.90\): because it is red\./);
    expect(told?.text).toContain("[allow.fields]\ncommand = '^zh plain$'");
  });

  it("that never comes leaves the call to Claude Code, and the log says why", async () => {
    const ran = await (await stageJudgedBy({ kind: "raw", status: 529, body: "{}" })).runHeadless(SCRIPT);
    // Nobody is there to be asked, so Claude Code refuses it by itself.
    expect(ran.results.get("toolu_one")?.isError).toBe(true);
    const decided = ran.records.find(({ event, tool_use_id }) => event === "PreToolUse" && tool_use_id === "toolu_one");
    expect(decided).toMatchObject({ decision: "error_passthrough", tier: "error" });
    expect(decided?.["llm_error"]).toMatch(/^llm-overloaded: /);
  });

  it("that stalls is a denial in an unattended run, not a wait", async () => {
    const stage = await stageJudgedBy({ kind: "stall" }, "unattended = true\nllm.timeout_ms = 1500");
    const ran = await stage.runHeadless(SCRIPT);
    expect(ran.results.get("toolu_one")?.isError).toBe(true);
    expect(storyOf(ran.records)).toContain("PreToolUse toolu_one deny");
  });

  it("YELLOW suggests where nobody answers", async () => {
    const ran = await (await stageWith("YELLOW", "", SAFER)).runHeadless(SCRIPT);
    expect(ran.results.get("toolu_one")?.text).toContain('"suggested_alternative":{"tool_input":{"command":"zh safer"');
  });

  it("YELLOW in an unattended run runs the alternative, and its outcome is that of the same call", async () => {
    const stage = await stageWith("YELLOW", "unattended = true", SAFER);
    const ran = await stage.runHeadless(SCRIPT);
    expect(ran.results.get("toolu_one")).toEqual({ isError: false, text: "zh ran: safer" });
    const of = (event: string) =>
      ran.records.find((one) => one["event"] === event && one["tool_use_id"] === "toolu_one");
    expect(of("PreToolUse")).toMatchObject({
      decision: "rerouted",
      tier: "reroute",
      reroute: { mode: "reroute", alternative_input: { command: "zh safer" }, matched_rules: ["zh-safer"] },
    });
    expect(of("PostToolUse")).toMatchObject({ tool_success: true });
    expect(of("PreToolUse")).toHaveProperty("reroute.alternative_hash", of("PostToolUse")?.["input_hash"]);
    expect(
      stage.transcripts().some(({ text }) => text.includes("claude-permit ran another command than you asked for")),
    ).toBe(true);
  });
});

describe.skipIf(!hasTmux)("YELLOW at the terminal", () => {
  it("offers the alternative as the dialog's default, and tells why", async () => {
    const stage = await stageWith("YELLOW", "", SAFER);
    const model = await stage.startModel({ turns: [[shell("one", "zh plain")], "That is all."] });
    const terminal = await openTerminal(stage, model, ["--permission-mode", "default"]);
    await terminal.say("please begin");
    const dialog = await terminal.until("Offered instead");
    expect(dialog).toContain("YELLOW (confidence 0.90): because it is yellow.");
    expect(dialog.replace(/\s+/g, " ")).toContain("Original: zh plain.");
    await terminal.choose("zh safer", "Yes");
    await terminal.until("That is all.");
    await terminal.leave();
    expect(model.results().get("toolu_one")).toEqual({ isError: false, text: "zh ran: safer" });
    expect(storyOf(stage.records())).toContain("PostToolUse toolu_one");
  });
});
