/** Rules made from calls are closed: what was seen is covered, its neighbours are not. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { admittedDangers, DANGEROUS_COMMANDS } from "../../src/core/generalise/dangerous-neighbours.js";
import { generaliseCalls } from "../../src/core/generalise/generalise-calls.js";
import { compileDraft, compileDrafts, type RuleDraft, renderDraft } from "../../src/core/generalise/rule-draft.js";
import { evaluate } from "../../src/core/policy/evaluate.js";
import type { ToolCall } from "../../src/core/tool-call.js";
import { bash, covers, DEPS, NO_POLICY, PROJECT, toolCall } from "./calls.js";

function draftsOf(calls: readonly ToolCall[]): readonly RuleDraft[] {
  const found = generaliseCalls(calls, PROJECT, NO_POLICY, DEPS);
  if (found.kind === "refused") throw new Error(found.why);
  return found.drafts;
}

const rows: [string, readonly string[], readonly string[], readonly string[]][] = [
  [
    "options are those that were seen, values widen to their kind",
    ["git log --oneline -20", "git log -5 src/a.ts", "git log -p -- x/b.ts lib/c"],
    ["git log -3 docs/x.md", "git log --oneline -p"],
    [
      "git log --stat",
      "git log --output=x",
      "git log '--stat'",
      'git log "--stat" a',
      "git log \\--stat",
      "git log ../x",
    ],
  ],
  [
    "one command stays itself",
    ["npm run test"],
    ["npm run test"],
    ["npm run test:ci", "npm run deploy", "npm run test -- -x"],
  ],
  ["two arguments are no kind", ["cat a", "cat b"], ["cat a", "cat a b"], ["cat c", "cat .env", "cat"]],
  [
    "three are, inside the project and never secrets",
    ["cat a", "cat src/b", "cat c"],
    ["cat z", "cat src/deep/z.ts"],
    [
      "cat .env",
      "cat ../x",
      "cat /etc/passwd",
      "cat ~/.ssh/id_rsa",
      "cat a > b",
      "cat -A a",
      "cat src/.env.local",
      "cat k.pem",
    ],
  ],
  [
    "letters that were combined",
    ["ls -la", "ls -al src", "ls src lib test"],
    ["ls -l", "ls -la lib"],
    ["ls -R", "ls -laR", "ls /", "ls ~"],
  ],
  [
    "a test runner keeps its options and stays below the project",
    ["go test ./...", "go test ./cmd/x -run TestA -v", "go test -v ./b/...", "go test ./d"],
    ["go test ./e/...", "go test -run TestB ./d"],
    [
      "go test -exec /tmp/x ./...",
      "go test -o /tmp/x .",
      "go test ../other",
      "go test /tmp/evil",
      "go build ./...",
      "go test ./d > x",
    ],
  ],
  [
    "asking a forge, and nothing that changes it",
    ["gh pr view 12", "gh pr view 13 --json title", "gh pr view 14"],
    ["gh pr view 99"],
    ["gh pr view 12 --web", "gh pr merge 12", "gh pr view 12 -R o/r"],
  ],
  [
    "where git works",
    ["git -C src log", "git log -3"],
    ["git -C lib log -5"],
    ["git -C /etc log", "git -c a=b log", "git -C src push"],
  ],
  [
    "adding files",
    ["git add a.ts", "git add src/b.ts", "git add lib/d.ts"],
    ["git add src/new.ts"],
    ["git add -A", "git add .env", "git add ../x", "git add -f src/x"],
  ],
];

describe("a rule from commands", () => {
  test.each(rows)("%s", (_name, seen, covered, left) => {
    const drafts = draftsOf(seen.map((command) => bash(command)));
    const admits = (command: string) => drafts.some((draft) => covers(draft, bash(command)));
    expect([...seen, ...covered].filter((command) => !admits(command))).toEqual([]);
    expect(left.filter(admits)).toEqual([]);
  });

  it("holds in its project only", () => {
    const [draft] = draftsOf([bash("npm run test")]);
    expect(draft && covers(draft, bash("npm run test", { cwd: "/home/u/q", project: "/home/u/q" }))).toBe(false);
  });

  it.each([
    "rm -rf node_modules",
    "sudo ls",
    "git push --force origin main",
    "git reset --hard",
    "python3 -c 'x'",
    "npx tsc",
    "npm install x",
    "curl https://example.com",
    "cat .env",
    "X=1 make",
    "ls $DIR",
    "cat a > b",
    "git config user.name x",
    "gh pr merge 1",
    "cat <<E\nx\nE",
    "bash run.sh",
  ])("never for %s", (command) => {
    expect(generaliseCalls([bash(command)], PROJECT, NO_POLICY, DEPS).kind).toBe("refused");
  });

  it("admits none of the dangerous neighbours, and tells of one that does", () => {
    for (const [, seen] of rows) {
      for (const draft of draftsOf(seen.map((command) => bash(command)))) {
        const compiled = compileDraft(draft);
        if (compiled.kind === "refused") throw new Error(renderDraft(draft));
        expect(admittedDangers(compiled.policy, compiled.rule, PROJECT, DEPS)).toEqual([]);
      }
    }
    const broad = compileDraft({ kind: "allow", table: { name: "broad", pattern: "Bash(git push:*)" } });
    if (broad.kind === "refused") throw new Error("the pattern is a plain one");
    expect(admittedDangers(broad.policy, broad.rule, PROJECT, DEPS)).toContain("git push --force origin main");
  });

  it("never covers an option that was not seen, however it is written", () => {
    const seen = ["git log --oneline -20 a", "git log -5 src/a.ts", "git log -p x/b.ts lib/c", "git log 'a b' 'c|d' q"];
    const [draft] = draftsOf(seen.map((command) => bash(command)));
    if (draft === undefined) throw new Error("no draft");
    const option = fc
      .stringMatching(/^--?[a-z][a-z-]{0,8}(=[a-z/.]{0,6})?$/)
      .filter((one) => !/^(-p|--oneline)$/.test(one));
    const quoted = option.chain((one) =>
      fc.constantFrom(one, `'${one}'`, `"${one}"`, `\\${one}`, `${one.slice(0, 1)}''${one.slice(1)}`, `$'${one}'`),
    );
    fc.assert(
      fc.property(quoted, fc.constantFrom("", " a", " src/a.ts"), (word, rest) => {
        expect(covers(draft, bash(`git log ${word}${rest}`))).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
});

describe("a rule from other tools", () => {
  const rule = (tool: string, input: Readonly<Record<string, unknown>>) => {
    const [draft] = draftsOf([toolCall(tool, input)]);
    if (draft === undefined) throw new Error("no draft");
    return draft;
  };

  it("reads below a folder, never secrets", () => {
    const draft = rule("Read", { file_path: `${PROJECT}/src/a.ts` });
    expect(covers(draft, toolCall("Read", { file_path: `${PROJECT}/src/x/b.ts` }))).toBe(true);
    expect(covers(draft, toolCall("Grep", { pattern: "x", path: `${PROJECT}/src` }))).toBe(true);
    for (const path of [`${PROJECT}/lib/a`, `${PROJECT}/src/.env`, `${PROJECT}/src/../.env`, "/etc/passwd"]) {
      expect(covers(draft, toolCall("Read", { file_path: path }))).toBe(false);
    }
    expect(covers(draft, toolCall("Edit", { file_path: `${PROJECT}/src/a.ts` }))).toBe(false);
  });

  it("edits below a folder, never what steers tools", () => {
    const draft = rule("Edit", { file_path: `${PROJECT}/a.ts` });
    expect(covers(draft, toolCall("Write", { file_path: `${PROJECT}/b.ts` }))).toBe(true);
    for (const path of [".git/hooks/pre-commit", ".claude/settings.json", ".husky/pre-push", ".env"]) {
      expect(covers(draft, toolCall("Edit", { file_path: `${PROJECT}/${path}` }))).toBe(false);
    }
  });

  it("one host, one agent, one tool", () => {
    const fetch = rule("WebFetch", { url: "https://docs.example.com/a?q=1" });
    expect(covers(fetch, toolCall("WebFetch", { url: "https://docs.example.com/b" }))).toBe(true);
    expect(covers(fetch, toolCall("WebFetch", { url: "https://example.com/" }))).toBe(false);
    const tool = rule("mcp__issues__list", { team: "x" });
    expect(covers(tool, toolCall("mcp__issues__list", {}))).toBe(true);
    expect(covers(tool, toolCall("mcp__issues__list_secrets", {}))).toBe(false);
  });

  it.each([
    ["Read", { file_path: "/etc/passwd" }],
    ["Edit", { file_path: `${PROJECT}/.env` }],
    ["WebFetch", { url: "http://127.0.0.1/" }],
    ["ExitPlanMode", {}],
  ])("never for %s %o", (tool, input) => {
    expect(generaliseCalls([toolCall(tool, input)], PROJECT, NO_POLICY, DEPS).kind).toBe("refused");
  });
});

describe("rows of known attacks", () => {
  const rowsOf = (name: string): readonly string[] =>
    readFileSync(new URL(`../../fixtures/starter/${name}.jsonl`, import.meta.url), "utf8")
      .trim()
      .split("\n")
      .map((line) => String(JSON.parse(line).cmd));

  it("are admitted by no rule of the tables above", () => {
    const drafts = rows.flatMap(([, seen]) => draftsOf(seen.map((command) => bash(command))));
    const attacks = [...rowsOf("bypass"), ...rowsOf("dangerous"), ...DANGEROUS_COMMANDS];
    expect(attacks.length).toBeGreaterThan(500);
    const policy = compileDrafts(
      drafts.map((draft, index) => ({ ...draft, table: { ...draft.table, name: `r${index}` } })),
    );
    if (policy === null) throw new Error("the drafts are sound");
    const admits = (command: string) => evaluate(policy, bash(command), DEPS).decision === "allow";
    expect(rows.flatMap(([, seen]) => seen).filter((command) => !admits(command))).toEqual([]);
    expect(attacks.filter(admits)).toEqual([]);
  });
});
