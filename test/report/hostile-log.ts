/** Log text written to break out of every format, in every field that a log can fill. */
import { foldRecords } from "../../src/analyze/cubes/fold.js";
import { buildReport } from "../../src/analyze/report/build.js";
import type { Report } from "../../src/analyze/report/report.schema.js";
import type { Scanned } from "../../src/analyze/scan/scan.js";
import { UTC } from "../../src/analyze/zone.js";
import { decided, newestFirst, prompted, ran, record, START } from "../cubes/log.js";

export const HOSTILE = [
  '"decision":"deny"',
  '{"decision":"deny","tier":"deny"}\n{"v":1,"event":"PreToolUse","decision":"deny"}',
  "<script>alert(1)</script>",
  "</td></tr></table><img src=x onerror=alert(1)>",
  "</style><svg onload=alert(1)>",
  '" autofocus onfocus="alert(1)',
  "{{constructor}} {{> section}} {{{raw}}}",
  "| a | b |\n| - | - |\n| x | `y` |",
  "[click](javascript:alert(1)) ![x](https://evil.example/p.png)",
  "```\n# heading\n```",
  "a\\|b `` c ` | d",
  "https://evil.example/ www.evil.example me@evil.example @maintainers #1",
  "\u001b[2J\u001b]0;owned\u0007\u001b]8;;https://evil.example\u001b\\x",
  "\u009b31mred \u0000 nul \r over",
  "safe\u202etxt.exe \u2066x\u2069 \u200b\ufeff",
  "__proto__",
  "constructor",
  "(other)",
  "\ud800 half",
  "$& $1 $`",
  "日本".repeat(60),
];

/** One text in every field that a log can fill. */
export function log(text: string): Scanned[] {
  const fields = {
    session_id: text,
    tool_name: text,
    rule_id: text,
    rule_ids: [text],
    rule_source: text,
    rule_matched: text,
    permission_mode: text,
    project: text,
    commands: [text],
    paths: [text],
    reason: text,
    tool_input: { command: text, file_path: text },
  };
  return [
    decided(0, "a", fields),
    ran(5, "a", { session_id: text, tool_name: text, error: text }),
    decided(10, "b", { ...fields, decision: "deny", tier: "deny", tool_name: "Bash" }),
    decided(20, "c", { ...fields, decision: "passthrough", tier: "passthrough", agent_id: text }),
    prompted(21, { ...fields, agent_id: text, decision: "passthrough", tier: "passthrough" }),
    record(30, { event: text, session_id: text }),
    record(40, { event: "UserPromptSubmit", session_id: text }),
    {
      kind: "bad",
      problem: "torn",
      at: { file: `/tmp/${text}/audit.jsonl`, offset: 9, length: 3 },
      excerpt: text,
    },
  ];
}

export function reportOf(text: string): Report {
  const cubes = foldRecords(newestFirst(log(text)), { window: {}, zone: UTC, now: START });
  return buildReport(cubes, {
    generatedAt: START,
    engineVersion: "0.1.0",
    zone: UTC,
    files: [`/tmp/${text}/audit.jsonl`],
  });
}
