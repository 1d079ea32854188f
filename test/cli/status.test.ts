/** `status` through the built command line: what is well, what is named, and how it ends. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Check } from "../../src/cli/health/check.js";
import { lookAtSwitches } from "../../src/cli/health/registration.js";
import { type ClaudeWorld, claudeWorld } from "./claude-world.js";

const POLICY = `[[deny]]\nname = "no-zh"\npattern = "Bash(zh *)"\n`;

function recordAt(time: number, more = ""): string {
  const timestamp = new Date(time).toISOString();
  return `{"v":1,"id":"0199f000-0000-7000-8000-000000000000","timestamp":"${timestamp}","event":"Stop","session_id":"s"${more},"auto_promoted":false}\n`;
}

/** A machine on which all is well. */
function wellWorld(version?: string): ClaudeWorld {
  const world = claudeWorld(POLICY, version);
  expect(world.run(["init", "--yes"]).code).toBe(0);
  world.write(join(world.home, "audit.jsonl"), recordAt(Date.now(), ',"permission_mode":"default"'));
  return world;
}

function look(world: ClaudeWorld, args: readonly string[] = [], env: Record<string, string> = {}) {
  const { stdout, code } = world.run(["status", "--json", ...args], { env });
  const { checks, healthy }: { checks: readonly Check[]; healthy: boolean } = JSON.parse(stdout);
  expect(code).toBe(healthy ? 0 : 1);
  const check = (name: string): Check | undefined => checks.find((one) => one.name === name);
  return { checks, healthy, check };
}

describe("status", () => {
  it("is one line when all is well", () => {
    const { stdout, code } = wellWorld().run(["status"]);
    expect(stdout).toMatch(
      /^ok: claude-permit \S+, version \S+ answers in \d+ ms; 1 rule from .*; .* last record .*\n$/,
    );
    expect(code).toBe(0);
  });

  it("names what is missing on a fresh machine, and is healthy", () => {
    const { stdout, code } = claudeWorld().run(["status"]);
    expect(code).toBe(0);
    expect(stdout).toContain("not registered in Claude Code");
    expect(stdout).toContain("no policy file");
    expect(stdout).toContain("fix: claude-permit init");
  });

  it("leaves no record and takes no notice from the user", () => {
    const world = wellWorld();
    const log = world.read(join(world.home, "audit.jsonl"));
    world.write(join(world.home, "state", "notices.jsonl"), '"a rule was promoted"\n');
    const { check, healthy } = look(world);
    expect(check("notices")).toMatchObject({ state: "note", found: "a rule was promoted" });
    expect(healthy).toBe(true);
    expect(world.read(join(world.home, "audit.jsonl"))).toBe(log);
    expect(world.read(join(world.home, "state", "notices.jsonl"))).toBe('"a rule was promoted"\n');
  });

  it("starts nothing under --read-only", () => {
    expect(look(wellWorld(), ["--read-only"]).check("answer")).toMatchObject({
      state: "note",
      why: "--read-only starts no hook",
    });
  });

  it("is unhealthy with a broken policy and says where", () => {
    const { stdout, code } = claudeWorld("[[deny]\n").run(["status"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/config\.toml:1:\d+: error/);
  });

  it.each([
    ["the home", ""],
    ["the log", "audit.jsonl"],
    ["the trust", "state"],
  ])("is unhealthy when others can read %s", (_, name) => {
    const world = wellWorld();
    chmodSync(join(world.home, name), 0o755);
    const { check, healthy } = look(world);
    expect(healthy).toBe(false);
    expect(check("home")).toMatchObject({ state: "bad", fix: `chmod -R go= '${world.home}'` });
  });
});

describe("status looks at the registration", () => {
  const change = (world: ClaudeWorld, edit: (hooks: Record<string, unknown>) => unknown): void => {
    const settings = JSON.parse(world.read(world.settings) ?? "");
    writeFileSync(world.settings, JSON.stringify({ ...settings, ...Object(edit(settings.hooks)) }));
  };

  it("a command that does not start is bad", () => {
    const world = wellWorld();
    writeFileSync(world.settings, (world.read(world.settings) ?? "").replaceAll(process.execPath, "/nowhere/node"));
    const { check, healthy } = look(world);
    expect(healthy).toBe(false);
    expect(check("answer")).toMatchObject({
      state: "bad",
      found: expect.stringContaining("does not start"),
      fix: "claude-permit init",
    });
  });

  it("a hook that answers nonsense, nothing, or another version is told", () => {
    const world = wellWorld();
    const script = (name: string, code: string): string => world.write(join(world.osHome, name, "hook.cjs"), code);
    const register = (file: string): void =>
      change(world, () => ({
        hooks: {
          PreToolUse: [{ hooks: [{ type: "command", command: process.execPath, args: [file, "--home", world.home] }] }],
        },
      }));
    register(script("a", "console.log('hello')"));
    expect(look(world).check("answer")?.found).toContain("answered what Claude Code cannot use: hello");
    register(script("b", ""));
    expect(look(world).check("answer")?.found).toContain("a change of its own config was answered with silence");
    const other = `const { mkdirSync, writeFileSync } = require("node:fs");
      const home = process.argv[process.argv.indexOf("--home") + 1];
      const event = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
      if (event.hook_event_name === "PreToolUse") {
        writeFileSync(home + "/audit.jsonl", '{"engine_version":"9.9.9"}');
        console.log('{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny"}}');
      }`;
    register(script("c", other));
    expect(look(world).check("answer")).toMatchObject({
      state: "note",
      found: expect.stringContaining("version 9.9.9"),
    });
  });

  it("a file that Claude Code drops is bad, whoever broke it", () => {
    const world = wellWorld();
    change(world, (hooks) => ({ hooks: { ...hooks, PermissionRequest: [{ hooks: [{ type: "command" }] }] } }));
    const { check } = look(world);
    expect(check("hooks")).toMatchObject({ state: "bad", found: expect.stringContaining("registered in vain") });
    expect(check("settings files")?.found).toContain("hooks.PermissionRequest[0].hooks[0].command");
  });

  it.each([
    [
      "without SessionEnd",
      (hooks: Record<string, unknown>) => ({ hooks: { ...hooks, SessionEnd: [] } }),
      "but not for SessionEnd",
    ],
    ["hooks disabled", () => ({ disableAllHooks: true }), "disableAllHooks is true"],
  ])("%s", (_, edit, expected) => {
    const world = wellWorld();
    change(world, edit);
    expect(
      look(world)
        .checks.filter(({ state }) => state !== "good")
        .map(({ found }) => found)
        .join(),
    ).toContain(expected);
  });

  it("the same registration in two files is one, another one is two", () => {
    const world = wellWorld();
    world.run(["init", "--yes", "--scope", "local"]);
    expect(look(world).check("registered twice")).toBeUndefined();
    world.run(["init", "--yes", "--scope", "local", "--home", join(world.osHome, "other")]);
    expect(look(world).check("registered twice")).toMatchObject({
      state: "note",
      found: expect.stringContaining("registered 2 times"),
    });
  });

  it("a plugin beside the settings is two", () => {
    const world = wellWorld();
    const root = join(world.osHome, ".claude", "plugins", "cache", "m", "claude-permit", "0.1.0");
    const handler = { type: "command", command: "node", args: ["${CLAUDE_PLUGIN_ROOT}/dist/hook.cjs"] };
    world.write(join(root, "hooks", "hooks.json"), JSON.stringify({ hooks: { PreToolUse: [{ hooks: [handler] }] } }));
    const installed = { version: 2, plugins: { "claude-permit@m": [{ scope: "user", installPath: root }] } };
    world.write(join(world.osHome, ".claude", "plugins", "installed_plugins.json"), JSON.stringify(installed));
    expect(look(world).check("registered twice")).toBeUndefined();
    change(world, () => ({ enabledPlugins: { "claude-permit@m": true } }));
    expect(look(world).check("registered twice")?.found).toContain("plugin (");
  });
});

/** A machine where the plugin, and nothing else, registers the hook. */
function pluginWorld(): ClaudeWorld {
  const world = claudeWorld();
  const root = join(world.osHome, ".claude", "plugins", "cache", "m", "permit", "0.1.0");
  const handler = { type: "command", command: "node", args: ["${CLAUDE_PLUGIN_ROOT}/dist/hook.cjs"] };
  world.write(join(root, "hooks", "hooks.json"), JSON.stringify({ hooks: { PreToolUse: [{ hooks: [handler] }] } }));
  const installed = { version: 2, plugins: { "permit@m": [{ scope: "user", installPath: root }] } };
  world.write(join(world.osHome, ".claude", "plugins", "installed_plugins.json"), JSON.stringify(installed));
  world.write(world.settings, JSON.stringify({ enabledPlugins: { "permit@m": true } }));
  return world;
}

describe("status for those who have the plugin", () => {
  it("never proposes to register the hook again", () => {
    const { checks, check } = look(pluginWorld());
    expect(check("hooks")?.found).toContain("plugin (");
    expect(checks.map(({ fix }) => fix).filter((fix) => fix?.startsWith("claude-permit init"))).toEqual([
      "claude-permit init --policy-only",
    ]);
  });

  it("its one command writes the starter policy and leaves the settings alone", () => {
    const world = pluginWorld();
    const settings = world.read(world.settings);
    expect(world.run(["init", "--policy-only", "--dry-run"]).stdout).toContain("would write");
    expect(world.read(join(world.home, "config.toml"))).toBeNull();
    const { stdout, code } = world.run(["init", "--policy-only"]);
    expect([code, stdout]).toEqual([0, `wrote: ${join(world.home, "config.toml")}\n`]);
    expect(world.read(join(world.home, "config.toml"))).toContain("[[deny]]");
    expect(world.read(world.settings)).toBe(settings);
    expect(look(world).check("policy")?.state).toBe("good");
    expect(world.run(["init", "--policy-only"]).stdout).toContain("nothing to write");
  });
});

describe("status looks at the language model", () => {
  const LLM = `${POLICY}[settings.llm]\nenabled = true\n`;
  const asked = (error?: string): string =>
    recordAt(
      Date.now(),
      `,"tier":"llm","decision":"allow"${error === undefined ? ',"llm_score":"GREEN"' : ""}`,
    ).replace(',"auto_promoted"', `${error === undefined ? "" : `,"llm_error":"${error}"`},"auto_promoted"`);
  const with_ = (policy: string, log: readonly string[], env: Record<string, string> = { ANTHROPIC_API_KEY: "k" }) => {
    const world = claudeWorld(policy);
    world.write(join(world.home, "audit.jsonl"), log.join(""));
    return look(world, [], env).check("language model");
  };

  it.each<[string, readonly string[], Partial<Check>]>([
    ["answers", [asked(), asked()], { state: "good", found: expect.stringContaining("2 calls lately, 0 failed") }],
    [
      "failed once",
      [asked("llm-timeout"), asked()],
      { state: "note", found: expect.stringContaining("1 failed (1 timeouts); the last error: llm-timeout") },
    ],
    [
      "fails all the time",
      [asked(), ...Array.from({ length: 3 }, () => asked("llm-overloaded"))],
      { state: "bad", found: expect.stringContaining("3 failures in a row") },
    ],
    ["was not asked", [recordAt(Date.now())], { state: "good", found: expect.stringContaining("not asked lately") }],
  ])("%s", (_, log, expected) => {
    expect(with_(LLM, log)).toMatchObject(expected);
  });

  it("has no key, or is off", () => {
    expect(with_(LLM, [asked()], { ANTHROPIC_API_KEY: "" })).toMatchObject({
      state: "note",
      found: expect.stringContaining("ANTHROPIC_API_KEY is not set"),
    });
    expect(with_(POLICY, [recordAt(Date.now())])).toBeUndefined();
  });
});

describe("status looks at what is around", () => {
  it("a Claude Code that fails open", () => {
    expect(look(wellWorld("2.1.200")).check("Claude Code")).toMatchObject({
      state: "note",
      found: "2.1.200",
      fix: "claude update",
    });
  });

  it("a node that is looked up at every call", () => {
    const world = wellWorld();
    writeFileSync(
      world.settings,
      (world.read(world.settings) ?? "").replaceAll(JSON.stringify(process.execPath), '"node"'),
    );
    expect(look(world).check("answer")).toMatchObject({ state: "note", why: expect.stringContaining("looked up") });
  });

  it.runIf(process.version.startsWith("v20."))("certificates that Node 20 reads at every start", () => {
    const file = claudeWorld().write(join(wellWorld().osHome, "ca.pem"), "");
    expect(look(wellWorld(), [], { NODE_EXTRA_CA_CERTS: file }).check("answer")?.why).toContain("NODE_EXTRA_CA_CERTS");
  });

  it("a record from the future, lines of no use, and the mode last seen", () => {
    const world = wellWorld();
    const bypass = recordAt(Date.now() + 86_400_000, ',"permission_mode":"bypassPermissions"');
    world.write(join(world.home, "audit.jsonl"), `${recordAt(Date.now())}{"torn\n${bypass}`);
    const { check, healthy } = look(world);
    expect(healthy).toBe(false);
    expect(check("clock")).toMatchObject({ state: "bad" });
    expect(check("log lines")?.found).toMatch(
      /^1 of the last 3 lines are of no use; the newest: .*audit\.jsonl at byte \d+: /,
    );
    expect(check("permission mode")).toMatchObject({ state: "note", found: "last seen: bypassPermissions" });
  });

  it("a home that is no folder", () => {
    const world = claudeWorld();
    const home = world.write(join(world.osHome, "a-file"), "");
    expect(look(world, ["--home", home]).check("home")).toMatchObject({ state: "bad" });
  });

  it.each([
    ["is bad in managed settings without our hook", "managed", "bad"],
    ["means nothing in a project's file", "project", undefined],
  ] as const)("allowManagedHooksOnly %s", (_, origin, expected) => {
    const settings = { allowManagedHooksOnly: true };
    const source = { origin, path: "/etc/x.json", settings, refusal: null, ours: [], faults: [] };
    expect(lookAtSwitches({ sources: [source] })?.state).toBe(expected);
  });
});
