/** Which changes count as new access, and the drift of the sample week against plain evaluation. */
import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { openScan } from "../../src/analyze/scan/open-scan.js";
import { DRIFTS } from "../../src/analyze/simulate/drift.js";
import { newAccess } from "../../src/analyze/simulate/simulate-section.js";
import type { AuditRecord } from "../../src/core/audit/record.js";
import type { Decision } from "../../src/core/decision.js";
import { evaluate } from "../../src/core/policy/evaluate.js";
import type { Policy } from "../../src/core/policy/policy.js";
import { analyzeShell } from "../../src/core/shell/analyze.js";
import { decided, newestFirst, prompted } from "../cubes/log.js";
import { policyOf } from "../hook/scene.js";
import { simulated } from "./simulated.js";

const ALLOW = policyOf(`[[allow]]\nname = "r"\ntool = "Bash"\n`);
const ASK = policyOf(`[[ask]]\nname = "r"\ntool = "Bash"\n`);
const ANSWERS = new Map([
  ["allow", ALLOW],
  ["ask", ASK],
  ["deny", policyOf(`[[deny]]\nname = "r"\ntool = "Bash"\n`)],
  ["passthrough", policyOf(`[[passthrough]]\nname = "r"\ntool = "Bash"\n`)],
]);

function simulate(policy: Policy, fields: Partial<AuditRecord>, hasPrompt = false) {
  const log = [decided(1000, "t1", { tool_input: { command: "make" }, cwd: "/p", project: "/p", ...fields })];
  if (hasPrompt) log.push(prompted(1500, { tool_input: { command: "make" } }));
  return simulated(policy, newestFirst(log));
}

describe("what changes", () => {
  test.each<[string, Partial<AuditRecord>, string, string | null]>([
    ["allow", {}, "allow", null],
    ["ask", { decision: "ask", tier: "ask" }, "allow", "newly-allowed"],
    ["left alone", { decision: "passthrough", tier: "passthrough" }, "allow", "newly-allowed"],
    ["denied", { decision: "deny", tier: "deny" }, "allow", "newly-allowed"],
    ["allowed by a person", { decision: "allow", tier: "user" }, "allow", "newly-allowed"],
    ["allowed by Claude Code's own rule", { decision: "allow", tier: "claude_rule" }, "allow", null],
    ["denied by auto mode", { decision: "deny", tier: "auto_mode" }, "allow", "newly-allowed"],
    ["denied", { decision: "deny", tier: "deny" }, "ask", "unblocked"],
    ["denied", { decision: "deny", tier: "deny" }, "passthrough", "unblocked"],
    ["ask", { decision: "ask", tier: "ask" }, "passthrough", "no-longer-asked"],
    ["allow", {}, "deny", "newly-blocked"],
    ["ask", { decision: "ask", tier: "ask" }, "deny", "newly-blocked"],
    ["ask with nobody there", { decision: "ask", tier: "ask", attended: false }, "deny", null],
    ["denied with nobody there", { decision: "deny", tier: "deny", attended: false }, "ask", null],
    ["allow", {}, "ask", "newly-prompting"],
    ["left alone", { decision: "passthrough", tier: "passthrough" }, "ask", "newly-prompting"],
    ["allowed by a person", { decision: "allow", tier: "user" }, "ask", null],
    ["allow", {}, "passthrough", "no-longer-allowed"],
    ["allowed by a person", { decision: "allow", tier: "user" }, "passthrough", null],
    ["allowed by the model", { decision: "allow", tier: "llm" }, "passthrough", "no-longer-allowed"],
  ])("%s %o, now %s: %s", (_, fields, after, drift) => {
    const policy = ANSWERS.get(after);
    if (policy === undefined) throw new Error(after);
    const { groups, calls, unchanged } = simulate(policy, fields);
    expect([calls, unchanged]).toEqual([1, drift === null ? 1 : 0]);
    expect(groups.map((group) => [group.drift, group.after])).toEqual(drift === null ? [] : [[drift, after]]);
    const isAccess = DRIFTS.some(({ kind, isAccess: access }) => kind === drift && access);
    expect(newAccess({ groups, calls, unknowable: new Map(), distinct: 1, unchanged, consults: 0 })).toBe(
      isAccess ? "yes" : "no",
    );
  });

  it("counts the dialogs that an allow would have spared, and none that were shown anyway", () => {
    const left = { decision: "passthrough", tier: "passthrough" } as const;
    expect(simulate(ALLOW, left, true).groups).toMatchObject([{ drift: "newly-allowed", prompted: 1 }]);
    expect(simulate(ALLOW, left).groups).toMatchObject([{ drift: "newly-allowed", prompted: 0 }]);
    expect(simulate(ASK, left, true).groups).toEqual([]);
  });

  it("says unknown when no call could be judged", () => {
    const result = simulate(ALLOW, { input_truncated: true });
    expect([...result.unknowable]).toEqual([["cut", 1]]);
    expect(newAccess(result)).toBe("unknown");
  });
});

const SAMPLE = new URL("../../fixtures/sample/audit.jsonl", import.meta.url);

test("the drift of the sample week is what plain evaluation of every line gives", async () => {
  const policy = policyOf(`
[[deny]]
name = "no-push"
pattern = "Bash(git push *)"
[[ask]]
name = "ask-edit"
tool = "Edit|Write"
[[allow]]
name = "shell"
tool = "Bash"
[allow.shell]
program = ["git", "ls", "cat", "grep", "go", "mise"]
`);
  const expected = new Map<string, number>();
  let cut = 0;
  for (const line of readFileSync(SAMPLE, "utf8").trim().split("\n")) {
    const record = JSON.parse(line);
    if (record.event !== "PreToolUse") continue;
    if (record.input_truncated) {
      cut++;
      continue;
    }
    const call = {
      tool: record.tool_name,
      input: record.tool_input,
      cwd: record.cwd,
      home: record.home,
      project: record.project,
      sessionId: "",
      permissionMode: record.permission_mode,
      attended: true,
    };
    const deps = { resolvePath: (path: string) => path, parseShell: analyzeShell, now: 0 };
    const { decision } = evaluate(policy, call, deps);
    const kind = CHANGE[`${record.decision} ${decision}`];
    if (kind !== undefined) expected.set(kind, (expected.get(kind) ?? 0) + 1);
  }
  const opened = await openScan([SAMPLE.pathname]);
  if (opened.kind !== "scan") throw new Error(opened.message);
  const { groups, unknowable } = simulated(policy, opened.scan.backward());
  opened.scan.close();
  const found = new Map<string, number>();
  for (const { drift, calls } of groups) found.set(drift, (found.get(drift) ?? 0) + calls);
  // A prompt that Claude Code showed by itself is no new one; plain lines do not tell of it.
  const asked = groups.filter(({ drift }) => drift === "newly-prompting");
  expect(asked.reduce((sum, { calls }) => sum + calls, 0)).toBeLessThanOrEqual(expected.get("newly-prompting") ?? 0);
  for (const { kind } of DRIFTS) {
    if (kind !== "newly-prompting") expect([kind, found.get(kind) ?? 0]).toEqual([kind, expected.get(kind) ?? 0]);
  }
  expect(unknowable.get("cut")).toBe(cut);
  expect([...expected.keys()].length).toBeGreaterThan(3);
});

const CHANGE: Readonly<Record<`${Decision} ${Decision}` | string, string>> = {
  "deny allow": "newly-allowed",
  "ask allow": "newly-allowed",
  "passthrough allow": "newly-allowed",
  "deny ask": "unblocked",
  "deny passthrough": "unblocked",
  "ask passthrough": "no-longer-asked",
  "allow deny": "newly-blocked",
  "ask deny": "newly-blocked",
  "passthrough deny": "newly-blocked",
  "allow ask": "newly-prompting",
  "passthrough ask": "newly-prompting",
  "allow passthrough": "no-longer-allowed",
};
