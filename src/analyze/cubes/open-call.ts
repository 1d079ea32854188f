/**
 * A call while its records are still being met, newest first: what its strictest record decided, what its PreToolUse says of
 * it, what came of it. It keeps the few fields that are counted and never holds a record or its input.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import { type Decision, isDecision, type Source, sourceOf, strictest, type Tier } from "../../core/decision.js";
import { currentToolName, stringField, toolShape } from "../../core/tool-call.js";
import type { LinePlace } from "../scan/scan.js";
import { pathKey } from "./path-key.js";
import { savesPrompt } from "./prompts-saved.js";

const SUBJECT_CHARS = 200;

/** What one record decided. */
export interface Ruling {
  readonly decision: Decision;
  readonly tier: Tier | "";
  readonly source: Source;
  readonly rule: string;
  /** Every rule that took part, the deciding one included. */
  readonly rules: readonly string[];
  readonly reason: string;
  readonly ruleSource: string;
  readonly saved: boolean;
  readonly imported: string;
}

/** What was called, and where that stands. */
export interface Calling {
  readonly timeMs: number;
  readonly at: LinePlace;
  readonly session: string;
  readonly tool: string;
  readonly project: string;
  readonly mode: string;
  readonly effect: string;
  readonly attended: boolean | undefined;
  readonly commands: readonly string[];
  /** As pathKey spells them. */
  readonly paths: readonly string[];
  readonly subject: string;
  readonly hookUs: number | null;
}

export interface Outcome {
  readonly success: boolean | undefined;
  readonly toolMs: number | null;
}

export interface Call {
  readonly calling: Calling;
  readonly ruling: Ruling;
  readonly outcome: Outcome | undefined;
  /** The user said no or interrupted: inferred, no event says so (contract 2.1). */
  readonly rejected: boolean;
}

const NOTHING: readonly string[] = [];

/** `null` when the record carries no decision we know. */
export function rulingOf(record: AuditRecord): Ruling | null {
  const { decision, tier, rule_id: rule = "" } = record;
  if (!isDecision(decision)) return null;
  const named = record.rule_ids ?? NOTHING;
  return {
    decision,
    tier: tier ?? "",
    source: tier === undefined ? "none" : sourceOf(tier, rule),
    rule,
    rules: rule === "" || named.includes(rule) ? named : [rule, ...named],
    reason: record.reason ?? "",
    ruleSource: record.rule_source ?? "",
    saved: savesPrompt(record),
    imported: record.imported_from ?? "",
  };
}

/** The stricter ruling; of two equal ones our own before an imported one, else the one met first. */
export function stricterRuling(met: Ruling, next: Ruling): Ruling {
  if (met.decision === next.decision) return met.imported !== "" && next.imported === "" ? next : met;
  return strictest(met.decision, next.decision) === met.decision ? met : next;
}

export function callingOf(record: AuditRecord, timeMs: number, at: LinePlace): Calling {
  const tool = currentToolName(record.tool_name ?? "");
  return {
    timeMs,
    at,
    session: record.session_id,
    tool,
    project: record.project ?? record.cwd ?? "",
    mode: record.permission_mode ?? "",
    effect: record.effect ?? "",
    attended: record.attended,
    commands: record.commands ?? NOTHING,
    paths: record.paths?.map((path) => pathKey(path, record.cwd ?? "", record.home ?? "")) ?? NOTHING,
    subject: subjectOf(record, tool),
    hookUs: record.duration_us ?? null,
  };
}

export function outcomeOf(record: AuditRecord): Outcome {
  const told = record.event === "PostToolUse" ? true : record.event === "PostToolUseFailure" ? false : undefined;
  return { success: record.tool_success ?? told, toolMs: record.tool_duration_ms ?? null };
}

/** The tool's main field, else what is known of the call, cut. */
function subjectOf(record: AuditRecord, tool: string): string {
  const input = record.tool_input;
  const main = toolShape(tool)?.main;
  const field = isTable(input) && main !== undefined ? stringField(input, main) : undefined;
  const text =
    field ?? (typeof input === "string" ? input : undefined) ?? record.commands?.[0] ?? record.paths?.[0] ?? "";
  if (text.length <= SUBJECT_CHARS) return text;
  // A plain slice would keep the whole text alive for as long as the sample lives.
  return `${Buffer.from(text.slice(0, SUBJECT_CHARS)).toString()}…`;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
