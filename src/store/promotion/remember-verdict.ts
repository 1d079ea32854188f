/**
 * What is kept of a verdict after the answer is known: a YELLOW call waits for its review, GREEN ones are counted and
 * may become a rule (SPEC section 5). It never changes the answer, and what goes wrong here costs only the memory.
 */

import type { AuditRecord } from "../../core/audit/record.js";
import { redactText } from "../../core/audit/redact.js";
import { canonicalHash } from "../../core/policy/canonical.js";
import { evaluate } from "../../core/policy/evaluate.js";
import type { EvaluateDeps, Evaluation } from "../../core/policy/evaluation.js";
import type { Policy, Rule } from "../../core/policy/policy.js";
import type { Candidate } from "../../core/promote/candidate-rule.js";
import { promotionCandidate } from "../../core/promote/promotion-candidate.js";
import { blockingRule, checkPromotion } from "../../core/promote/promotion-check.js";
import { hasEarnedRule, tallyVerdicts } from "../../core/promote/verdict-tally.js";
import type { ToolCall } from "../../core/tool-call.js";
import type { Verdict } from "../../core/verdict.js";
import { appendLine } from "../append.js";
import type { Locations } from "../locations.js";
import { recordLine } from "../own-record.js";
import { blockedRecord } from "./change-records.js";
import { appendPending } from "./pending-file.js";
import { countedVerdicts, countVerdict } from "./verdict-counts.js";
import { writeRule } from "./write-rule.js";

export interface GivenVerdict {
  readonly call: ToolCall;
  readonly evaluation: Evaluation;
  readonly verdict: Verdict;
  /** The record of the decision, redacted and cut or not. */
  readonly record: AuditRecord;
  /** With at least the rules that calls of this tool look at. */
  readonly policy: Policy;
  /** The model did not see the whole input. */
  readonly isCut: boolean;
}

export interface MemoryEffects {
  readonly places: Locations;
  readonly deps: EvaluateDeps;
  readonly newId: () => string;
}

export interface Promoted {
  readonly name: string;
  /** What the rule allows, one sentence. */
  readonly summary: string;
  /** The command that takes it back. */
  readonly undo: string;
}

/** Under this a verdict is a near miss (SPEC section 4) and counts for nothing. */
const SURE = 0.7;

/** Never throws. `promoted` is also left as a notice, so that the user hears of it at the next chance. */
export async function rememberVerdict(
  given: GivenVerdict,
  effects: MemoryEffects,
): Promise<{ readonly promoted?: Promoted }> {
  try {
    const { record, policy, verdict } = given;
    if (verdict.score === "YELLOW") {
      appendPending(effects.places.pendingRules, recordLine(record, policy.settings.audit));
    }
    const promoted = await countAndPromote(given, effects);
    return promoted === null ? {} : { promoted };
  } catch {
    return {};
  }
}

async function countAndPromote(given: GivenVerdict, effects: MemoryEffects): Promise<Promoted | null> {
  const { call, evaluation, verdict, policy, isCut } = given;
  const { places, deps } = effects;
  const { promote, promoteAfter } = policy.settings.llm;
  // With --config the user's files are not in force: a rule written there would do nothing now and surprise later.
  if (promote === "off" || places.configOverride !== null) return null;
  if (isCut || evaluation.unknown || !evaluation.open) return null;
  if (verdict.score === "GREEN" && verdict.confidence < SURE) return null;
  const full = evaluate(policy, call, deps, { detail: "full" });
  const found = promotionCandidate(call, full, policy, deps);
  const candidate = found.kind === "candidate" ? found.candidate : null;
  const key = candidate?.key ?? canonicalHash([call.tool, call.project, call.input], 16);
  const at = new Date(deps.now).toISOString();
  const count = (score: Verdict["score"] | "SPENT") =>
    countVerdict(places.state, { key, score, session: call.sessionId, at });
  count(verdict.score);
  const tally = tallyVerdicts(countedVerdicts(places.state), key);
  if (verdict.score !== "GREEN" || !hasEarnedRule(tally, promoteAfter)) return null;
  const reason = `${tally.greens} GREEN verdicts in ${tally.sessions} sessions`;
  const result = await promoteCall({ ...given, evaluation: full, candidate, reason, by: "llm" }, effects);
  // Somebody else holds the file: the next verdict tries again.
  if (result.kind !== "busy") count("SPENT");
  return result.kind === "promoted" ? result.promoted : null;
}

export interface Proposal extends GivenVerdict {
  /** With its detail. */
  readonly evaluation: Evaluation;
  /** `null`: no rule can be made of this call. */
  readonly candidate: Candidate | null;
  /** Why now: `3 GREEN verdicts in 2 sessions`. */
  readonly reason: string;
  readonly by: "llm" | "confirmed";
}

export type Promotion =
  | { readonly kind: "promoted"; readonly promoted: Promoted }
  | { readonly kind: "blocked" | "refused" | "busy" };

/** Checks and writes the rule; a `deny_promote` rule that stops it leaves its record. */
export async function promoteCall(proposal: Proposal, effects: MemoryEffects): Promise<Promotion> {
  const { call, evaluation, record, policy, candidate, reason, by, verdict } = proposal;
  const { places, deps, newId } = effects;
  const block = (rule: Rule): Promotion => {
    const blocked = blockedRecord(record, rule.id, { id: newId(), now: deps.now });
    appendLine(places.audit, recordLine(blocked, policy.settings.audit));
    return { kind: "blocked" };
  };
  // The user wants to hear of it, whether or not a rule could be made.
  const blocking = blockingRule(policy, call, deps);
  if (blocking !== null) return block(blocking);
  if (candidate === null) return { kind: "refused" };
  const check = checkPromotion({
    rule: candidate.rule,
    call,
    evaluation,
    policy,
    deps,
    holdsSecret: (text) => (record.redacted ?? 0) > 0 || redactText(text).count > 0,
    by: "verdict",
  });
  if (check.kind === "blocked") return block(check.by);
  if (check.kind === "refused") return { kind: "refused" };
  const { summary } = candidate;
  const undo = `claude-permit rules revoke ${candidate.rule.id}`;
  const origin = { record, score: verdict.score, reasoning: verdict.reasoning, reason, by };
  const result = await writeRule({ candidate, origin, undo, settings: policy.settings }, effects, "hook");
  if (result.kind === "changed") return { kind: "promoted", promoted: { name: candidate.rule.id, summary, undo } };
  return { kind: result.code === "locked" ? "busy" : "refused" };
}
