import { describe, expect, it } from "vitest";
import type { Effect } from "../../src/core/decision.js";
import { brokenPolicy } from "../../src/core/policy/compile.js";
import { evaluate } from "../../src/core/policy/evaluate.js";
import { callOf, deps, HOME, PROJECT, policyOf, type ShortRule, settings } from "./world.js";

type Input = Readonly<Record<string, unknown>>;
type Row = [string, ShortRule, string, Input, string];

const decisionOf = (rules: readonly ShortRule[], tool: string, input: Input, more = {}) =>
  evaluate(policyOf(rules), callOf(tool, input, more), deps()).decision;

const allow = (pattern: string): ShortRule => ({ kind: "allow", pattern });
const deny = (pattern: string): ShortRule => ({ kind: "deny", pattern });
const file = (path: string): Input => ({ file_path: path });

describe("Claude Code's patterns, to allow", () => {
  it.each<Row>([
    ["a bare tool", allow("Read"), "Read", file("/etc/hosts"), "allow"],
    ["another tool", allow("Read"), "Write", file("/etc/hosts"), "passthrough"],
    ["a path below the project", allow("Read(/src/**)"), "Read", file(`${PROJECT}/src/a/b.ts`), "allow"],
    ["beside it", allow("Read(/src/**)"), "Read", file(`${PROJECT}/lib/b.ts`), "passthrough"],
    ["out of it by dots", allow("Read(/src/**)"), "Read", file(`${PROJECT}/src/../.env`), "passthrough"],
    ["out of it by a link", allow("Read(/**)"), "Read", file(`${PROJECT}/link-out/id_rsa`), "passthrough"],
    ["in it by a link from outside", allow("Read(/src/**)"), "Read", file("/tmp/src/a"), "passthrough"],
    ["a loop of links", allow("Read(//**)"), "Read", file("/loop/a"), "passthrough"],
    ["NUL", allow("Read"), "Read", file("/a\0b"), "passthrough"],
    ["Read covers Grep there", allow("Read(/src/**)"), "Grep", { pattern: "x", path: "src/a" }, "allow"],
    ["but not a search of everything", allow("Read(/src/**)"), "Grep", { pattern: "x" }, "passthrough"],
    ["nor a file pattern that leaves", allow("Read(/**)"), "Glob", { pattern: "/etc/*" }, "passthrough"],
    ["nor one that climbs", allow("Read(/**)"), "Glob", { pattern: "../*" }, "passthrough"],
    ["Read is no Edit", allow("Read(/**)"), "Edit", file(`${PROJECT}/a`), "passthrough"],
    ["Edit covers Write", allow("Edit(/src/**)"), "Write", file(`${PROJECT}/src/a`), "allow"],
    ["Edit is no Read", allow("Edit(/src/**)"), "Read", file(`${PROJECT}/src/a`), "passthrough"],
    ["home", allow("Read(~/notes/**)"), "Read", file("~/notes/a"), "allow"],
    ["another case", allow("Read(~/notes/**)"), "Read", file("~/Notes/a"), "passthrough"],
    ["a host", allow("WebFetch(domain:docs.rs)"), "WebFetch", { url: "https://docs.rs/x" }, "allow"],
    ["a host below", allow("WebFetch(domain:docs.rs)"), "WebFetch", { url: "https://evil.docs.rs/x" }, "passthrough"],
    [
      "a user name that looks like it",
      allow("WebFetch(domain:docs.rs)"),
      "WebFetch",
      { url: "https://docs.rs@evil.example" },
      "passthrough",
    ],
    ["no URL", allow("WebFetch(domain:docs.rs)"), "WebFetch", { url: "docs.rs" }, "passthrough"],
    ["hosts below", allow("WebFetch(domain:*.rs)"), "WebFetch", { url: "https://a.b.rs./x" }, "allow"],
    ["a server", allow("mcp__db"), "mcp__db__query", {}, "allow"],
    ["another server", allow("mcp__db"), "mcp__dbx__query", {}, "passthrough"],
    ["a tool of a server", allow("mcp__db__query"), "mcp__db__drop", {}, "passthrough"],
    ["an agent", allow("Agent(Explore)"), "Task", { subagent_type: "Explore" }, "allow"],
    ["another agent", allow("Agent(Explore)"), "Agent", { subagent_type: "Explorer" }, "passthrough"],
    ["an agent without a name", allow("Agent(general-purpose)"), "Agent", { prompt: "x" }, "allow"],
    ["a skill", allow("Skill(review)"), "Skill", { skill: "review" }, "allow"],
    ["a skill with words", allow("Skill(review)"), "Skill", { skill: "review", args: "all" }, "passthrough"],
    ["a skill with any words", allow("Skill(review *)"), "Skill", { skill: "review", args: "all" }, "allow"],
  ])("%s", (_what, rule, tool, input, decision) => {
    expect(decisionOf([rule], tool, input)).toBe(decision);
  });
});

describe("Claude Code's patterns, to deny", () => {
  it.each<Row>([
    ["a name at any depth", deny("Read(.env)"), "Read", file(`${PROJECT}/a/b/.env`), "deny"],
    ["in another case", deny("Read(.env)"), "Read", file(`${PROJECT}/.ENV`), "deny"],
    ["another name", deny("Read(.env)"), "Read", file(`${PROJECT}/.envrc`), "passthrough"],
    ["through a link", deny("Read(~/.ssh/**)"), "Read", file(`${PROJECT}/keys`), "deny"],
    ["a dot that some file systems drop", deny("Read(~/.config/gh/**)"), "Read", file("~/.config./gh/x"), "deny"],
    ["a blank that they drop", deny("Read(~/.config/gh/**)"), "Read", file("~/.config /gh/x"), "deny"],
    ["a stream of a folder", deny("Read(~/.config/gh/**)"), "Read", file("~/.config:$I30/gh/x"), "deny"],
    ["a dot in a command", deny("Read(~/.config/gh/**)"), "Bash", { command: "cat ~/.config./gh/x" }, "deny"],
    ["named as the link", deny("Read(/keys)"), "Read", file(`${PROJECT}/keys`), "deny"],
    ["by dots behind a link", deny("Read(~/.bashrc)"), "Read", file(`${PROJECT}/link-out/../.bashrc`), "deny"],
    ["with composed accents", deny("Read(caf\u00e9)"), "Read", file(`${PROJECT}/cafe\u0301`), "deny"],
    ["with split accents", deny("Read(cafe\u0301)"), "Read", file(`${PROJECT}/caf\u00e9`), "deny"],
    ["reading denies writing", deny("Read(.env)"), "Write", file(".env"), "deny"],
    ["writing leaves reading", deny("Edit(.env)"), "Read", file(".env"), "passthrough"],
    [
      "asking about reading leaves writing",
      { kind: "ask", pattern: "Read(.env)" },
      "Write",
      file(".env"),
      "passthrough",
    ],
    ["a folder that is searched", deny("Read(~/.ssh/**)"), "Grep", { pattern: "x", path: "~/.ssh" }, "deny"],
    ["another user's home is not known", deny("Read(.env)"), "Read", file("~root/.env"), "ask"],
    ["a loop of links is not known", deny("Read(.env)"), "Read", file("/loop/a"), "ask"],
    [
      "a host in capitals",
      deny("WebFetch(domain:evil.example)"),
      "WebFetch",
      { url: "HTTPS://EVIL.example:8/x" },
      "deny",
    ],
    ["no URL at all", deny("WebFetch(domain:evil.example)"), "WebFetch", { url: "::" }, "ask"],
    ["a parameter", deny("Bash(run_in_background:true)"), "Bash", { command: "ls", run_in_background: true }, "deny"],
    [
      "a parameter with another value",
      deny("Bash(run_in_background:true)"),
      "Bash",
      { command: "ls", run_in_background: false },
      "passthrough",
    ],
    [
      "a parameter with structure",
      deny("Bash(run_in_background:true)"),
      "Bash",
      { command: "ls", run_in_background: [true] },
      "ask",
    ],
    ["every tool", deny("*"), "Whatever", {}, "deny"],
  ])("%s", (_what, rule, tool, input, decision) => {
    expect(decisionOf([rule], tool, input)).toBe(decision);
  });
});

describe("regexes on fields", () => {
  const srv = (kind: "allow" | "deny", more: Partial<ShortRule> = {}): ShortRule => ({
    kind,
    tool: "Read|Write",
    fields: { file_path: "^/srv/app/" },
    ...more,
  });
  const noSecrets = { exclude: { file_path: "\\.(env|pem)$" } };
  it.each<[string, ShortRule, string, Input, string]>([
    ["allow", srv("allow"), "Read", file("/srv/app/a"), "allow"],
    ["allow, out by dots", srv("allow"), "Read", file("/srv/app/../b"), "passthrough"],
    ["allow, excluded", srv("allow", noSecrets), "Read", file("/srv/app/.env"), "passthrough"],
    ["allow, excluded in capitals", srv("allow", noSecrets), "Read", file("/srv/app/.ENV"), "passthrough"],
    ["allow, not excluded", srv("allow", noSecrets), "Read", file("/srv/app/env"), "allow"],
    ["allow, absent", srv("allow"), "Read", {}, "passthrough"],
    ["allow, structured", srv("allow"), "Read", { file_path: ["/srv/app/a"] }, "passthrough"],
    [
      "allow, a link out",
      { kind: "allow", fields: { file_path: `^${PROJECT}/` } },
      "Read",
      file(`${PROJECT}/keys`),
      "passthrough",
    ],
    ["allow, relative", { kind: "allow", fields: { file_path: "^src/" } }, "Read", file("src/a"), "allow"],
    [
      "allow, relative by dots",
      { kind: "allow", fields: { file_path: "^src/" } },
      "Read",
      file("src/../a"),
      "passthrough",
    ],
    ["deny", srv("deny"), "Read", file("/srv/app/a"), "deny"],
    ["deny, by dots", srv("deny"), "Read", file("/srv/x/../app/a"), "deny"],
    ["deny, in capitals", srv("deny"), "Read", file("/SRV/app/a"), "deny"],
    ["deny, excluded", srv("deny", noSecrets), "Read", file("/srv/app/x.pem"), "passthrough"],
    ["deny, excluded by spelling only", srv("deny", noSecrets), "Read", file("/srv/app/x.pem/../y"), "deny"],
    ["deny, absent", srv("deny"), "Read", {}, "passthrough"],
    ["deny, structured", srv("deny"), "Read", { file_path: ["/srv/app/a"] }, "ask"],
    ["deny, inherited", { kind: "deny", fields: { toString: "." } }, "Read", {}, "passthrough"],
    ["deny, a number", { kind: "deny", fields: { limit: "^5$" } }, "Read", { limit: 5 }, "deny"],
    [
      "deny, beyond the cap",
      { kind: "deny", fields: { content: "evil" } },
      "Write",
      { content: `${"x".repeat(70_000)}evil` },
      "ask",
    ],
    [
      "deny, before the cap",
      { kind: "deny", fields: { content: "evil" } },
      "Write",
      { content: `evil${"x".repeat(70_000)}` },
      "deny",
    ],
    [
      "allow, beyond the cap",
      { kind: "allow", fields: { content: "x" } },
      "Write",
      { content: "x".repeat(70_000) },
      "passthrough",
    ],
  ])("%s", (_what, rule, tool, input, decision) => {
    expect(decisionOf([rule], tool, input)).toBe(decision);
  });
});

describe("who decides", () => {
  const read = file(`${PROJECT}/a`);
  const rules: readonly ShortRule[] = [
    { kind: "passthrough", name: "p", tool: "Read" },
    { kind: "allow", name: "l", tool: "Read" },
    { kind: "ask", name: "a", tool: "Read" },
    { kind: "deny", name: "d", tool: "Read" },
  ];
  const by = (list: readonly ShortRule[]) => {
    const { decision, tier, rule, open } = evaluate(policyOf(list), callOf("Read", read), deps());
    return [decision, tier, rule?.id, open];
  };

  it("deny, then ask, then allow, then passthrough, whatever the order and the layer", () => {
    expect(by(rules)).toEqual(["deny", "deny", "d", false]);
    expect(by([...rules].reverse())).toEqual(["deny", "deny", "d", false]);
    expect(by(rules.slice(0, 3))).toEqual(["ask", "ask", "a", false]);
    expect(by(rules.slice(0, 2))).toEqual(["allow", "allow", "l", false]);
    expect(by(rules.slice(0, 1))).toEqual(["passthrough", "passthrough", "p", false]);
    expect(by([])).toEqual(["passthrough", "passthrough", undefined, true]);
    const layered = rules.map((rule, index) => ({
      ...rule,
      layer: (["managed", "managed", "user", "project"] as const)[index] ?? "user",
    }));
    expect(by(layered)).toEqual(["deny", "deny", "d", false]);
  });

  it("deny_promote rules decide nothing", () => {
    expect(by([{ kind: "deny_promote", tool: "Read" }])).toEqual(["passthrough", "passthrough", undefined, true]);
  });

  it("under a broken policy only deny and ask count, and the rest follows `fail`", () => {
    const options = { engine: "test", guarded: { folders: [], files: [] } };
    const lastGood = policyOf([rules[3] ?? { kind: "deny" }, { kind: "allow", tool: ".*" }]);
    const problems = [
      { severity: "error", code: "toml-syntax", message: "unclosed string", file: "config.toml", line: 3 },
    ] as const;
    const policy = brokenPolicy(lastGood, problems, options);
    const decide = (tool: string, fail: "ask" | "deny" | "passthrough", attended = true) => {
      const { decision, tier } = evaluate(
        { ...policy, settings: settings({ fail }) },
        callOf(tool, {}, { attended }),
        deps(),
      );
      return [decision, tier];
    };
    expect(decide("Read", "ask")).toEqual(["deny", "deny"]);
    expect(decide("Write", "ask")).toEqual(["ask", "error"]);
    expect(decide("Write", "deny")).toEqual(["deny", "error"]);
    expect(decide("Write", "passthrough")).toEqual(["passthrough", "error"]);
    expect(decide("Write", "passthrough", false)).toEqual(["deny", "error"]);
    const { reason, open } = evaluate(policy, callOf("Write", {}), deps());
    expect(reason).toContain("unclosed string at config.toml:3");
    expect(reason).toContain("claude-permit status");
    expect(open).toBe(false);
  });
});

describe("what a call does", () => {
  it.each<[string, Input, Effect]>([
    ["Read", file("/etc/passwd"), "reads"],
    ["Grep", { pattern: "x" }, "reads"],
    ["Write", file(`${PROJECT}/a`), "writes-project"],
    ["Write", file(`${PROJECT}/../a`), "writes-outside"],
    ["Write", file(`${PROJECT}/link-out/a`), "writes-outside"],
    ["NotebookEdit", { notebook_path: `${HOME}/n.ipynb` }, "writes-outside"],
    ["Write", {}, "unknown"],
    ["WebFetch", { url: "https://x.example" }, "network"],
    ["Agent", { prompt: "x" }, "unknown"],
    ["mcp__a__b", {}, "unknown"],
    ["TodoWrite", { todos: [] }, "reads"],
  ])("%s %j: %s", (tool, input, effect) => {
    expect(evaluate(policyOf([]), callOf(tool, input), deps()).effect).toBe(effect);
  });
});
