/** What a change would have meant is what judging every call twice says, though most are not judged. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { effectOnHistory } from "../../src/analyze/apply/effect-on-history.js";
import { openScan } from "../../src/analyze/scan/open-scan.js";
import { Rejudge } from "../../src/analyze/simulate/rejudge.js";
import { encodeRecord } from "../../src/core/audit/encode.js";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { policyFrom } from "../engine/toml.js";

const RULES = [
  '[[allow]]\nname = "ls"\npattern = "Bash(ls *)"\n',
  '[[deny]]\nname = "etc"\npattern = "Read(//etc/**)"\n',
  '[[ask]]\nname = "any"\n[ask.shell]\nredirects = { write = ["/tmp/**"] }\n',
  '[[allow]]\nname = "files"\ntool = "Read|Grep"\n',
  '[[deny]]\nname = "server"\ntool = "mcp__.*"\n',
  '[[ask]]\nname = "all"\ntool = ".*"\nsession = "headless"\n',
  '[[ask]]\nname = "push"\npattern = "Bash(git push *)"\n',
  '[[deny]]\nname = "remove"\n[deny.shell]\nprogram = ["rm"]\n',
  '[[allow]]\nname = "echo"\npattern = "Bash(echo *)"\n',
  '[[wrapper]]\nprogram = "runit"\n',
  "[settings]\nunattended = true\n",
];
const CALLS: readonly (readonly [string, Record<string, unknown>])[] = [
  ["Bash", { command: "ls -l" }],
  ["Bash", { command: "cat /etc/hosts > /tmp/x" }],
  ["Bash", { command: "runit ls" }],
  ["Bash", { command: 'g"i"t push origin' }],
  ["Bash", { command: "X=git; $X push" }],
  ["Bash", { command: 'bash -c "git push -f"' }],
  ["Bash", { command: "echo 'git push' && git $Y" }],
  ["Bash", { command: "r\\m -rf x" }],
  ["Bash", { command: "$(cat x) -rf y; echo done" }],
  ["Bash", { command: "echo 'unclosed" }],
  ["Monitor", { command: "ls" }],
  ["Read", { file_path: "/etc/hosts" }],
  ["Grep", { pattern: "x", path: "/etc" }],
  ["mcp__a__b", { x: 1 }],
  ["Task", { prompt: "x" }],
  ["WebSearch", { query: "x" }],
];
const records = CALLS.map(
  ([tool_name, tool_input], index): AuditRecord => ({
    v: 1,
    id: `019c1b4a-e31f-7399-bc41-${String(index).padStart(12, "0")}`,
    timestamp: new Date(Date.UTC(2026, 10, 1) + index * 1000).toISOString(),
    event: "PreToolUse",
    session_id: "s",
    tier: "passthrough",
    decision: "passthrough",
    tool_name,
    tool_use_id: `t${index}`,
    project: `/work/p${index % 2}`,
    cwd: `/work/p${index % 2}`,
    home: "/home/dev",
    attended: index % 3 > 0,
    tool_input,
    auto_promoted: false,
  }),
);
const log = join(mkdtempSync(join(tmpdir(), "claude-permit-effect-")), "audit.jsonl");
writeFileSync(log, records.map((record) => encodeRecord(record)).join(""));

it("equals judging every call under both policies", async () => {
  const some = fc.subarray(RULES).map((rules) => policyFrom(rules.join("\n")));
  await fc.assert(
    fc.asyncProperty(some, some, async (before, after) => {
      const effect = effectOnHistory(
        await openScan([log]),
        () => before,
        () => after,
      );
      const [was, is] = [new Rejudge(() => before), new Rejudge(() => after)].map((judge) =>
        records.map((record) => {
          const answer = judge.judge(record, Date.parse(record.timestamp));
          return answer.kind === "judged" ? answer.decision : "unknowable";
        }),
      );
      const moved = records.flatMap((_, index) =>
        was?.[index] === is?.[index] ? [] : [`${was?.[index]} ${is?.[index]}`],
      );
      expect(effect?.calls).toBe(records.length);
      expect(effect?.unchanged).toBe(records.length - moved.length);
      const told = effect?.changes.flatMap(({ before: a, after: b, calls }) => Array(calls).fill(`${a} ${b}`));
      expect(told?.toSorted()).toEqual(moved.toSorted());
    }),
    { numRuns: 60 },
  );
});
