/** From what the engine found to what Claude Code is told: the last step, which the hook and everything that predicts it share. */
import type { Decision } from "../decision.js";
import type { Evaluation } from "./evaluation.js";

/**
 * Whether a language model may be asked: no rule decided. INVARIANT: a call that is not fully understood it may explain,
 * refuse, or exchange for one that a rule allows; it can never allow it.
 */
export function isForModel({ decision, tier, rule }: Evaluation): boolean {
  return decision === "passthrough" && tier === "passthrough" && rule === null;
}

/** `isUnattendedRun`: nobody may be waited for, even where Claude Code could show a dialog. */
export function answerOf({ decision, tier }: Evaluation, isUnattendedRun: boolean): Decision {
  if (decision === "passthrough" && tier === "error") return "error_passthrough";
  return decision === "ask" && isUnattendedRun ? "deny" : decision;
}
