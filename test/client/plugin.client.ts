/** The plugin as a user gets it: valid, installed from the repository's marketplace, and at work without any settings. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { ROOT } from "../cli/run-cli.js";
import { POLICY, shell, storyOf } from "./calls.js";
import { makeStage, type Stage } from "./stage.js";

/** What a clone of the repository holds of the plugin, with the hook as it is built now. */
function checkout(stage: Stage): string {
  const folder = join(dirname(stage.project), "checkout");
  mkdirSync(folder);
  for (const part of [".claude-plugin", "plugin"]) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  cpSync(inject("hookFolder"), join(folder, "plugin", "dist"), { recursive: true });
  return folder;
}

describe("the plugin", () => {
  it.each(["plugin", "."])("is valid by the client's own check: %s", async (part) => {
    const stage = makeStage({ isRegistered: false });
    const validated = await stage.runClient(["plugin", "validate", join(checkout(stage), part), "--strict"]);
    expect(validated).toMatchObject({ code: 0, stdout: expect.stringContaining("Validation passed") });
  });

  it("is installed with two commands and then judges, records, and keeps its files where the reports look", async () => {
    // A repository can set this for hooks; the log must not move.
    const settings = { env: { CLAUDE_PERMIT_HOME: "/nowhere/at/all" } };
    const stage = makeStage({ policy: POLICY, isRegistered: false, settings });
    expect(await stage.runClient(["plugin", "marketplace", "add", checkout(stage)])).toMatchObject({ code: 0 });
    expect(await stage.runClient(["plugin", "install", "permit@claude-permit"])).toMatchObject({ code: 0 });

    const ran = await stage.runHeadless({ turns: [[shell("denied", "zh denied")], [shell("allowed", "zh allowed")]] });
    expect(ran.results.get("toolu_denied")).toMatchObject({
      isError: true,
      text: expect.stringContaining("no-denied"),
    });
    expect(ran.results.get("toolu_allowed")).toEqual({ isError: false, text: "zh ran: allowed" });
    expect(storyOf(ran.records)).toEqual([
      "SessionStart",
      "UserPromptSubmit",
      "PreToolUse toolu_denied deny no-denied",
      "PreToolUse toolu_allowed allow zh-allowed",
      "PostToolUse toolu_allowed",
      "Stop",
      "SessionEnd",
    ]);
    expect(ran.messages.find(({ subtype }) => subtype === "init")?.["slash_commands"]).toEqual(
      expect.arrayContaining(["permit:permit-report", "permit:permit-why", "permit:permit-review"]),
    );

    const status = spawnSync(process.execPath, [join(ROOT, "dist", "cli", "main.js"), "status", "--json"], {
      encoding: "utf8",
      env: stage.env,
      cwd: stage.project,
    });
    expect(JSON.parse(status.stdout)).toMatchObject({
      healthy: true,
      checks: expect.arrayContaining([
        { name: "hooks", state: "good", found: expect.stringContaining("plugin (") },
        expect.objectContaining({ name: "answer", found: expect.stringContaining("answers in") }),
      ]),
    });
  });
});
