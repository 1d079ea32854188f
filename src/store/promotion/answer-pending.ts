/**
 * A person's answer to a pending call: the rule it writes, and the record that the call was answered, in the log and
 * beside the pending calls. The record comes last, so that an answer without its rule stays open.
 */
import type { Settings } from "../../core/policy/policy.js";
import type { Candidate } from "../../core/promote/candidate-rule.js";
import type { PendingEntry } from "../../core/promote/pending.js";
import { appendLine } from "../append.js";
import { recordLine } from "../own-record.js";
import { reviewRecord } from "./change-records.js";
import { appendPending } from "./pending-file.js";
import { type WriteEffects, writeRule } from "./write-rule.js";

export type ReviewAnswer = "approved" | "confirmed" | "rejected";

export type Answered =
  /** @property rule "" when no rule was written. */
  | { readonly kind: "answered"; readonly rule: string }
  | { readonly kind: "refused"; readonly code: string; readonly detail: string };

/** @param candidate the rule to write, `null` for an answer that writes none. */
export async function answerPending(
  entry: PendingEntry,
  answer: ReviewAnswer,
  candidate: Candidate | null,
  settings: Pick<Settings, "audit" | "notify">,
  effects: WriteEffects,
): Promise<Answered> {
  const { places, deps, newId } = effects;
  const { record, id } = entry;
  const rule = candidate?.rule.id ?? "";
  if (candidate !== null) {
    const { llm_score: score, llm_reasoning: reasoning } = record;
    const origin = { record, score, reasoning, reason: `${answer} in review`, by: "review" } as const;
    const undo = `claude-permit rules revoke ${rule}`;
    const written = await writeRule({ candidate, origin, undo, settings }, effects, "command");
    // Two entries can lead to one rule: the second answer finds it there.
    if (written.kind === "refused" && written.code !== "exists") return written;
  }
  const line = recordLine(
    reviewRecord(record, { answer, rule, of: id }, { id: newId(), now: deps.now }),
    settings.audit,
  );
  const logged = appendLine(places.audit, line);
  const kept = appendPending(places.pendingRules, line);
  if (logged.kind === "failed" && kept !== null) {
    return { kind: "refused", code: "cannot-write", detail: `the answer could not be kept: ${logged.code}` };
  }
  return { kind: "answered", rule };
}
