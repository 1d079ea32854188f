/** Judging calls once by what was looked at says the same of each as judging it alone. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { JudgeOnce, type Known, type Seen } from "../../src/analyze/simulate/judge-once.js";
import { Rejudge } from "../../src/analyze/simulate/rejudge.js";
import { type Fields, watchedInput } from "../../src/analyze/simulate/watched-input.js";
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

function answerOf<T>(
  once: JudgeOnce<T>,
  input: Record<string, unknown>,
  more: string,
  judge: (judged: (seen: Seen<T>) => void) => void,
): T | undefined {
  const found: T[] = [];
  once.ask(call(input), {}, more, judge, (answer) => found.push(answer));
  expect(found).toHaveLength(1);
  return found[0];
}

it("asks again only for what was looked at", () => {
  const asked: unknown[] = [];
  const once = new JudgeOnce<unknown>();
  const find = (input: Record<string, unknown>, more = "") =>
    answerOf(once, input, more, (judged) => {
      asked.push(input);
      const { input: seen, read } = watchedInput(input);
      const found = seen["a"] === 1 ? Object.keys(seen) : Object.hasOwn(seen, "b");
      judged({ found, fields: read() });
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

it("waits for a call that is being judged and may be the same, and asks again when it was another", () => {
  const once = new JudgeOnce<string>();
  const judging: { readonly seen: Seen<string>; readonly judged: (seen: Seen<string>) => void }[] = [];
  const answers: string[] = [];
  const ask = (input: Record<string, unknown>, seen: Seen<string>) =>
    once.ask(
      call(input),
      {},
      "",
      (judged) => judging.push({ seen, judged }),
      (found) => answers.push(found),
    );
  const next = () => {
    const one = judging.shift();
    one?.judged(one.seen);
  };
  ask({ a: 0 }, { found: "none", fields: ["a"] });
  next();
  // Both look the same as far as is known; the first turns out to depend on `b` as well.
  ask({ a: 1, b: 1 }, { found: "first", fields: ["a", "b"] });
  ask({ a: 1, b: 2 }, { found: "second", fields: ["a", "b"] });
  ask({ a: 1, b: 1, c: 3 }, { found: "never", fields: ["a", "b"] });
  expect(judging).toHaveLength(1);
  next();
  expect(answers).toEqual(["none", "first", "first"]);
  next();
  expect(answers).toEqual(["none", "first", "first", "second"]);
  expect(judging).toEqual([]);
  expect(once.size).toBe(3);
});

it("asks for nothing that an earlier run found", () => {
  const found = new Map<string, string>();
  const looks = new Map<string, readonly Fields[]>();
  const known: Known<string> = {
    looks: (tool) => looks.get(tool) ?? [],
    find: (key) => found.get(key),
    keepLooks: (tool, met) => looks.set(tool, met),
    keep: (key, answer) => found.set(key, answer),
  };
  const asked: unknown[] = [];
  const find = (once: JudgeOnce<string>, input: Record<string, unknown>) =>
    answerOf(once, input, "", (judged) => {
      asked.push(input);
      judged({ found: `a is ${input["a"]}`, fields: ["a"] });
    });
  expect(find(new JudgeOnce(known), { a: 1, b: 1 })).toBe("a is 1");
  const later = new JudgeOnce(known);
  expect(find(later, { a: 1, b: 2 })).toBe("a is 1");
  expect(find(later, { a: 2, b: 2 })).toBe("a is 2");
  expect(later.size).toBe(2);
  expect(asked).toHaveLength(2);
});
