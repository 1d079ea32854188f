/**
 * One tool call judged for the hook: the engine's answer, or what the `fail` setting says when there can be none.
 * Total: whatever breaks, a decision comes out, and it is an allow only if the engine said so.
 */
import type { AuditRecord, Reroute } from "../core/audit/record.js";
import type { Decision, Tier } from "../core/decision.js";
import { answerOf } from "../core/policy/answer.js";
import { evaluate } from "../core/policy/evaluate.js";
import type { EvaluateDeps, Evaluation } from "../core/policy/evaluation.js";
import type { Policy, Settings } from "../core/policy/policy.js";
import type { ToolCall } from "../core/tool-call.js";
import type { Verdict } from "../core/verdict.js";

export interface Ruling {
  readonly decision: Decision;
  readonly tier: Tier;
  readonly reason: string;
  /** `null` when the engine could not be asked. */
  readonly evaluation: Evaluation | null;
  /** What broke, for the record. */
  readonly error?: string;
  /** What consulting the model adds to the record. */
  readonly model?: ModelFields;
  /** What the model said: what review and promotion begin with. `isCut`: it did not see the whole input. */
  readonly given?: { readonly verdict: Verdict; readonly isCut: boolean };
  readonly reroute?: Reroute & { readonly alternative_input: ToolCall["input"] };
  /** The whole input that runs instead. */
  readonly updatedInput?: ToolCall["input"];
  /** Told to Claude beside the result. */
  readonly additionalContext?: string;
}

export type ModelFields = Pick<
  AuditRecord,
  | "llm_score"
  | "llm_latency_ms"
  | "llm_confidence"
  | "llm_model"
  | "llm_cached"
  | "llm_error"
  | "llm_reasoning"
  | "promoted_rule"
>;

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

/** The answer when the model gave none. INVARIANT: it never allows, and nobody is waited for who is not there. */
export function withoutVerdict(
  { settings: { llm } }: Policy,
  { attended }: ToolCall,
  evaluation: Evaluation,
  isUnattendedRun: boolean,
  model: ModelFields,
): Ruling {
  const wish = isUnattendedRun || (llm.onError === "ask" && !attended) ? "deny" : llm.onError;
  return {
    decision: wish === "passthrough" ? "error_passthrough" : wish,
    tier: "error",
    reason: `The language model gave no verdict on this call (${model.llm_error ?? "unknown"}), and no rule decides it.`,
    evaluation,
    model,
  };
}
