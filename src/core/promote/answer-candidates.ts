/**
 * What a person's answer to a pending call would write: for approving the closed rule of its kind, or the call word for
 * word; for rejecting a deny rule. Both are proven by the engine before they are offered.
 */
import { redactText } from "../audit/redact.js";
import { evaluate } from "../policy/evaluate.js";
import type { EvaluateDeps } from "../policy/evaluation.js";
import type { Policy } from "../policy/policy.js";
import { type ToolCall, toolShape } from "../tool-call.js";
import { type AnswerRule, exactAllow, exactDeny, rawDeny } from "./answer-rule.js";
import { type Candidate, type CandidateResult, compileCandidate, withRule } from "./candidate-rule.js";
import { promotionCandidate } from "./promotion-candidate.js";
import { checkPromotion } from "./promotion-check.js";

export type Offered =
  | { readonly kind: "candidate"; readonly candidate: Candidate }
  | { readonly kind: "none"; readonly why: string };

/** @param call whole and as it came; @param hasSecret the log kept it with a secret replaced. */
export function approvalOf(call: ToolCall, policy: Policy, deps: EvaluateDeps, hasSecret: boolean): Offered {
  const evaluation = evaluate(policy, call, deps, { detail: "full" });
  if (evaluation.decision === "allow") return none(`rule \`${evaluation.ruleIds[0] ?? ""}\` allows it already`);
  const byRule = evaluation.rule;
  if (byRule !== null && evaluation.decision !== "passthrough") return none(`rule \`${byRule.id}\` stands against it`);
  const exact = exactAllow(call, evaluation);
  const attempts = [
    promotionCandidate(call, evaluation, policy, deps),
    exact.kind === "none" ? ({ kind: "refused", detail: exact.why } as const) : compiled("allow", exact),
  ];
  let why = "";
  for (const attempt of attempts) {
    if (attempt.kind === "refused") {
      why = attempt.detail;
      continue;
    }
    const { rule } = attempt.candidate;
    const holdsSecret = (text: string) => hasSecret || redactText(text).count > 0;
    const check = checkPromotion({ rule, call, evaluation, policy, deps, holdsSecret, by: "person" });
    if (check.kind === "passes") return { kind: "candidate", candidate: attempt.candidate };
    why = check.kind === "refused" ? check.detail : `\`${check.by.id}\` speaks against it`;
  }
  return none(why);
}

export function rejectionOf(call: ToolCall, policy: Policy, deps: EvaluateDeps, hasSecret: boolean): Offered {
  const evaluation = evaluate(policy, call, deps, { detail: "full" });
  if (evaluation.decision === "deny" && !evaluation.unknown) {
    return none(`rule \`${evaluation.rule?.id ?? ""}\` denies it already`);
  }
  const attempts: AnswerRule[] = [exactDeny(call, evaluation)];
  const field = toolShape(call.tool)?.command?.field;
  if (field !== undefined) attempts.push(rawDeny(call, { tool: call.tool, cwd: [call.project] }, field));
  for (const attempt of attempts) {
    if (attempt.kind === "none") continue;
    if (hasSecret || redactText(JSON.stringify(attempt.conditions)).count > 0) return none("it would hold a secret");
    const found = compiled("deny", attempt);
    if (found.kind === "refused") continue;
    // In auto mode and unattended the same rule denies: nothing holds a deny back.
    const { decision, rule } = evaluate(withRule(policy, found.candidate.rule), call, deps);
    if (decision === "deny" && rule?.id === found.candidate.rule.id)
      return { kind: "candidate", candidate: found.candidate };
  }
  return none("no rule can be made that surely stops it");
}

function compiled(kind: Candidate["kind"], rule: Extract<AnswerRule, { kind: "rule" }>): CandidateResult {
  return compileCandidate(kind, rule.conditions, rule.title, rule.what);
}

function none(why: string): Offered {
  return { kind: "none", why };
}
