/** The short way of a call under a policy without rules is the long way's outcome. */
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { builtinFinding } from "../../src/core/policy/builtin.js";
import { readFacts } from "../../src/core/policy/facts.js";
import { judge } from "../../src/core/policy/judge.js";
import { judgeByRules } from "../../src/core/policy/judge-rules.js";
import { analyzeShell } from "../../src/core/shell/analyze.js";
import { policyOf } from "../hook/scene.js";

const guarded = { folders: ["/home/u/.claude/claude-permit"], files: ["/home/u/.claude/settings.json"] };
const deps = { resolvePath: resolve, parseShell: analyzeShell, now: 0 };

test.each<[string, object]>([
  ["Read", { file_path: "/work/p/a.ts" }],
  ["Read", { file_path: "a\0b" }],
  ["Edit", { file_path: "/work/p/a.ts" }],
  ["Write", { file_path: "/home/u/.claude/settings.json" }],
  ["Grep", { pattern: "a" }],
  ["mcp__files__write", { path: "/home/u/.claude/claude-permit/config.toml" }],
  ["mcp__files__write", { path: "/tmp/a" }],
  ["WebFetch", { url: "https://example.com" }],
  ["Bash", { command: "git status && ls > out.txt" }],
  ["Bash", { command: "$X -rf /" }],
  ["Bash", { command: "echo 'unclosed" }],
  ["Bash", { command: "" }],
  ["Bash", { command: "rm -rf ~/.claude/claude-permit" }],
  ["Bash", { command: "if [ CLAUDE_PERMIT_HOME=x" }],
])("%s %j", (tool, input) => {
  for (const state of ["ok", "broken"] as const) {
    for (const attended of [true, false]) {
      const call = { tool, input: { ...input }, cwd: "/work/p", home: "/home/u", project: "/work/p", sessionId: "s" };
      const policy = { ...policyOf(""), guarded, state };
      const facts = readFacts(policy, { ...call, permissionMode: "default", attended }, deps);
      const long = judgeByRules(facts, builtinFinding(facts), false);
      expect(judge(facts, false).outcome).toEqual(long.outcome);
    }
  }
});
