/** Whose home `~` is: the tools say what the hook does that is registered with the same home, whatever `HOME` says. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./run-cli.js";

const POLICY = `
[[deny]]
name = "no-secrets"
pattern = "Read(~/secret/**)"
`;

const base = mkdtempSync(join(tmpdir(), "claude-permit-user-home-"));
const account = userInfo().homedir;
const fromEnv = join(base, "env");
const project = join(base, "project");
mkdirSync(join(project, ".git"), { recursive: true });

function node(args: readonly string[], input = ""): string {
  const { stdout } = spawnSync(process.execPath, args, {
    cwd: project,
    input,
    encoding: "utf8",
    env: { PATH: process.env["PATH"] ?? "", HOME: fromEnv, TZ: "UTC" },
  });
  return stdout;
}

function ofHook(home: string, path: string): string {
  const event = {
    hook_event_name: "PreToolUse",
    session_id: "s",
    cwd: project,
    permission_mode: "default",
    tool_name: "Read",
    tool_input: { file_path: path },
    tool_use_id: "toolu_1",
  };
  const answer = node([join(ROOT, "dist", "hook.cjs"), "--home", home], JSON.stringify(event));
  return answer === "" ? "passthrough" : (JSON.parse(answer).hookSpecificOutput?.permissionDecision ?? "passthrough");
}

function ofTools(home: string, path: string): readonly string[] {
  const cli = (...args: string[]) => JSON.parse(node([join(ROOT, "dist", "cli", "main.js"), "--home", home, ...args]));
  const cases = join(base, "cases.toml");
  writeFileSync(cases, `[[case]]\ntool = "Read"\ninput = { file_path = '${path}' }\nexpect = "deny"\n`);
  const call = { tool: "Read", input: path };
  return [
    cli("test", "--tool", "Read", path, "--json").decision,
    cli("explain", "--tool", "Read", path, "--json").decision,
    cli("test", "--file", cases, "--json").results[0].decision,
    cli("query", JSON.stringify({ type: "match_test", ...call })).result.decision,
    cli("query", JSON.stringify({ type: "explain", ...call })).result.decision,
  ];
}

describe("the user's home of a claude-permit home", () => {
  it.each([
    ["at its usual place", join(base, "other", ".claude", "claude-permit"), join(base, "other")],
    ["anywhere else", join(base, "permit"), account],
  ])("%s", (_, home, user) => {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    writeFileSync(join(home, "config.toml"), POLICY, { mode: 0o600 });
    const own = join(user, "secret", "key");
    const others = join(fromEnv, "secret", "key");
    expect([ofHook(home, own), ofHook(home, others)]).toEqual(["deny", "passthrough"]);
    expect(ofTools(home, own)).toEqual(Array(5).fill("deny"));
    expect(ofTools(home, others)).toEqual(Array(5).fill("passthrough"));
  });
});
