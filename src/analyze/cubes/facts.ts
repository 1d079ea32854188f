/** Joined calls, prompts and records -> the flat rows that cubes count. */
import type { AuditRecord } from "../../core/audit/record.js";
import type { LinePlace } from "../scan/scan.js";
import type { Fact, Sample, TextColumn } from "./fact.js";
import type { Prompt } from "./join-prompts.js";
import { type Call, type Calling, callingOf, type Ruling, type settingOf } from "./open-call.js";

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
  answered: "",
  hook_us: null,
  tool_ms: null,
  llm_ms: null,
};

/** Local day and hour of an instant. */
export interface LocalHour {
  readonly day: string;
  readonly hour: string;
}

/** For one row after the other, so that a million of them are not made. */
export function emptyFact(): FactDraft {
  return { ...EMPTY };
}

/** @param fact gets what is known of the call. */
export function callFact(call: Call, hour: LocalHour, fact: FactDraft): void {
  const { calling, ruling, outcome } = call;
  Object.assign(fact, hour, settingColumns(calling), doingColumns(calling), rulingColumns(ruling), joinedColumns(call));
  fact.time = calling.timeMs;
  fact.hook_us = calling.hookUs;
  fact.tool_ms = outcome?.toolMs ?? null;
  fact.llm_ms = ruling.verdict?.latencyMs ?? null;
}

export type Columns = Readonly<Partial<Pick<Fact, TextColumn>>>;

export function settingColumns({ session, project, mode, policy }: ReturnType<typeof settingOf>): Columns {
  return { session, project, mode, policy };
}

export function doingColumns({ tool, effect }: Pick<Calling, "tool" | "effect">): Columns {
  return { tool, effect };
}

export function rulingColumns({ verdict, reroute, ...ruling }: Ruling): Columns {
  const { decision, tier, source, rule, saved, imported } = ruling;
  return {
    decision,
    tier,
    source,
    rule,
    saved: saved ? "yes" : "",
    imported,
    llm: verdict?.llm ?? "",
    llm_model: verdict?.model ?? "",
    llm_cached: verdict?.isCached === true ? "yes" : "",
    unsure: verdict?.isUnsure === true ? "yes" : "",
    llm_error: verdict?.error ?? "",
    reroute: reroute?.mode ?? "",
  };
}

/** What became of a call. */
export function joinedColumns(call: Call): Columns {
  const { calling, ruling, outcome, rejected } = call;
  return {
    outcome: outcome?.success === undefined ? "" : outcome.success ? "succeeded" : "failed",
    rejected: rejected ? "yes" : "",
    ran: ranOf(ruling.reroute, calling.inputHash, outcome?.inputHash ?? ""),
    answered: answerOf(call),
  };
}

/** Hashes are of whole inputs under one key, so equal hashes are equal inputs. */
function ranOf(reroute: Call["ruling"]["reroute"], called: string, ran: string): string {
  if (reroute === null || called === "" || ran === "") return "";
  if (called === ran) return "original";
  if (reroute.alternativeHash === "") return "other";
  return reroute.alternativeHash === ran ? "alternative" : "neither";
}

function answerOf({ calling, ruling, outcome, prompted, rejected }: Call): string {
  if (ruling.verdict === null) return "";
  if (rejected) return "refused";
  if (!prompted || calling.attended === false || outcome === undefined) return "";
  const isSame = calling.inputHash === "" || outcome.inputHash === "" || calling.inputHash === outcome.inputHash;
  return isSame ? "as-called" : "another";
}

export function promptFact({ record, timeMs, at }: Prompt, { day, hour }: LocalHour): Fact {
  const { session, tool, project, mode } = callingOf(record, timeMs, at);
  return { ...EMPTY, time: timeMs, day, hour, session, tool, project, mode };
}

export function recordFact(record: AuditRecord, timeMs: number, fact: FactDraft): void {
  fact.time = timeMs;
  fact.event = record.event;
  fact.imported = record.imported_from ?? "";
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
    ...EMPTY,
    time: timeMs,
    event: record.event,
    imported: record.imported_from ?? "",
    day,
    hour,
    session: record.session_id,
    rule: record.promoted_rule ?? record.rule_id ?? "",
    policy: record.policy_hash ?? "",
    llm: record.llm_score ?? "",
    answered:
      record.event === "review" ? (/^(?:approved|confirmed|rejected)(?= )/.exec(record.reason ?? "")?.[0] ?? "") : "",
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
