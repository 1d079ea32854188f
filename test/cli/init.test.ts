/** `init` through the built command line: what it writes, proves, refuses and takes back. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REGISTERED_EVENTS } from "../../src/cli/install/registration.js";
import { renderDiff } from "../../src/cli/install/settings-diff.js";
import { claudeWorld } from "./claude-world.js";
import { ROOT } from "./run-cli.js";

const OWN = '{\n\t"model": "opus",\n\t"permissions": {"deny": ["Read(.env)"], "allow": ["Bash(ls *)"]}\n}';

describe("init", () => {
  it("registers every event, starts a policy, proves the answer, and changes nothing the second time", () => {
    const world = claudeWorld();
    world.write(world.settings, OWN, 0o640);
    const first = world.run(["init", "--yes"]);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toMatch(/proven: claude-permit \S+ answers in \d+ ms, and answers a change .* with ask/);
    const text = world.read(world.settings) ?? "";
    const { hooks, ...rest } = JSON.parse(text);
    expect(rest).toEqual(JSON.parse(OWN));
    expect(text.startsWith(OWN.slice(0, -2))).toBe(true);
    expect(Object.keys(hooks)).toEqual(REGISTERED_EVENTS);
    expect(hooks.PreToolUse).toEqual([
      {
        matcher: "*",
        hooks: [
          {
            type: "command",
            command: process.execPath,
            args: [join(ROOT, "dist", "hook.cjs"), "--home", world.home],
            timeout: 20,
            onFailure: "block",
            statusMessage: "claude-permit",
          },
        ],
      },
    ]);
    expect(statSync(world.settings).mode & 0o777).toBe(0o640);
    expect(world.read(join(world.home, "config.toml"))).toBe(world.read(join(ROOT, "policies", "starter.toml")));

    const second = world.run(["init", "--yes"]);
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(/^nothing to change in /);
    expect(world.read(world.settings)).toBe(text);
  });

  it("leaves no canary in the log, and what it registered blocks", () => {
    const world = claudeWorld();
    expect(world.run(["init", "--yes"]).code).toBe(0);
    expect(existsSync(join(world.home, "audit.jsonl"))).toBe(false);
    const { command, args } = JSON.parse(world.read(world.settings) ?? "").hooks.PreToolUse[0].hooks[0];
    const call = { hook_event_name: "PreToolUse", session_id: "s", cwd: world.project, tool_name: "Bash" };
    const { stdout } = spawnSync(command, args, {
      input: JSON.stringify({ ...call, tool_input: { command: "rm -rf /" } }),
      encoding: "utf8",
      env: { HOME: world.osHome },
    });
    expect(JSON.parse(stdout).hookSpecificOutput.permissionDecision).toBe("deny");
  });

  it("--uninstall gives the file back as it was, and keeps policy and log", () => {
    const world = claudeWorld();
    world.write(world.settings, OWN);
    world.run(["init", "--yes"]);
    const ran = world.run(["init", "--uninstall", "--yes"]);
    expect(ran.code).toBe(0);
    expect(world.read(world.settings)).toBe(OWN);
    expect(existsSync(join(world.home, "config.toml"))).toBe(true);
    expect(world.run(["init", "--uninstall", "--yes"]).stdout).toContain("nothing to remove");
  });

  it("--uninstall removes a file that init made", () => {
    const world = claudeWorld();
    world.run(["init", "--yes"]);
    expect(world.run(["init", "--uninstall", "--yes"]).code).toBe(0);
    expect(existsSync(world.settings)).toBe(false);
  });

  it("--uninstall takes only our entries out of a file that was changed since", () => {
    const world = claudeWorld();
    world.write(world.settings, OWN);
    world.run(["init", "--yes"]);
    world.write(world.settings, (world.read(world.settings) ?? "").replace('"opus"', '"haiku"'));
    expect(world.run(["init", "--uninstall", "--yes"]).code).toBe(0);
    expect(world.read(world.settings)).toBe(OWN.replace('"opus"', '"haiku"'));
  });

  it("an update in between still ends with the bytes from before the first", () => {
    const world = claudeWorld();
    world.write(world.settings, OWN);
    world.run(["init", "--yes"]);
    const elsewhere = join(world.osHome, "elsewhere");
    expect(world.run(["init", "--yes", "--home", elsewhere]).code).toBe(0);
    expect(world.read(world.settings)).toContain(elsewhere);
    expect(world.read(world.settings)).not.toContain(world.home);
    expect(world.run(["init", "--uninstall", "--yes"]).code).toBe(0);
    expect(JSON.parse(world.read(world.settings) ?? "")).toEqual(JSON.parse(OWN));
  });

  it.each([
    ["project", "settings.json"],
    ["local", "settings.local.json"],
  ])("--scope %s writes the project's %s, from a folder inside it too", (scope, name) => {
    const world = claudeWorld();
    const inside = join(world.project, "src");
    mkdirSync(inside);
    const ran = world.run(["init", "--scope", scope, "--json"], { cwd: inside });
    const file = join(world.project, ".claude", name);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      scope,
      file,
      changed: true,
      backup: null,
      canary: { guarded: "ask", harmless: expect.stringMatching(/^(?:allow|passthrough)$/) },
    });
    expect(world.read(file)).toContain("PreToolUse");
    expect(existsSync(world.settings)).toBe(false);
    expect(ran.stdout.includes("usually shared")).toBe(scope === "project");
  });

  it("spells a path in the diff as it is", () => {
    const diff = renderDiff("/home/jürgen/a b.json", "old\n", "new\n", false);
    expect(diff).toBe("--- /home/jürgen/a b.json\n+++ /home/jürgen/a b.json\n@@ -1,1 +1,1 @@\n-old\n+new\n");
  });

  it("--dry-run shows the diff and writes nothing", () => {
    const world = claudeWorld();
    world.write(world.settings, OWN);
    const { stdout, code } = world.run(["init", "--dry-run"]);
    expect(code).toBe(0);
    expect(stdout).toContain('+    "PreToolUse": [');
    expect(stdout).toContain(`new file: ${join(world.home, "config.toml")}`);
    expect(world.read(world.settings)).toBe(OWN);
    expect(readdirSync(world.home)).toEqual([]);
  });

  it("--import takes the permission lists over as rules that count", () => {
    const world = claudeWorld();
    world.write(world.settings, '{"permissions": {"deny": ["Bash(zh *)"], "allow": ["Bash(qx *)"]}}');
    expect(world.run(["init", "--yes", "--import"]).code).toBe(0);
    expect(world.run(["test", "zh now", "--json"]).stdout).toContain('"decision":"deny"');
    expect(world.run(["test", "qx now"]).code).toBe(0);
    expect(world.run(["validate"]).code).toBe(0);
  });

  it("never writes over a config, and says how imported rules are taken in", () => {
    const world = claudeWorld("# mine\n");
    world.write(world.settings, '{"permissions": {"deny": ["Bash(zh *)"]}}');
    const { stderr, code } = world.run(["init", "--yes", "--import"]);
    expect(code).toBe(0);
    expect(world.read(join(world.home, "config.toml"))).toBe("# mine\n");
    expect(stderr).toContain('include = ["rules/claude-settings.toml"]');
  });

  it("does not put a starter policy in the place of the older hook's config", () => {
    const world = claudeWorld();
    world.write(join(world.osHome, ".config", "claude-code-permissions-hook.toml"), '[[deny]]\ntool = "WebFetch"\n');
    const { stderr, code } = world.run(["init", "--yes"]);
    expect(code).toBe(0);
    expect(existsSync(join(world.home, "config.toml"))).toBe(false);
    expect(stderr).toContain("stays in force");
  });

  it("follows a linked settings file to its target and leaves the link", () => {
    const world = claudeWorld();
    const target = world.write(join(world.osHome, "dotfiles", "claude.json"), OWN);
    symlinkSync(target, world.settings);
    expect(world.run(["init", "--yes"]).code).toBe(0);
    expect(lstatSync(world.settings).isSymbolicLink()).toBe(true);
    expect(world.read(target)).toContain("PreToolUse");
    world.run(["init", "--uninstall", "--yes"]);
    expect(world.read(target)).toBe(OWN);
  });
});

describe("init warns", () => {
  it.each([
    ["of a Claude Code that fails open", "2.1.294", "Claude Code 2.1.294 lets calls through when a hook fails"],
    ["when there is no Claude Code", null, "no `claude` on the PATH"],
  ])("%s", (_, version, expected) => {
    const world = claudeWorld("", version);
    expect(world.run(["init", "--dry-run"]).stderr).toContain(expected);
  });

  it("of entries that are ignored, of hooks switched off, and of another registration", () => {
    const world = claudeWorld("");
    world.run(["init", "--yes", "--scope", "local"]);
    const stop = [{ hooks: [{ type: "command", command: "x", timeout: 0 }] }];
    world.write(world.settings, JSON.stringify({ disableAllHooks: true, hooks: { Stop: stop } }));
    const { stderr } = world.run(["init", "--dry-run"]);
    expect(stderr).toContain("hooks.Stop[0].hooks[0].timeout: timeout must be a number of seconds above 0");
    expect(stderr).toContain("disableAllHooks is true");
    expect(stderr).toContain("also registered in");
  });
});

describe("init refuses, and leaves the file as it is", () => {
  it.runIf(existsSync("/proc/self"))("a home where no folder can be made, at once", () => {
    const world = claudeWorld();
    const { code, stderr } = world.run(["init", "--yes", "--home", "/proc/claude-permit"]);
    expect([code, stderr.split("\n").at(-3) ?? stderr]).toEqual([2, expect.stringContaining("/proc/claude-permit")]);
    expect(world.read(world.settings)).toBeNull();
  });

  const handler = (more: object) =>
    JSON.stringify({ hooks: { PreToolUse: [{ hooks: [{ type: "command", command: "x", ...more }] }] } });

  it.each([
    [
      "a comment",
      "{\n  // mine\n}",
      "settings_malformed",
      "settings.json:2:3` is no strict JSON: JSON has no comments",
    ],
    ["a trailing comma", '{"a": 1,}', "settings_malformed", "a property name in double quotes is expected"],
    ["an empty file", "", "settings_malformed", "a value is expected"],
    ["a list", "[]", "settings_malformed", "must hold a JSON object"],
    ["bytes that are no text", "\xff", "settings_unreadable", "it is not UTF-8"],
    ["an unknown type", handler({ type: "script" }), "settings_void", "hooks.PreToolUse[0].hooks[0].type"],
    ["no command", handler({ command: undefined }), "settings_void", "hooks.PreToolUse[0].hooks[0].command"],
    ["onFailure: abort", handler({ onFailure: "abort" }), "settings_void", "onFailure must be"],
    ["timeout in quotes", handler({ timeout: "5" }), "settings_void", "timeout must be"],
    ["timeout 0", handler({ timeout: 0 }), "settings_void", "timeout must be"],
    [
      "a header that is a number",
      handler({ type: "http", url: "http://x/", headers: { a: 1 } }),
      "settings_void",
      "headers",
    ],
    ["an invalid url", handler({ type: "http", url: "x" }), "settings_void", "url must be a literal URL"],
  ])("%s", (_, text, code, message) => {
    const world = claudeWorld("");
    const path = world.write(world.settings, "");
    spawnSync("node", [
      "-e",
      "require('fs').writeFileSync(process.argv[1], Buffer.from(process.argv[2], 'latin1'))",
      path,
      text,
    ]);
    const before = world.read(path);
    const ran = world.run(["init", "--yes", "--json"]);
    expect(ran.code).toBe(2);
    const { error } = JSON.parse(ran.stdout);
    expect(error).toMatchObject({ code, hint: expect.any(String) });
    expect(error.message).toContain(message);
    expect(world.read(path)).toBe(before);
  });

  it("a read-only file", () => {
    const world = claudeWorld("");
    world.write(world.settings, OWN, 0o400);
    expect(world.run(["init", "--yes"])).toMatchObject({ code: 2, stderr: expect.stringContaining("it is read-only") });
    expect(world.read(world.settings)).toBe(OWN);
  });

  it("when Claude runs it, when nothing may be written, and a scope there is not", () => {
    const world = claudeWorld("");
    expect(world.run(["init", "--yes"], { env: { CLAUDECODE: "1" } }).stderr).toContain("refused while Claude runs it");
    expect(world.run(["init", "--uninstall"], { env: { CLAUDECODE: "1" } }).code).toBe(2);
    expect(world.run(["init", "--yes", "--read-only"]).code).toBe(2);
    expect(world.run(["init", "--scope", "galaxy"]).code).toBe(2);
    expect(existsSync(world.settings)).toBe(false);
  });

  it("when the hook does not answer: the settings come back, and the starter policy goes", () => {
    const world = claudeWorld();
    world.write(world.settings, OWN);
    const broken = join(world.osHome, "claude-permit");
    for (const name of ["dist", "policies", "templates", "package.json"]) {
      cpSync(join(ROOT, name), join(broken, name), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(broken, "node_modules"));
    rmSync(join(broken, "dist", "hook-run.cjs"));
    const { stderr, status } = spawnSync(process.execPath, [join(broken, "dist", "cli", "main.js"), "init", "--yes"], {
      encoding: "utf8",
      cwd: world.project,
      env: { HOME: world.osHome, PATH: process.env["PATH"] },
    });
    expect(status).toBe(2);
    expect(stderr).toContain("the registered hook does not answer: it ended with exit code 2");
    expect(world.read(world.settings)).toBe(OWN);
    expect(existsSync(join(world.home, "config.toml"))).toBe(false);
  });
});
