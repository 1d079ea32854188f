/** One tool call judged for the hook: the engine's answer, as it is given where nobody may be waited for. */
import type { AuditRecord, Reroute } from "../core/audit/record.js";
import type { Decision, Tier } from "../core/decision.js";
import { answerOf } from "../core/policy/answer.js";
import { evaluate } from "../core/policy/evaluate.js";
import type { EvaluateDeps, Evaluation } from "../core/policy/evaluation.js";
import type { Policy } from "../core/policy/policy.js";
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
