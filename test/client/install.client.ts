/** From a clone to a blocked call in the real client: `init`, then a session; and back to the settings as they were. */
import { spawnSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { ROOT } from "../cli/run-cli.js";
import { shell } from "./calls.js";
import { makeStage } from "./stage.js";

it("init registers a hook that the client obeys, status is green, and --uninstall gives the settings back", async () => {
  const stage = makeStage({ isRegistered: false });
  const settings = join(stage.osHome, ".claude", "settings.json");
  const before = '{\n    "permissions": {"allow": ["Bash(git push *)"]},\n  "includeCoAuthoredBy" : false }\n';
  stage.write(".claude/settings.json", before);
  // Found on the PATH, as a user has it.
  symlinkSync(inject("client"), join(stage.osHome, "bin", "claude"));
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [join(ROOT, "dist", "cli", "main.js"), ...args], {
      encoding: "utf8",
      env: stage.env,
      cwd: stage.project,
    });

  expect(run("init", "--yes", "--scope", "user")).toMatchObject({ status: 0 });
  const ran = await stage.runHeadless({
    turns: [[shell("forced", "git push --force origin main")], [shell("looked", "git --version")]],
  });
  expect(ran.results.get("toolu_forced")).toMatchObject({
    isError: true,
    text: expect.stringContaining("no-force-push"),
  });
  expect(ran.results.get("toolu_looked")).toMatchObject({ isError: false });
  expect(ran.records.map(({ event }) => event)).toContain("SessionEnd");

  const status = run("status", "--json");
  expect(status.status).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({
    healthy: true,
    checks: expect.arrayContaining([expect.objectContaining({ name: "Claude Code", state: "good", found: "2.1.329" })]),
  });

  expect(run("init", "--yes", "--scope", "user", "--uninstall")).toMatchObject({ status: 0 });
  expect(readFileSync(settings, "utf8")).toBe(before);
  const after = await stage.runHeadless({ turns: [[shell("forced", "git push --force origin main")]] });
  expect(after.results.get("toolu_forced")?.text).not.toContain("no-force-push");
});
