/** `suggest` from the command line: proof, same bytes, applied only where a person says so. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeRecord } from "../../src/core/audit/encode.js";
import { freshWorld, SAMPLE } from "./run-cli.js";

const DAY = 86_400_000;

/** Sixty sessions in which somebody ran the tests and looked at the log, and said no to a force push. */
function log(project: string): string {
  const lines: string[] = [];
  for (let session = 0; session < 60; session++) {
    const commands = ["npm run test", `git log -${(session % 5) + 1} src/f${session % 7}.ts`, "git push --force"];
    commands.forEach((command, index) => {
      const timeMs = Date.UTC(2026, 0, 5) + session * DAY + index * 60_000;
      const isRefused = command.includes("force");
      const base = {
        v: 1,
        session_id: `session-${session}`,
        tool_name: "Bash",
        tool_use_id: `toolu_${session}_${index}`,
        permission_mode: "default",
        imported_from: "transcript",
        auto_promoted: false,
      } as const;
      const at = (ms: number) => ({
        id: `00000000-0000-7000-8000-${String(ms % 1e12).padStart(12, "0")}`,
        timestamp: new Date(ms).toISOString(),
      });
      const where = { project, cwd: project, home: "/home/u", tool_input: { command } };
      const decided = isRefused
        ? ({ tier: "user", decision: "deny" } as const)
        : ({ tier: "user", decision: "allow" } as const);
      lines.push(encodeRecord({ ...base, ...at(timeMs), event: "PreToolUse", ...decided, ...where }));
      if (!isRefused)
        lines.push(encodeRecord({ ...base, ...at(timeMs + 1000), event: "PostToolUse", tool_success: true }));
    });
  }
  return lines.join("");
}

describe("suggest", () => {
  const world = freshWorld();
  const input = log(world.project);
  const suggest = (args: readonly string[], env: Record<string, string> = {}) =>
    world.run(["suggest", "--audit", "-", ...args], { input, env });
  const autoRules = join(world.home, "auto-rules.toml");

  it("prints rules with their proof, twice the same", () => {
    const first = suggest([]);
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('name = "allow-npm-run-test"');
    expect(first.stdout).toContain("Hold-out: would have allowed 18 later calls, 18 approved, 0 refused.");
    expect(first.stdout).toContain('name = "deny-git-push-force"');
    expect(suggest([]).stdout).toBe(first.stdout);
    expect(JSON.parse(suggest(["--json"]).stdout).suggestions).toHaveLength(3);
  });

  it("shows a change and writes nothing without --yes", () => {
    const { stdout, code } = suggest(["--apply", "allow-npm-run-test"]);
    expect(code).toBe(0);
    expect(stdout).toContain("+[[allow]]");
    expect(existsSync(autoRules)).toBe(false);
  });

  it("refuses to write when Claude runs it", () => {
    const { code, stderr } = suggest(["--apply", "allow-npm-run-test", "--yes"], { CLAUDECODE: "1" });
    expect(code).toBe(2);
    expect(stderr).toContain("refused while Claude runs it");
    expect(existsSync(autoRules)).toBe(false);
  });

  it("adds a rule with its provenance, which can be revoked", () => {
    expect(suggest(["--apply", "nothing", "--yes"]).code).toBe(2);
    const { stdout, code } = suggest(["--apply", "allow-npm-run-test", "--yes"]);
    expect(code).toBe(0);
    expect(stdout).toContain("claude-permit rules revoke allow-npm-run-test");
    expect(readFileSync(autoRules, "utf8")).toContain("promoted_by = 'suggest'");
    expect(world.run(["test", "npm run test"]).code).toBe(0);
    expect(world.run(["test", "npm run test -- x"]).code).toBe(1);
    expect(suggest(["--apply", "allow-npm-run-test", "--yes"]).code).toBe(2);
  });

  it("is a section of the report and an export", () => {
    const { stdout } = suggest(["--format", "json"]);
    expect(JSON.parse(stdout).sections.suggestions.tables.rules.rows.length).toBe(3);
    const exported = suggest(["--export", "claude-settings"]);
    expect(JSON.parse(exported.stdout).permissions.allow).toContain("Bash(npm run test)");
    expect(exported.stderr).toContain("word for word");
  });

  it("says when there is nothing to learn from", () => {
    const { stdout, code } = world.run(["suggest", "--audit", SAMPLE, "--since", "2031-01-01"]);
    expect(code).toBe(0);
    expect(stdout).toContain("0 suggestions from 0 answered calls");
  });
});
