/** The log's records of changed rules, from the record of the call that led to them. They carry no secret of their own. */
import type { AuditRecord } from "../../core/audit/record.js";

export interface RecordMoment {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What a change of rules keeps of the call it came from. */
function calledFields(record: AuditRecord): Partial<AuditRecord> {
  const { tool_name, llm_score, llm_confidence, llm_model, tool_use_id, agent_id, project, cwd, home } = record;
  const { commands, input_hash, llm_reasoning, tool_input, input_truncated, redacted, policy_hash } = record;
  const fields = { tool_name, llm_score, llm_confidence, llm_model, tool_use_id, agent_id, project, cwd, home };
  const more = { commands, input_hash, llm_reasoning, tool_input, input_truncated, redacted, policy_hash };
  return Object.fromEntries(Object.entries({ ...fields, ...more }).filter(([, value]) => value !== undefined));
}

function base(event: AuditRecord["event"], record: AuditRecord, { id, now }: RecordMoment): AuditRecord {
  const timestamp = new Date(now).toISOString();
  return { ...calledFields(record), v: 1, id, timestamp, event, session_id: record.session_id, auto_promoted: false };
}

/** A rule was made of this call's verdict. */
export function promotedRecord(
  record: AuditRecord,
  { rule, reason, by }: { readonly rule: string; readonly reason: string; readonly by: string },
  moment: RecordMoment,
): AuditRecord {
  const promoted = { rule_id: rule, promoted_rule: rule, reason, auto_promoted: by !== "review" };
  return { ...base("rule_promoted", record, moment), ...promoted };
}

/** A `deny_promote` rule kept it from becoming one. */
export function blockedRecord(record: AuditRecord, rule: string, moment: RecordMoment): AuditRecord {
  const reason = `\`${rule}\` keeps this call from becoming a rule`;
  const decided = { tier: "deny_promote", decision: "promotion_blocked" } as const;
  return { ...base("PromotionBlocked", record, moment), ...decided, rule_id: rule, reason };
}

/**
 * A person's answer about this call: `approved`, `confirmed` or `rejected`. It is no decision on a call, so it carries
 * none. @param rule the rule that was written, "" for none.
 */
export function reviewRecord(
  record: AuditRecord,
  {
    answer,
    rule,
    of,
  }: { readonly answer: "approved" | "confirmed" | "rejected"; readonly rule: string; readonly of: string },
  moment: RecordMoment,
): AuditRecord {
  const { reroute } = record;
  return {
    ...base("review", record, moment),
    ...(rule === "" ? {} : { rule_id: rule }),
    reason: `${answer} ${of}${rule === "" ? "" : `: rule \`${rule}\``}`,
    ...(reroute === undefined ? {} : { reroute }),
  };
}

/** A rule was switched off. No call led to it, so there is only the session it came from. */
export function revokedRecord(rule: string, session: string, reason: string, { id, now }: RecordMoment): AuditRecord {
  const timestamp = new Date(now).toISOString();
  return {
    v: 1,
    id,
    timestamp,
    event: "rule_revoked",
    session_id: session,
    rule_id: rule,
    reason,
    auto_promoted: false,
  };
}
