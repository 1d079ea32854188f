/**
 * One tool call judged for the hook: the engine's answer, or what the `fail` setting says when there can be none.
 * Total: whatever breaks, a decision comes out, and it is an allow only if the engine said so.
 */
import type { Decision, Tier } from "../core/decision.js";
import { answerOf } from "../core/policy/answer.js";
import { evaluate } from "../core/policy/evaluate.js";
import type { EvaluateDeps, Evaluation } from "../core/policy/evaluation.js";
import type { Policy, Settings } from "../core/policy/policy.js";
import type { ToolCall } from "../core/tool-call.js";

export interface Ruling {
  readonly decision: Decision;
  readonly tier: Tier;
  readonly reason: string;
  /** `null` when the engine could not be asked. */
  readonly evaluation: Evaluation | null;
  /** What broke, for the record. */
  readonly error?: string;
}

/** `isUnattendedRun`: nobody may be waited for, even where Claude Code could show a dialog. */
export function decide(policy: Policy, call: ToolCall, deps: EvaluateDeps, isUnattendedRun: boolean): Ruling {
  const evaluation = evaluate(policy, call, deps);
  const { tier, reason } = evaluation;
  return { decision: answerOf(evaluation, isUnattendedRun), tier, reason, evaluation };
}

/** The answer when something broke before the engine could be asked (SPEC section 3: headless always at least deny). */
export function failed(error: string, fail: Settings["fail"], attended: boolean): Ruling {
  const decision = attended ? fail : "deny";
  return {
    decision: decision === "passthrough" ? "error_passthrough" : decision,
    tier: "error",
    reason: `claude-permit could not judge this call: ${error}. See: claude-permit status`,
    evaluation: null,
    error,
  };
}
