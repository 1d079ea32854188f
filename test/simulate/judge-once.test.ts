/** Judging calls once by what was looked at says the same of each as judging it alone. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { JudgeOnce } from "../../src/analyze/simulate/judge-once.js";
import { Rejudge } from "../../src/analyze/simulate/rejudge.js";
import type { AuditRecord } from "../../src/core/audit/record.js";
import type { ToolCall } from "../../src/core/tool-call.js";
import { policyFrom } from "../engine/toml.js";

const POLICY = policyFrom(`
[[allow]]
name = "reading"
tool = "Read|Grep|Glob"

[[deny]]
name = "no-keys-in-files"
tool = "Write|Edit"
[deny.fields]
content = "BEGIN .* KEY"

[[ask]]
name = "pushing"
pattern = "Bash(git push *)"

[[allow]]
name = "writing"
tool = "Write|Edit|Bash|mcp__.*"
`);

const INPUTS: readonly (readonly [string, Record<string, unknown>])[] = [
  ["Write", { file_path: "/work/p/a", content: "x" }],
  ["Write", { file_path: "/work/p/a", content: "BEGIN RSA KEY" }],
  ["Write", { file_path: "/work/p/a" }],
  ["Write", { content: "x" }],
  ["Read", { file_path: "/work/p/a", limit: 3 }],
  ["Read", { file_path: "/work/p/a", limit: 4 }],
  ["Grep", { pattern: "x", glob: "/etc/*" }],
  ["Grep", { pattern: "x" }],
  ["Bash", { command: "git push x", description: "one" }],
  ["Bash", { command: "git push x", description: "two" }],
  ["Bash", { command: "ls", description: "one" }],
  ["Bash", { command: "ls", dangerouslyDisableSandbox: true }],
  ["Bash", { command: "echo 'open", description: "rm /home/dev/.claude/settings.json" }],
  ["Bash", { command: "echo 'open", description: "nothing" }],
  ["Bash", {}],
  ["mcp__a__b", { path: "/home/dev/.claude/settings.json" }],
  ["mcp__a__b", { path: "/work/p/a", more: { deep: ["/home/dev/.claude/settings.json"] } }],
  ["mcp__a__b", { path: "/work/p/a" }],
];

const record = fc.constantFrom(...INPUTS).map(
  ([tool_name, tool_input]): AuditRecord => ({
    v: 1,
    id: "019c1b4a-e31f-7399-bc41-000000000000",
    timestamp: "2026-11-01T10:00:00.000Z",
    event: "PreToolUse",
    session_id: "s",
    tier: "passthrough",
    decision: "passthrough",
    tool_name,
    project: "/work/p",
    cwd: "/work/p",
    home: "/home/dev",
    tool_input,
    auto_promoted: false,
  }),
);

it("says of every call what judging it alone says, in any order", () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 2, maxLength: 40 }), (records) => {
      const together = new Rejudge(() => POLICY);
      for (const one of records) {
        expect(together.judge(one, 0)).toEqual(new Rejudge(() => POLICY).judge(one, 0));
      }
    }),
    { numRuns: 50 },
  );
});

const call = (input: Record<string, unknown>): ToolCall => ({
  tool: "Edit",
  input,
  cwd: "/p",
  home: "/h",
  project: "/p",
  sessionId: "s",
  permissionMode: "default",
  attended: true,
});

it("asks again only for what was looked at", () => {
  const asked: unknown[] = [];
  const once = new JudgeOnce<unknown>();
  const find = (input: Record<string, unknown>, more = "") =>
    once.find(call(input), {}, more, ({ input: seen }) => {
      asked.push(input);
      return seen["a"] === 1 ? Object.keys(seen) : Object.hasOwn(seen, "b");
    });
  expect(find({ a: 0, c: 1 })).toBe(false);
  expect(find({ a: 0, c: 2 })).toBe(false);
  expect(find({ a: 0, b: undefined })).toBe(true);
  expect(find({ a: 1, c: 1 })).toEqual(["a", "c"]);
  expect(find({ a: 1, c: 2 })).toEqual(["a", "c"]);
  expect(find({ a: 1, d: 2 })).toEqual(["a", "d"]);
  expect(find({ a: 0, c: 2 }, "another policy")).toBe(false);
  expect(asked).toHaveLength(6);
  expect(once.size).toBe(6);
});
