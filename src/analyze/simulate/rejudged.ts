/** What another policy says of a past call, as plain data. */
import type { Decision } from "../../core/decision.js";
import type { Evaluation } from "../../core/policy/evaluation.js";
import type { Policy } from "../../core/policy/policy.js";

export interface Rejudged {
  readonly kind: "judged";
  readonly decision: Decision;
  /** "" when no rule decides. */
  readonly rule: string;
  /** `file:line`, "" without a rule. */
  readonly ruleSource: string;
  readonly reason: string;
  /** No rule decides, and a model would be asked. */
  readonly consults: boolean;
}

export function rejudged({ settings }: Policy, { decision, tier, rule, reason, open }: Evaluation): Rejudged {
  return {
    kind: "judged",
    decision: asGiven(decision, tier === "error", settings.unattended),
    rule: rule?.id ?? "",
    ruleSource: rule === null ? "" : `${rule.source.file}:${rule.source.line}`,
    reason,
    consults: open && settings.llm.enabled,
  };
}

/** As the hook turns the engine's answer into its own. */
function asGiven(decision: Decision, isError: boolean, isUnattended: boolean): Decision {
  if (decision === "passthrough" && isError) return "error_passthrough";
  return decision === "ask" && isUnattended ? "deny" : decision;
}
