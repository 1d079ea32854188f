/** What is said of a call when there is neither a judgement nor a verdict. It never allows. */

import type { Evaluation } from "../core/policy/evaluation.js";
import type { Policy, Settings } from "../core/policy/policy.js";
import type { ToolCall } from "../core/tool-call.js";
import type { ModelFields, Ruling } from "./decide.js";

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
