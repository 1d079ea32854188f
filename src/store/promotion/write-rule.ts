/**
 * A checked candidate becomes a rule of auto-rules.toml, with where it came from. It refuses one that is there already:
 * in force there is nothing to do, and a rule that was switched off stays off until a person restores it.
 */

import type { AuditRecord } from "../../core/audit/record.js";
import { redactText } from "../../core/audit/redact.js";
import type { Settings } from "../../core/policy/policy.js";
import type { TomlTable } from "../../core/policy/toml.js";
import { addRule } from "../../core/policy/toml-edit.js";
import type { Candidate } from "../../core/promote/candidate-rule.js";
import type { Locations } from "../locations.js";
import { recordLine } from "../own-record.js";
import { type AutoRules, type ChangePlan, type ChangeResult, changeAutoRules } from "./change-auto-rules.js";
import { promotedRecord } from "./change-records.js";

export interface RuleOrigin {
  /** Of the decision the verdict was given on. */
  readonly record: AuditRecord;
  /** The verdict's, absent when the model gave none. */
  readonly score: string | undefined;
  readonly reasoning: string | undefined;
  /** `3 GREEN verdicts in 2 sessions`, `approved in review`. */
  readonly reason: string;
  /** `llm`: by verdicts alone. `confirmed`: the user approved the call. `review`: the user asked for the rule. */
  readonly by: "llm" | "confirmed" | "review";
}

export interface RuleToWrite {
  readonly candidate: Candidate;
  readonly origin: RuleOrigin;
  /** The command that takes it back. */
  readonly undo: string;
  readonly settings: Pick<Settings, "audit" | "notify">;
}

export interface WriteEffects {
  readonly places: Locations;
  /** Milliseconds since the epoch. */
  readonly deps: { readonly now: number };
  readonly newId: () => string;
}

/** Codes beside those of `changeAutoRules`: `exists`, `switched-off`, `not-writable`. */
export function writeRule(
  { candidate, origin, undo, settings }: RuleToWrite,
  { places, deps, newId }: WriteEffects,
  who: "command" | "hook",
): Promise<ChangeResult> {
  const { rule, summary } = candidate;
  const { record, reason, by } = origin;
  const moment = { id: newId(), now: deps.now };
  const plan = (current: AutoRules): ChangePlan => {
    const same = current.rules.find(({ name }) => name === rule.id);
    if (same?.enabled === true) return { kind: "refused", code: "exists", detail: `\`${rule.id}\` is in force` };
    if (same !== undefined) {
      return { kind: "refused", code: "switched-off", detail: `\`${rule.id}\` was switched off; restore it instead` };
    }
    const edit = addRule(current.text, candidate.kind, tableOf(candidate, origin, moment.now));
    if (edit.kind === "refused") return { kind: "refused", code: "not-writable", detail: edit.detail };
    const timestamp = new Date(moment.now).toISOString();
    const event = candidate.kind === "allow" ? "rule_promoted" : "rule_added";
    return {
      kind: "change",
      planned: {
        text: edit.text,
        change: { id: moment.id, timestamp, event, rule: rule.id, by, reason: `${reason}: ${summary}` },
        line:
          candidate.kind === "allow"
            ? recordLine(promotedRecord(record, { rule: rule.id, reason, by }, moment), settings.audit)
            : "",
        notice: by !== "review" && settings.notify.promotions ? noticeOf(rule.id, reason, summary, undo) : "",
      },
    };
  };
  return changeAutoRules(places, plan, who);
}

function noticeOf(rule: string, reason: string, summary: string, undo: string): string {
  return `claude-permit made a rule of ${reason}: \`${rule}\` ${summary}\n  To undo: ${undo}`;
}

/** Characters of the verdict's reasoning that are kept beside the rule. */
const MAX_REASONING = 500;

function tableOf({ table, kind, summary }: Candidate, origin: RuleOrigin, now: number): TomlTable {
  const { record, score, reasoning, reason, by } = origin;
  const { name, ...conditions } = table;
  const text = redactText(reasoning ?? "")
    .text.replaceAll(/\s+/g, " ")
    .toWellFormed();
  return {
    name,
    description: `${summary} (${reason})`,
    ...(kind === "deny" ? { reason: "The user rejected this call." } : {}),
    ...conditions,
    promoted_at: new Date(now).toISOString(),
    ...(score === undefined ? {} : { promoted_tier: score }),
    ...(text === "" ? {} : { promoted_reasoning: text.slice(0, MAX_REASONING) }),
    promoted_session: record.session_id,
    promoted_record: record.id,
    promoted_by: by,
  };
}
