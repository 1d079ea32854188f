import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../../src/core/errors.js";
import { compilePattern } from "../../src/core/policy/pattern.js";
import type { Pattern, Regex, RuleKind } from "../../src/core/policy/policy.js";

const compiled = (text: string, kind: RuleKind = "deny") =>
  compilePattern(text, { kind, baseFolder: "/home/user/.claude" });

function pattern<K extends Pattern["kind"]>(text: string, expected: K, kind: RuleKind = "deny") {
  const result = compiled(text, kind);
  if (result.kind === "refused") throw new Error(`${text}: ${result.code}`);
  if (result.pattern.kind !== expected) throw new Error(`${text} is a ${result.pattern.kind}`);
  return result.pattern as Extract<Pattern, { kind: K }>;
}

const test = (regex: Regex, text: string) => new RegExp(regex.source, regex.flags).test(text);

describe("commands", () => {
  /** pattern, what it matches, neighbours it must not match */
  it.each<[string, readonly string[], readonly string[]]>([
    ["Bash(x *)", ["x", "x ", "x y", "x y\nz"], ["xyz", "yx", " x", "X y"]],
    ["Bash(x:*)", ["x", "x y"], ["xyz", "x:y", "yx"]],
    ["Bash(x*)", ["x", "xyz", "x y"], ["yx"]],
    ["Bash(x)", ["x"], ["x y", "xy", "yx"]],
    ["Bash(* end)", ["a end", "a b end", " end"], ["end", "a end ", "a endx", "aend"]],
    ["Bash(a * b)", ["a x b", "a x y b", "a  b"], ["a b", "ab", "a x b c"]],
    ["Bash(git commit -m *)", ["git commit -m", "git commit -m 'x y'"], ["git commit -am x", "git commit"]],
    ["Bash(a:b *)", ["a:b", "a:b c"], ["a b", "a"]],
    ["Bash(a:*b)", ["a:b", "a:xb"], ["a:bx", "a"]],
    ["Bash(npm run test:*)", ["npm run test", "npm run test x"], ["npm run test:unit", "npm run testx"]],
    ["Bash(echo \\* *)", ["echo * ", "echo * x"], ["echo x", "echo", "echo x y"]],
    ["Bash(a.b (c) *)", ["a.b (c)", "a.b (c) d"], ["axb (c)", "a.b c"]],
    ["Bash(*a*b*c*)", ["abc", "xaxbxcx", "a a b c"], ["acb", "ab", "bca"]],
    ["Bash(a * b * c * d)", ["a 1 b 2 c 3 d", "a b b c c c c d d"], ["a b c d", "a 1 b 2 d 3 c", "a 1 b 2 c 3 d 4"]],
    ["Bash(a * b *:*)", ["a x b ", "a x b y"], ["a x b", "a b y"]],
    ["Bash(timeout:*)", ["timeout", "timeout 5 x"], ["timeoutx"]],
    ["Bash(run_in_background)", ["run_in_background"], ["true"]],
  ])("%s", (text, yes, no) => {
    for (const kind of ["deny", "allow"] as const) {
      const { command, tool, ignoreCase } = pattern(text, "command", kind);
      expect([
        tool,
        ignoreCase,
        yes.filter((one) => !test(command, one)),
        no.filter((one) => test(command, one)),
      ]).toEqual(["Bash", false, [], []]);
    }
  });

  it("lets the last wildcard be empty after another one only where more is stricter", () => {
    expect(test(pattern("Bash(git * main *)", "command", "deny").command, "git push main")).toBe(true);
    expect(test(pattern("Bash(git * main *)", "command", "allow").command, "git push main")).toBe(false);
  });

  it("ignores case in PowerShell", () => {
    const { command, tool, ignoreCase } = pattern("PowerShell(Get-ChildItem *)", "command");
    expect([tool, ignoreCase, test(command, "get-childitem x"), test(command, "get-item x")]).toEqual([
      "PowerShell",
      true,
      true,
      false,
    ]);
  });
});

describe("tools", () => {
  it.each<[string, RuleKind, readonly string[], readonly string[]]>([
    ["WebSearch", "allow", ["WebSearch"], ["WebFetch", "WebSearchX"]],
    ["WebSearch(*)", "allow", ["WebSearch"], ["WebFetch"]],
    ["Edit", "allow", ["Edit"], ["Write", "MultiEdit"]],
    ["Edit", "deny", ["Edit", "Write", "MultiEdit", "NotebookEdit"], ["Read"]],
    ["Read", "ask", ["Read", "Grep", "Glob"], ["Edit", "LSPX"]],
    ["Task", "deny", ["Agent"], ["Task2"]],
    ["mcp__git", "allow", ["mcp__git", "mcp__git__push"], ["mcp__github__push", "mcp__gi"]],
    ["mcp__git__*", "allow", ["mcp__git__push"], ["mcp__git", "mcp__github__push"]],
    ["mcp__git__push", "allow", ["mcp__git__push"], ["mcp__git__push_force", "mcp__git"]],
    ["mcp__git__push(*)", "allow", ["mcp__git__push"], ["mcp__git__pull"]],
    ["mcp__my-srv.x__get_*", "allow", ["mcp__my-srv.x__get_a"], ["mcp__my-srvyx__get_a", "mcp__my-srv.x__set"]],
    ["*", "deny", ["Bash", "mcp__a__b"], []],
    ["mcp__*", "ask", ["mcp__a__b"], ["Bash"]],
    ["Web*", "deny", ["WebFetch", "WebSearch"], ["Bash"]],
  ])("%s in %s", (text, kind, yes, no) => {
    const { tool } = pattern(text, "tool", kind);
    expect([yes.filter((one) => !test(tool, one)), no.filter((one) => test(tool, one))]).toEqual([[], []]);
  });
});

describe("paths", () => {
  /** pattern, kind, anchor, paths below the anchor that match, and neighbours that must not */
  it.each<[string, RuleKind, string, readonly string[], readonly string[]]>([
    ["Read(//etc/passwd)", "deny", "root", ["etc/passwd"], ["etc/passwd2", "x/etc/passwd", "etc"]],
    ["Read(//etc/**)", "deny", "root", ["etc", "etc/a", "etc/a/b"], ["etc2/a"]],
    ["Read(//etc/**)", "allow", "root", ["etc/a", "etc/a/b"], ["etc", "etc2/a"]],
    ["Edit(~/notes/*.md)", "allow", "home", ["notes/a.md"], ["notes/b/a.md", "notes/a.mdx", "x/notes/a.md"]],
    ["Edit(~/notes/*.md)", "deny", "home", ["notes/a.md", "notes/a.md/b"], ["notes/b/a.md"]],
    ["Read(~/.ssh)", "deny", "home", [".ssh", ".ssh/id_rsa"], ["xssh", ".sshx"]],
    ["Read(~)", "deny", "home", ["", "a", "a/b"], []],
    ["Read(/docs/**)", "allow", "source", ["docs/a", "docs/b/c"], ["doc/a", "x/docs/a"]],
    [
      "Edit(src/**/*.ts)",
      "allow",
      "cwd",
      ["src/a.ts", "src/a/b.ts", "src/a/b/c.ts"],
      ["src/a.tsx", "lib/a.ts", "x/src/a.ts"],
    ],
    ["Edit(./src/*)", "allow", "cwd", ["src/a"], ["src/a/b", "src"]],
    ["Edit(./src/*)", "deny", "cwd", ["src/a", "src/a/b"], ["src", "lib/a"]],
    ["Edit(src/lib)", "allow", "cwd", ["src/lib", "src/lib/a"], ["src/libx", "x/src/lib"]],
    ["Read(.env)", "allow", "cwd", [".env", "a/b/.env"], [".env.local", "xenv", "a.env"]],
    ["Read(.env)", "deny", "any-depth", [".env", "a/b/.env"], [".env.local", "xenv", "a.env"]],
    ["Read(**/.env)", "deny", "any-depth", [".env", "a/b/.env"], [".env.local"]],
    ["Read(*.pem)", "deny", "any-depth", ["a.pem", "x/y/a.pem"], ["a.pem2", "pem"]],
    ["Read(*.pem)", "allow", "cwd", ["a.pem", "x/y/a.pem"], ["a.pem/x"]],
    ["Edit(build/**)", "allow", "cwd", ["build/a", "build/a/b"], ["x/build/a", "build"]],
    ["Edit(build/**)", "deny", "any-depth", ["build", "build/a", "x/build/a/b"], ["builds/a"]],
    ["Edit(build/)", "deny", "any-depth", ["build/a", "x/build/a"], ["buildx/a"]],
    ["Edit(build/)", "allow", "cwd", ["build/a"], ["buildx/a"]],
    ["Edit(**)", "allow", "cwd", ["a", "a/b"], []],
    ["Edit(**)", "deny", "cwd", ["a", "a/b"], []],
    ["Read(../secrets/**)", "deny", "any-depth", ["secrets/a", "x/secrets/a"], ["secret/a"]],
    ["Read(a?c)", "deny", "any-depth", ["abc", "x/abc"], ["a/c", "abbc"]],
    ["Read(app/[slug]/p.ts)", "deny", "cwd", ["app/s/p.ts", "app/[slug]/p.ts"], ["app/x/p.ts"]],
    ["Read(app/[slug]/p.ts)", "allow", "cwd", ["app/s/p.ts"], ["app/[slug]/p.ts", "app/x/p.ts"]],
    ["Read(a[!b]c)", "deny", "any-depth", ["axc"], ["abc", "a/c"]],
    ["Read(a\\*b)", "deny", "any-depth", ["a*b"], ["axb"]],
    ["Read(a+b(c).x)", "deny", "any-depth", ["a+b(c).x"], ["aab(c).x", "a+b(c)yx"]],
  ])("%s in %s is anchored at %s", (text, kind, anchor, yes, no) => {
    const { path, anchor: found } = pattern(text, "path", kind);
    expect([found, yes.filter((one) => !test(path, one)), no.filter((one) => test(path, one))]).toEqual([
      anchor,
      [],
      [],
    ]);
  });

  it("is about reads or edits, from the folder of its source", () => {
    expect(pattern("Edit(/a)", "path")).toMatchObject({ access: "edit", base: "/home/user/.claude" });
    expect(pattern("Read(a)", "path")).toMatchObject({ access: "read", base: "" });
  });

  it("warns of a path that only looks absolute", () => {
    expect(compiled("Read(/etc/passwd)")).toMatchObject({
      kind: "pattern",
      warning: { code: "pattern-rooted", values: { instead: "Read(//etc/passwd)" } },
    });
    expect(compiled("Read(/docs/etc)")).not.toHaveProperty("warning");
  });
});

describe("domains, agents, skills, parameters", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      "WebFetch(domain:example.com)",
      ["example.com", "EXAMPLE.com"],
      ["a.example.com", "example.com.evil.org", "examplexcom"],
    ],
    ["WebFetch(domain:*.example.com)", ["a.example.com", "a.b.example.com"], ["example.com", "xexample.com"]],
    ["WebFetch(domain:api-*.example.com)", ["api-1.example.com"], ["api-1.x.example.com", "api.example.com"]],
    ["WebFetch(domain:*)", ["a", "a.b"], []],
  ])("%s", (text, yes, no) => {
    const { host } = pattern(text, "domain", "allow");
    expect([yes.filter((one) => !test(host, one)), no.filter((one) => test(host, one))]).toEqual([[], []]);
  });

  it("reads agents under both names", () => {
    for (const text of ["Agent(Explore)", "Task(Explore)"]) {
      const { agent } = pattern(text, "agent", "allow");
      expect([test(agent, "Explore"), test(agent, "Explorer")]).toEqual([true, false]);
    }
    expect(test(pattern("Agent(plugin:review)", "agent", "allow").agent, "plugin:review")).toBe(true);
  });

  it("reads skills with and without arguments", () => {
    expect(test(pattern("Skill(pdf)", "skill").skill, "pdf now")).toBe(false);
    const { skill } = pattern("Skill(pdf *)", "skill");
    expect(["pdf", "pdf now", "pdfx"].map((text) => test(skill, text))).toEqual([true, true, false]);
  });

  it.each<[string, string, string, readonly string[], readonly string[]]>([
    ["Bash(run_in_background:true)", "Bash", "run_in_background", ["true"], ["false", "xtrue"]],
    ["Agent(model:opus)", "Agent", "model", ["opus"], ["opus-4"]],
    ["Agent(model:*)", "Agent", "model", ["opus", ""], []],
    ["mcp__db__query(mode:write*)", "mcp__db__query", "mode", ["write", "write-all"], ["read"]],
  ])("%s is about a parameter", (text, tool, field, yes, no) => {
    const found = pattern(text, "parameter", "ask");
    expect([found.field, test(found.tool, tool), test(found.tool, `${tool}x`)]).toEqual([field, true, false]);
    expect([yes.filter((one) => !test(found.value, one)), no.filter((one) => test(found.value, one))]).toEqual([
      [],
      [],
    ]);
    expect(compiled(text, "allow")).toMatchObject({ kind: "refused", code: "pattern-kind" });
  });
});

describe("what is refused", () => {
  it.each<[string, string]>([
    ["Bash(git status", "pattern-syntax"],
    ["Bash git status)", "pattern-syntax"],
    ["Bash()", "pattern-syntax"],
    ["Bash( )", "pattern-syntax"],
    ["Bash(:*)", "pattern-syntax"],
    ["Bash:*", "pattern-syntax"],
    ["", "pattern-syntax"],
    ["(ls)", "pattern-syntax"],
    ["git status", "pattern-syntax"],
    ["Bash(done)", "pattern-fragment"],
    ["Bash(then)", "pattern-fragment"],
    ["Bash(do echo *)", "pattern-fragment"],
    ["Bash(for f in *)", "pattern-fragment"],
    ["Bash(if:*)", "pattern-fragment"],
    ["Bash({ ls)", "pattern-fragment"],
    ["Bash(&& ls)", "pattern-fragment"],
    ["Write(src/**)", "pattern-ignored"],
    ["MultiEdit(a)", "pattern-ignored"],
    ["NotebookEdit(a)", "pattern-ignored"],
    ["Glob(a)", "pattern-ignored"],
    ["Grep(a)", "pattern-ignored"],
    ["WebSearch(cats)", "pattern-specifier"],
    ["TodoWrite(x)", "pattern-specifier"],
    ["WebFetch(https://example.com)", "pattern-domain"],
    ["WebFetch(domain:)", "pattern-domain"],
    ["WebFetch(domain:a/b)", "pattern-domain"],
    ["Read(!a)", "pattern-negation"],
    ["Read($HOME/.ssh/**)", "pattern-variable"],
    ["Read(..)", "pattern-parent"],
    ["Read(a/../../b)", "pattern-parent"],
    ["Read(//a/../b)", "pattern-parent"],
  ])("%s: %s", (text, code) => {
    expect(compiled(text)).toMatchObject({ kind: "refused", code });
  });

  it.each<[string, string]>([
    ["*", "pattern-kind"],
    ["mcp__*", "pattern-kind"],
    ["Web*", "pattern-kind"],
    ["Read(../x/**)", "pattern-parent"],
  ])("%s in an allow rule: %s", (text, code) => {
    expect(compiled(text, "allow")).toMatchObject({ kind: "refused", code });
    expect(compiled(text, "deny").kind).toBe("pattern");
  });

  it("says which rule counts instead", () => {
    expect(compiled("Write(src/**)")).toMatchObject({ values: { tool: "Write", instead: "Edit(src/**)" } });
    expect(compiled("Grep(src/**)")).toMatchObject({ values: { tool: "Grep", instead: "Read(src/**)" } });
  });
});

describe("entries of real settings files", () => {
  const entries = readFileSync(new URL("../../fixtures/policy/settings-entries.jsonl", import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): { kind: "allow" | "deny" | "ask"; entry: string } => JSON.parse(line));

  it("compile, or are refused with a code", () => {
    const refused = entries.flatMap(({ kind, entry }) => {
      const result = compiled(entry, kind);
      if (result.kind === "pattern") return [];
      expect(ERROR_CODES, entry).toHaveProperty(result.code);
      return [`${kind} ${entry}: ${result.code}`];
    });
    expect(entries.length).toBeGreaterThan(100);
    expect(refused).toMatchSnapshot();
  });

  const shared = new URL("../../../shared/data/claude_settings.jsonl.gz", import.meta.url);
  it.skipIf(!existsSync(shared))("never throw, in a large collection", () => {
    const lines = gunzipSync(readFileSync(shared)).toString().split("\n");
    const all = lines.flatMap((line) =>
      [...line.matchAll(/\\"([A-Z][A-Za-z]+(?:\([^"\\]{1,200}\))?)\\"/g)].map((match) => match[1] ?? ""),
    );
    const codes = new Set<string>();
    for (const entry of new Set(all)) {
      for (const kind of ["allow", "deny"] as const) {
        const result = compiled(entry, kind);
        if (result.kind === "refused") codes.add(result.code);
      }
    }
    expect(new Set(all).size).toBeGreaterThan(500);
    expect([...codes].filter((code) => !Object.hasOwn(ERROR_CODES, code))).toEqual([]);
  });
});
