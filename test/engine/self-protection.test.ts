import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/core/policy/evaluate.js";
import { builtinRules } from "../../src/core/policy/guard-finding.js";
import { ownUse } from "../../src/core/policy/own-command.js";
import type { ShellPart } from "../../src/core/shell/shell.js";
import { access, part, redirect, shellOf } from "./hand-made.js";
import { bash, callOf, deps, HOME, PROJECT, policyOf, type ShortRule } from "./world.js";

const EVERYTHING: readonly ShortRule[] = [
  { kind: "allow", tool: ".*", fields: {} },
  {
    kind: "allow",
    pattern: "Bash",
    shell: { effect: ["reads", "writes-project", "writes-outside", "runs-code", "network", "unknown"] },
  },
];

describe("self-protection against tools, under a policy that allows everything", () => {
  it.each<[string, string, Readonly<Record<string, unknown>>, string | null]>([
    ["our config", "Write", { file_path: `${HOME}/.claude/claude-permit/config.toml` }, "builtin-files"],
    [
      "our folder, spelled from home",
      "Edit",
      { file_path: "~/.claude/claude-permit/auto-rules.toml" },
      "builtin-files",
    ],
    ["our folder, by dots", "Edit", { file_path: `${PROJECT}/../.claude/claude-permit/x` }, "builtin-files"],
    ["our folder, in capitals", "Edit", { file_path: `${HOME}/.CLAUDE/claude-permit/x` }, "builtin-files"],
    ["our folder, through a link", "Write", { file_path: "/tmp/cfg/claude-permit/x" }, "builtin-files"],
    ["the settings that register us", "Write", { file_path: `${HOME}/.claude/settings.json` }, "builtin-files"],
    ["the project's settings", "MultiEdit", { file_path: ".claude/settings.local.json" }, "builtin-files"],
    ["the project's policy", "Edit", { file_path: `${PROJECT}/.claude/claude-permit.toml` }, "builtin-files"],
    ["a notebook there", "NotebookEdit", { notebook_path: `${HOME}/.claude/claude-permit/x` }, "builtin-files"],
    ["the managed layer", "Write", { file_path: "/etc/claude-permit/config.toml" }, "builtin-files"],
    [
      "a tool of a server",
      "mcp__fs__write_file",
      { path: `${HOME}/.claude/settings.json`, content: "{}" },
      "builtin-files",
    ],
    [
      "a tool of a server, nested",
      "mcp__fs__edit",
      { edits: [{ file: "~/.claude/claude-permit/config.toml" }] },
      "builtin-files",
    ],
    ["a shell of a server", "mcp__sh__run", { command: "echo {} > ~/.claude/settings.json" }, "builtin-files"],
    ["reading our config", "Read", { file_path: `${HOME}/.claude/claude-permit/config.toml` }, null],
    ["a file with such a name elsewhere", "Write", { file_path: `${PROJECT}/src/settings.json` }, null],
    ["text about us", "Write", { file_path: `${PROJECT}/README.md`, content: "~/.claude/settings.json" }, null],
    ["an agent told about us", "Agent", { prompt: `look at ${HOME}/.claude/settings.json` }, null],
    ["another tool of a server", "mcp__fs__write_file", { path: `${PROJECT}/a.ts` }, null],
  ])("%s", (_what, tool, input, id) => {
    const call = callOf(tool, input);
    const found = evaluate(policyOf(EVERYTHING), call, deps());
    const headless = evaluate(policyOf(EVERYTHING), { ...call, attended: false }, deps());
    expect([found.decision, headless.decision]).toEqual(id === null ? ["allow", "allow"] : ["ask", "deny"]);
    expect(found.rule?.layer === "builtin" ? found.rule.id : null).toBe(id);
  });

  it("is relaxed by the managed layer only", () => {
    const call = callOf("Write", { file_path: `${HOME}/.claude/settings.json` });
    const rule: ShortRule = { kind: "allow", name: "it-may", tool: "Write" };
    const by = (layer: NonNullable<ShortRule["layer"]>) =>
      evaluate(policyOf([{ ...rule, layer }]), call, deps()).decision;
    expect([by("managed"), by("user"), by("project"), by("config"), by("auto")]).toEqual([
      "allow",
      "ask",
      "ask",
      "ask",
      "ask",
    ]);
  });

  it("does not soften a deny rule", () => {
    const policy = policyOf([{ kind: "deny", tool: "Write" }]);
    expect(evaluate(policy, callOf("Write", { file_path: "~/.claude/settings.json" }), deps()).decision).toBe("deny");
  });

  it("is listed", () => {
    expect(builtinRules().map((rule) => [rule.id, rule.layer, rule.kind])).toEqual([
      ["builtin-files", "builtin", "ask"],
      ["builtin-variables", "builtin", "ask"],
      ["builtin-commands", "builtin", "ask"],
      ["builtin-processes", "builtin", "ask"],
    ]);
  });
});

describe("self-protection against parts of shell calls", () => {
  const settings = "~/.claude/settings.json";
  const writes = (path: string | null, mode: "write" | "append" | "delete" = "write", raw = path ?? "?") => ({
    effect: "writes" as const,
    accesses: [access(path, mode, raw)],
  });
  it.each<[string, ShellPart, string | null]>([
    ["a redirect", part("echo x", { redirects: [redirect(">>", settings)] }), "builtin-files"],
    ["a copy onto it", part(`cp a ${settings}`, writes(settings)), "builtin-files"],
    ["a copy into its folder", part("cp settings.json ~/.claude/", writes("~/.claude/")), "builtin-files"],
    [
      "a copy of a folder with that name",
      part("cp -r evil/.claude .", {
        effect: "writes",
        accesses: [access("evil/.claude", "read"), access(".", "write")],
      }),
      "builtin-files",
    ],
    ["removing the folder above", part("rm -rf ~/.claude", writes("~/.claude", "delete")), "builtin-files"],
    ["removing everything", part("rm -rf /", writes("/", "delete")), "builtin-files"],
    ["a glob that may be it", part("rm ~/.claude/set*", writes(null, "delete", "~/.claude/set*")), "builtin-files"],
    [
      "a variable before its name",
      part("rm $H/.claude/settings.json", writes(null, "delete", "$H/.claude/settings.json")),
      "builtin-files",
    ],
    ["from its folder", part("tee settings.json", { ...writes("settings.json"), cwd: "~/.claude" }), "builtin-files"],
    [
      "code that names it",
      part(`python3 -c open("${HOME}/.claude/settings.json","w")`, { effect: "runs-code", accessesKnown: false }),
      "builtin-files",
    ],
    ["an unknown program", part(`mytool ${settings}`, { effect: "unknown", accessesKnown: false }), "builtin-files"],
    [
      "switching hooks off",
      part("mytool disableAllHooks", { effect: "unknown", accessesKnown: false }),
      "builtin-processes",
    ],
    [
      "a variable",
      part("", { assigns: [{ name: "CLAUDE_PERMIT_HOME", append: false, value: "/tmp", pos: 0 }] }),
      "builtin-variables",
    ],
    [
      "the settings folder's variable",
      part("export CLAUDE_CONFIG_DIR=/tmp", { effect: "runs-code" }),
      "builtin-variables",
    ],
    ["unset", part("unset CLAUDE_PERMIT_HOME"), "builtin-variables"],
    [
      "a start-up file that sets it",
      part("echo export·CLAUDE_PERMIT_HOME=/tmp", { redirects: [redirect(">>", "~/.bashrc")] }),
      "builtin-variables",
    ],
    [
      "the variable that only tightens",
      part("", { assigns: [{ name: "CLAUDE_PERMIT_UNATTENDED", append: false, value: "1", pos: 0 }] }),
      null,
    ],
    ["killing us", part("pkill -f claude-permit", { effect: "unknown" }), "builtin-processes"],
    ["removing us", part("npm uninstall -g claude-permit", { effect: "network" }), "builtin-processes"],
    ["replacing us", part("npm i -g claude-permit@0.0.1", { effect: "network" }), "builtin-processes"],
    [
      "switching the plugin off",
      part("claude plugin disable claude-permit", { subcommand: "plugin disable", effect: "unknown" }),
      "builtin-processes",
    ],
    ["a command of ours", part("claude-permit apply x", { effect: "unknown" }), "builtin-commands"],
    ["reading it", part(`cat ${settings}`, { accesses: [access(settings, "read")] }), null],
    [
      "copying it away",
      part(`cp ${settings} /tmp/a`, {
        effect: "writes",
        accesses: [access(settings, "read"), access("/tmp/a", "write")],
      }),
      null,
    ],
    ["talking about it", part("echo disableAllHooks CLAUDE_PERMIT_HOME=x"), null],
    ["removing what is beside it", part("rm -rf build", writes("build", "delete")), null],
    [
      "a copy to the project",
      part("cp x .", { effect: "writes", accesses: [access("x", "read"), access(".", "write")] }),
      null,
    ],
    ["killing something else", part("kill 123", { effect: "unknown" }), null],
    ["installing something else", part("npm i left-pad", { effect: "network" }), null],
  ])("%s", (_what, one, id) => {
    const text = one.argv.map((word) => word.raw).join(" ") || "x=1";
    const found = evaluate(policyOf(EVERYTHING), bash(text), deps(shellOf([one])));
    expect(found.rule?.layer === "builtin" ? found.rule.id : null).toBe(id);
    expect(found.decision === "ask").toBe(id !== null);
  });

  it("looks at text that was not understood", () => {
    const unclear = (text: string) => evaluate(policyOf([]), bash(text), deps(shellOf([], "unknown"))).decision;
    expect(unclear(`echo '{}' > ${settings} '`)).toBe("ask");
    expect(unclear("CLAUDE_CONFIG_DIR=/tmp claude '")).toBe("ask");
    expect(unclear("npx claude-permit apply '")).toBe("ask");
    expect(unclear("npx claude-permit query '")).toBe("passthrough");
  });
});

describe("our own commands", () => {
  it.each([
    ["claude-permit query x", "reads"],
    ["claude-permit --home /tmp query x", "reads"],
    ["claude-permit --home query apply x", "changes"],
    ["claude-permit --json status", "reads"],
    ["claude-permit --version", "reads"],
    ["claude-permit", "changes"],
    ["claude-permit init --yes", "changes"],
    ["claude-permit trust", "changes"],
    ["claude-permit apply x --dry-run", "changes"],
    ["claude-permit rules list", "reads"],
    ["claude-permit fleet status --source duckdb:f", "reads"],
    ["claude-permit fleet init --apply duckdb:f", "changes"],
    ["claude-permit ship", "changes"],
    ["claude-permit rules revoke x", "changes"],
    ["claude-permit suggest", "reads"],
    ["claude-permit suggest --apply", "changes"],
    ["claude-permit import transcripts", "reads"],
    ["claude-permit import settings --write", "changes"],
    ["claude-permit digest --install-cron", "changes"],
    ["claude-permit mcp --allow-writes", "changes"],
    ["claude-permit fleet", "changes"],
    ["claude-permit $x", "changes"],
    ["claude-permit query $x", "changes"],
    ["claude-permit --unknown query", "changes"],
    ["npx claude-permit apply x", "changes"],
    ["npx -y claude-permit@latest rules list", "reads"],
    ["/usr/local/bin/claude-permit trust", "changes"],
    ["./node_modules/.bin/claude-permit trust", "changes"],
    ["node ./bin/claude-permit.js trust", "changes"],
    ["node /opt/claude-permit/dist/cli/main.js trust", "changes"],
    ["node /opt/claude-permit/dist/cli/main.js list", "reads"],
    ["node server.js", "none"],
    ["git add claude-permit", "none"],
    ["npm test", "none"],
  ])("%s: %s", (words, use) => {
    expect(ownUse(part(words))).toBe(use);
  });
});
