/** What a headless session makes of our answers: what runs, what the model is told, what the log says. */
import { describe, expect, it } from "vitest";
import { call, POLICY, shell, storyOf } from "./calls.js";
import { makeStage, type Ran } from "./stage.js";

const DENIED = "PreToolUse:Bash hook error: Denied by rule `no-denied`: `zh denied`. denied is never run; use allowed.";

/** Ids of the calls the client says were not permitted. */
function refused({ messages }: Ran): unknown {
  const denials = messages.at(-1)?.["permission_denials"];
  return Array.isArray(denials) ? denials.map(({ tool_use_id }) => tool_use_id) : denials;
}

describe("a headless session", () => {
  it("runs what a rule allows and tells the model why the rest did not run", async () => {
    const stage = makeStage({ policy: POLICY });
    const ran = await stage.runHeadless({
      turns: [
        [shell("allowed", "zh allowed")],
        [shell("denied", "zh denied")],
        [shell("asked", "zh asked")],
        [shell("left", "zh left")],
      ],
    });
    expect(ran.code).toBe(0);
    expect(Object.fromEntries(ran.results)).toEqual({
      toolu_allowed: { isError: false, text: "zh ran: allowed" },
      toolu_denied: { isError: true, text: DENIED },
      toolu_asked: { isError: true, text: "Asked by rule `ask-asked`: `zh asked`. asked needs a person." },
      toolu_left: { isError: true, text: "This command requires approval" },
    });
    expect(refused(ran)).toEqual(["toolu_denied", "toolu_asked", "toolu_left"]);
    expect(storyOf(ran.records)).toEqual([
      "SessionStart",
      "UserPromptSubmit",
      "PreToolUse toolu_allowed allow zh-allowed",
      "PostToolUse toolu_allowed",
      "PreToolUse toolu_denied deny no-denied",
      "PreToolUse toolu_asked ask ask-asked",
      "PreToolUse toolu_left passthrough",
      // We stay silent there, so the client answers as it would without us.
      "PermissionRequest passthrough",
      "Stop",
      "SessionEnd",
    ]);
    expect(ran.records.filter((record) => record["attended"] === true)).toEqual([]);
  });

  it.each(["default", "acceptEdits", "plan", "auto", "dontAsk", "bypassPermissions"])(
    "denies in %s mode",
    async (mode) => {
      const stage = makeStage({ policy: POLICY });
      const script = { turns: [[shell("denied", "zh denied")], [shell("asked", "zh asked")]] };
      const ran = await stage.runHeadless(script, ["--permission-mode", mode]);
      expect(ran.results.get("toolu_denied")).toEqual({ isError: true, text: DENIED });
      expect(ran.results.get("toolu_asked")?.isError).toBe(true);
      expect(refused(ran)).toEqual(["toolu_denied", "toolu_asked"]);
      const modes = ran.records
        .filter(({ event }) => event === "PreToolUse")
        .map((record) => record["permission_mode"]);
      expect(modes).toEqual([mode, mode]);
    },
  );

  it("leaves auto mode its classifier, but for rules that name the mode", async () => {
    const stage = makeStage({
      policy: `${POLICY}
[[allow]]
name = "named"
pattern = "Bash(zh named *)"
permission_mode = ["auto"]
`,
    });
    const turns = [[shell("allowed", "zh allowed")], [shell("named", "zh named")]];
    const ran = await stage.runHeadless({ turns }, ["--permission-mode", "auto"]);
    // The mock answers no classifier, and without one auto mode runs nothing.
    expect(ran.results.get("toolu_allowed")).toMatchObject({
      isError: true,
      text: expect.stringContaining("Auto mode"),
    });
    expect(ran.results.get("toolu_named")).toEqual({ isError: false, text: "zh ran: named" });
    expect(storyOf(ran.records).filter((line) => line.includes("toolu_"))).toEqual([
      "PreToolUse toolu_allowed passthrough zh-allowed",
      "PermissionDenied toolu_allowed deny",
      "PreToolUse toolu_named allow named",
      "PostToolUse toolu_named",
    ]);
  });

  it("judges every call of one message, and loses no record where hooks run at the same time", async () => {
    const stage = makeStage({ policy: POLICY });
    const readers = Array.from({ length: 8 }, (_, index) => shell(`reader${index}`, `echo ${index}`));
    const ran = await stage.runHeadless({
      turns: [[...readers, shell("denied", "zh denied"), shell("allowed", "zh allowed")]],
    });
    const story = storyOf(ran.records);
    for (const { id } of readers) {
      expect(story.filter((line) => line.includes(id))).toEqual([`PreToolUse ${id} passthrough`, `PostToolUse ${id}`]);
    }
    expect(story).toContain("PreToolUse toolu_denied deny no-denied");
    expect(story).toContain("PostToolUse toolu_allowed");
    expect(ran.results.size).toBe(10);
  });

  it("judges a subagent's calls and says whose they were", async () => {
    const stage = makeStage({ policy: POLICY });
    const ran = await stage.runHeadless({
      turns: [
        [
          call("agent", "Agent", {
            description: "sub",
            prompt: "MARK-OF-SUBAGENT",
            subagent_type: "general-purpose",
            run_in_background: false,
          }),
        ],
        [shell("main", "zh denied")],
      ],
      subagents: { "MARK-OF-SUBAGENT": [[shell("inner", "zh denied inside")], [shell("runs", "zh allowed inside")]] },
    });
    expect(ran.results.get("toolu_inner")).toMatchObject({ isError: true, text: expect.stringContaining("no-denied") });
    expect(ran.results.get("toolu_runs")).toEqual({ isError: false, text: "zh ran: allowed inside" });
    const agentOf = (id: string) =>
      ran.records.find((record) => record["tool_use_id"] === id && record["event"] === "PreToolUse")?.["agent_id"];
    expect(agentOf("toolu_inner")).toMatch(/^\w+$/);
    expect(agentOf("toolu_runs")).toBe(agentOf("toolu_inner"));
    expect(agentOf("toolu_main")).toBeUndefined();
  });

  it("allows nothing under a broken policy, and says where it is broken", async () => {
    const stage = makeStage({ policy: `${POLICY}\n[[allow]\n` });
    const ran = await stage.runHeadless({ turns: [[shell("allowed", "zh allowed")], [shell("echo", "echo hi")]] });
    for (const id of ["toolu_allowed", "toolu_echo"]) {
      expect(ran.results.get(id)).toMatchObject({
        isError: true,
        text: expect.stringMatching(/policy is broken.*config\.toml:\d+/),
      });
    }
    expect(ran.records.filter(({ event }) => event === "PreToolUse")).toEqual(
      ["toolu_allowed", "toolu_echo"].map((id) =>
        expect.objectContaining({ tool_use_id: id, tier: "error", decision: "deny" }),
      ),
    );
  });

  it("keeps the deny rules of the last good policy while the file is broken", async () => {
    const stage = makeStage({ policy: POLICY });
    await stage.runHeadless({ turns: [[shell("before", "zh allowed")]] });
    stage.write(".claude/claude-permit/config.toml", "[[allow]\n");
    const ran = await stage.runHeadless({ turns: [[shell("denied", "zh denied")], [shell("allowed", "zh allowed")]] });
    expect(ran.results.get("toolu_denied")).toMatchObject({
      isError: true,
      text: expect.stringContaining("no-denied"),
    });
    expect(ran.results.get("toolu_allowed")?.isError).toBe(true);
  });
});
