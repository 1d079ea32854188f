/**
 * A pending call ran: its outcome is kept beside it, and with `promote_confirmed` a call that the user was asked about,
 * approved as it was and that succeeded becomes a rule, under the same checks as any promotion.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import { callOfRecord } from "../../core/audit/record-call.js";
import { evaluate } from "../../core/policy/evaluate.js";
import type { Settings } from "../../core/policy/policy.js";
import { foldPending } from "../../core/promote/pending.js";
import { promotionCandidate } from "../../core/promote/promotion-candidate.js";
import { readLastGood } from "../in-force.js";
import { loadPolicy } from "../load-policy.js";
import { recordLine } from "../own-record.js";
import { appendPending, readPending } from "./pending-file.js";
import { type MemoryEffects, type Promoted, promoteCall } from "./remember-verdict.js";

export interface ConfirmEffects extends MemoryEffects {
  /** Version of claude-permit. */
  readonly engine: string;
  readonly programFolder: string | null;
}

/** @param outcome the record of a PostToolUse or PostToolUseFailure. Never throws. */
export async function confirmOutcome(
  outcome: AuditRecord,
  settings: Settings,
  effects: ConfirmEffects,
): Promise<{ readonly promoted?: Promoted }> {
  try {
    const { places } = effects;
    appendPending(places.pendingRules, recordLine(outcome, settings.audit));
    if (!settings.llm.promoteConfirmed || places.configOverride !== null) return {};
    const promoted = await promoteConfirmed(outcome, effects);
    return promoted === null ? {} : { promoted };
  } catch {
    return {};
  }
}

async function promoteConfirmed(outcome: AuditRecord, effects: ConfirmEffects): Promise<Promoted | null> {
  const { places, deps, engine, programFolder } = effects;
  const entry = foldPending(readPending(places.pendingRules).records).find(
    ({ record }) => record.tool_use_id === outcome.tool_use_id && record.session_id === outcome.session_id,
  );
  const call = entry?.confirmed === true ? callOfRecord(entry.record) : null;
  if (entry === undefined || call === null) return null;
  const { record } = entry;
  const key = { locations: places, project: call.project, engine, programFolder };
  const { policy } = loadPolicy(key, () => readLastGood(key));
  const evaluation = evaluate(policy, call, deps, { detail: "full" });
  const found = promotionCandidate(call, evaluation, policy, deps);
  const { llm_score: score = "YELLOW", llm_confidence: confidence = 0, llm_reasoning: reasoning = "" } = record;
  const result = await promoteCall(
    {
      call,
      evaluation,
      policy,
      record,
      verdict: { score, confidence, reasoning },
      isCut: false,
      candidate: found.kind === "candidate" ? found.candidate : null,
      reason: `a ${score} call that you approved and that succeeded`,
      by: "confirmed",
    },
    effects,
  );
  return result.kind === "promoted" ? result.promoted : null;
}
