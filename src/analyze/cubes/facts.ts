/** Joined calls, prompts and records -> the flat rows that cubes count. */
import type { AuditRecord } from "../../core/audit/record.js";
import type { LinePlace } from "../scan/scan.js";
import type { Fact, Sample } from "./fact.js";
import type { Prompt } from "./join-prompts.js";
import { type Call, callingOf } from "./open-call.js";

export type FactDraft = { -readonly [Column in keyof Fact]: Fact[Column] };

const EMPTY: Fact = {
  time: 0,
  day: "",
  hour: "",
  session: "",
  tool: "",
  decision: "",
  tier: "",
  source: "",
  rule: "",
  project: "",
  mode: "",
  effect: "",
  outcome: "",
  rejected: "",
  saved: "",
  event: "",
  imported: "",
  command: "",
  path: "",
  domain: "",
  policy: "",
  llm: "",
  llm_model: "",
  llm_cached: "",
  unsure: "",
  llm_error: "",
  reroute: "",
  ran: "",
  hook_us: null,
  tool_ms: null,
  llm_ms: null,
};

/** Local day and hour of an instant. */
export interface LocalHour {
  readonly day: string;
  readonly hour: string;
}

export function callFact({ calling, ruling, outcome, rejected }: Call, { day, hour }: LocalHour): FactDraft {
  const { verdict } = ruling;
  return {
    time: calling.timeMs,
    day,
    hour,
    session: calling.session,
    tool: calling.tool,
    decision: ruling.decision,
    tier: ruling.tier,
    source: ruling.source,
    rule: ruling.rule,
    project: calling.project,
    mode: calling.mode,
    effect: calling.effect,
    outcome: outcome?.success === undefined ? "" : outcome.success ? "succeeded" : "failed",
    rejected: rejected ? "yes" : "",
    saved: ruling.saved ? "yes" : "",
    event: "",
    imported: ruling.imported,
    command: "",
    path: "",
    domain: "",
    policy: calling.policy,
    llm: verdict?.llm ?? "",
    llm_model: verdict?.model ?? "",
    llm_cached: verdict?.isCached === true ? "yes" : "",
    unsure: verdict?.isUnsure === true ? "yes" : "",
    llm_error: verdict?.error ?? "",
    reroute: ruling.reroute?.mode ?? "",
    ran: ranOf(ruling.reroute !== null, calling.inputHash, outcome?.inputHash ?? ""),
    hook_us: calling.hookUs,
    tool_ms: outcome?.toolMs ?? null,
    llm_ms: verdict?.latencyMs ?? null,
  };
}

/** Hashes are of whole inputs under one key, so equal hashes are equal inputs. */
function ranOf(hasAlternative: boolean, called: string, ran: string): string {
  if (!hasAlternative || called === "" || ran === "") return "";
  return called === ran ? "original" : "other";
}

export function promptFact({ record, timeMs, at }: Prompt, { day, hour }: LocalHour): Fact {
  const { session, tool, project, mode } = callingOf(record, timeMs, at);
  return { ...EMPTY, time: timeMs, day, hour, session, tool, project, mode };
}

export function recordFact(record: AuditRecord, timeMs: number): Fact {
  return { ...EMPTY, time: timeMs, event: record.event, imported: record.imported_from ?? "" };
}

const CHANGES: ReadonlySet<string> = new Set([
  "policy_changed",
  "rule_promoted",
  "rule_revoked",
  "PromotionBlocked",
  "review",
]);

/** One of our own records about rules. */
export function isChange({ event }: AuditRecord): boolean {
  return CHANGES.has(event);
}

export function changeFact(record: AuditRecord, timeMs: number, { day, hour }: LocalHour): Fact {
  return {
    ...recordFact(record, timeMs),
    day,
    hour,
    session: record.session_id,
    rule: record.promoted_rule ?? record.rule_id ?? "",
    policy: record.policy_hash ?? "",
  };
}

/** What a change was about: the policy's hash, or the call that led to it. */
export function changeSample(record: AuditRecord, timeMs: number, at: LinePlace): Sample {
  const { session, subject } = callingOf(record, timeMs, at);
  return {
    at: `${at.file}:${at.offset}`,
    timeMs,
    session,
    subject: subject === "" ? (record.policy_hash ?? "") : subject,
    reason: record.reason ?? record.llm_reasoning ?? "",
    ruleSource: record.rule_source ?? "",
    alternative: "",
  };
}

/** The place of a call; of a rule that only covered a part of it, the record does not say where it stands. */
export function sampleOf({ calling, ruling }: Pick<Call, "calling" | "ruling">, row: Pick<Fact, "rule">): Sample {
  const { at, timeMs, session, subject } = calling;
  const ruleSource = row.rule === ruling.rule ? ruling.ruleSource : "";
  const alternative = ruling.reroute?.alternative ?? "";
  return { at: `${at.file}:${at.offset}`, timeMs, session, subject, reason: ruling.reason, ruleSource, alternative };
}
