/** A home of its own, and verdicts given on calls in it as the hook would give them. */
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { canonicalHash } from "../../src/core/policy/canonical.js";
import { evaluate } from "../../src/core/policy/evaluate.js";
import type { EvaluateDeps } from "../../src/core/policy/evaluation.js";
import type { Policy } from "../../src/core/policy/policy.js";
import { rulePaths } from "../../src/core/policy/toml-edit.js";
import { analyzeShell } from "../../src/core/shell/analyze.js";
import type { ToolCall } from "../../src/core/tool-call.js";
import type { Verdict } from "../../src/core/verdict.js";
import { type Locations, locations } from "../../src/store/locations.js";
import { type MemoryEffects, rememberVerdict } from "../../src/store/promotion/remember-verdict.js";

export const NOW = Date.UTC(2026, 10, 21, 12);
export const PROJECT = "/home/u/code/p";
export const DEPS: EvaluateDeps = { resolvePath: (path) => path, parseShell: analyzeShell, now: NOW };

export const PROMOTING = `[settings.llm]\nenabled = true\npromote = "green"\npromote_after = 3\n`;

export const bash = (command: string, more: Partial<ToolCall> = {}): ToolCall => ({
  tool: "Bash",
  input: { command },
  cwd: PROJECT,
  home: "/home/u",
  project: PROJECT,
  sessionId: "s-1",
  permissionMode: "default",
  attended: true,
  ...more,
});

export const said = (score: Verdict["score"], more: Partial<Verdict> = {}): Verdict => ({
  score,
  confidence: 0.95,
  reasoning: "It only reads the history.",
  suggestedRule: "Bash(*)",
  ...more,
});

/** What the log keeps of a decision that a verdict gave. */
export function recordOf(call: ToolCall, verdict: Verdict, id: string, timeMs = NOW): AuditRecord {
  return {
    v: 1,
    id,
    timestamp: new Date(timeMs).toISOString(),
    event: "PreToolUse",
    session_id: call.sessionId,
    tier: "llm",
    decision: verdict.score === "GREEN" ? "allow" : verdict.score === "RED" ? "deny" : "ask",
    tool_name: call.tool,
    llm_score: verdict.score,
    permission_mode: "default",
    attended: call.attended,
    tool_use_id: `toolu_${id}`,
    llm_confidence: verdict.confidence,
    project: call.project,
    cwd: call.cwd,
    home: call.home,
    input_hash: canonicalHash(call.input, 16),
    llm_reasoning: verdict.reasoning,
    tool_input: call.input,
    auto_promoted: false,
  };
}

export interface Memory {
  readonly places: Locations;
  readonly effects: MemoryEffects;
  /** The verdicts one after the other, each on its call. */
  readonly give: (
    policy: Policy,
    verdict: Verdict,
    ...calls: readonly ToolCall[]
  ) => ReturnType<typeof rememberVerdict>;
  readonly promoted: () => readonly Readonly<Record<string, unknown>>[];
  /** Records of the log. */
  readonly logged: () => readonly AuditRecord[];
}

export function freshMemory(more: Partial<MemoryEffects> = {}): Memory {
  const home = mkdtempSync(join(tmpdir(), "claude-permit-memory-"));
  const places = locations({ homeFlag: home, env: {}, cwd: "/", osHome: "/home/u", hook: true });
  let ids = 0;
  const effects: MemoryEffects = { places, deps: DEPS, newId: () => `own-${++ids}`, ...more };
  const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : "");
  return {
    places,
    effects,
    async give(policy, verdict, ...calls) {
      let last: Awaited<ReturnType<typeof rememberVerdict>> = {};
      for (const call of calls) {
        const evaluation = evaluate(policy, call, effects.deps);
        const record = recordOf(call, verdict, `call-${++ids}`);
        last = await rememberVerdict({ call, evaluation, verdict, record, policy, isCut: false }, effects);
      }
      return last;
    },
    promoted: () => rulePaths(read(places.autoRules)).map(({ table }) => table),
    logged: () =>
      read(places.audit)
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line)),
  };
}
