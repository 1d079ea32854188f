/** Joined calls, prompts and records -> the flat rows that cubes count. */
import type { AuditRecord } from "../../core/audit/record.js";
import type { Fact, Sample } from "./fact.js";
import type { Prompt } from "./join-prompts.js";
import { type Call, callingOf } from "./open-call.js";

export type FactDraft = { -readonly [Column in keyof Fact]: Fact[Column] };

const EMPTY: Fact = {
  time: 0,
  day: "",
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
  hook_us: null,
  tool_ms: null,
};

export function callFact({ calling, ruling, outcome, rejected }: Call, day: string): FactDraft {
  return {
    time: calling.timeMs,
    day,
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
    hook_us: calling.hookUs,
    tool_ms: outcome?.toolMs ?? null,
  };
}

export function promptFact({ record, timeMs, at }: Prompt, day: string): Fact {
  const { session, tool, project, mode } = callingOf(record, timeMs, at);
  return { ...EMPTY, time: timeMs, day, session, tool, project, mode };
}

export function recordFact(record: AuditRecord, timeMs: number): Fact {
  return { ...EMPTY, time: timeMs, event: record.event, imported: record.imported_from ?? "" };
}

/** The place of a call; of a rule that only covered a part of it, the record does not say where it stands. */
export function sampleOf({ calling, ruling }: Call, row: Fact): Sample {
  const { at, timeMs, session, subject } = calling;
  const ruleSource = row.rule === ruling.rule ? ruling.ruleSource : "";
  return { at: `${at.file}:${at.offset}`, timeMs, session, subject, reason: ruling.reason, ruleSource };
}
