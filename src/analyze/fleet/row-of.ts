/** Joined calls, prompts and lines -> canonical rows. It joins nothing and leaves nothing out: profiles do that before anything leaves. */

import { importedId } from "../../core/audit/imported-id.js";
import type { AuditRecord } from "../../core/audit/record.js";
import type { Fact, Sample } from "../cubes/fact.js";
import { callFact, changeFact, changeSample, emptyFact, promptFact, sampleOf } from "../cubes/facts.js";
import type { JoinCounts } from "../cubes/join-calls.js";
import type { Prompt } from "../cubes/join-prompts.js";
import type { Call } from "../cubes/open-call.js";
import type { Scanned } from "../scan/scan.js";
import { type FactColumn, ROW_COLUMN_NAMES, ROW_VERSION, type Row, type RowKind } from "./row.js";

/** Where a row's line stands. `len` is its bytes up to the next line, so that the lines of a log leave no gap. */
export interface RowPlace {
  readonly machine: string;
  readonly log: string;
  readonly off: number;
  readonly len: number;
}

type Fields = Partial<Omit<Row, "v" | "kind" | "id" | keyof RowPlace>>;

/** Every column, so that all rows are of one shape in memory. */
const EMPTY: Row = {
  v: ROW_VERSION,
  kind: "gone",
  id: "",
  rev: 0,
  machine: "",
  profile: "",
  log: "",
  off: 0,
  len: 0,
  time: 0,
  session: "",
  event: "",
  imported: "",
  tool: "",
  call_id: "",
  decision: "",
  tier: "",
  source: "",
  rule: "",
  rules: [],
  project: "",
  mode: "",
  effect: "",
  outcome: "",
  rejected: "",
  saved: "",
  commands: [],
  paths: [],
  domains: [],
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
  subject: "",
  reason: "",
  rule_source: "",
  alternative: "",
  engine: "",
  cut: "",
  secrets: 0,
  disorder: "",
  problem: "",
  excerpt: "",
  body: "",
  size: 0,
  copies: 0,
  prompt_copies: 0,
  without_id: 0,
  undecided: 0,
  outcomes_alone: 0,
  closed_early: 0,
  dropped: 0,
};

const NO_HOUR = { day: "", hour: "" };

export function callRow(call: Call, place: RowPlace, rev = 0): Row {
  const { calling, ruling } = call;
  const fact = emptyFact();
  callFact(call, NO_HOUR, fact);
  return rowOf("call", place, fact.time, {
    ...factFields(fact),
    ...sampleFields(sampleOf(call, { rule: ruling.rule })),
    rev,
    call_id: calling.callId,
    rules: ruling.rules,
    commands: calling.commands,
    paths: calling.paths,
    domains: calling.domains,
  });
}

/** `null` for a prompt of a session that nobody attends, which is none. */
export function promptRow(prompt: Prompt, place: RowPlace): Row | null {
  if (prompt.record.attended === false) return null;
  return rowOf("prompt", place, prompt.timeMs, factFields(promptFact(prompt, NO_HOUR)));
}

type ScannedRecord = Extract<Scanned, { kind: "record" }>;

/** @param record one for which `isChange` holds */
export function changeRow({ record, timeMs, at }: ScannedRecord, place: RowPlace): Row {
  return rowOf("change", place, timeMs, {
    ...factFields(changeFact(record, timeMs, NO_HOUR)),
    ...sampleFields(changeSample(record, timeMs, at)),
  });
}

export type Disorder = "" | "late" | "stray";

export interface LineFacts {
  readonly disorder: Disorder;
  /** The whole record, "" where it does not leave the machine. */
  readonly body: string;
}

export function recordRow({ record, timeMs }: ScannedRecord, place: RowPlace, { disorder, body }: LineFacts): Row {
  return rowOf("record", place, timeMs, {
    session: record.session_id,
    event: record.event,
    imported: record.imported_from ?? "",
    engine: record.engine_version ?? "",
    cut: record.input_truncated === true ? "yes" : "",
    secrets: secretsOf(record),
    disorder,
    body,
  });
}

/** @param timeMs of the record before it in the log, 0 when there is none */
export function badRow(bad: Extract<Scanned, { kind: "bad" }>, timeMs: number, place: RowPlace): Row {
  return rowOf("bad", place, timeMs, { problem: bad.problem, excerpt: bad.excerpt, size: bad.at.length });
}

/** What was counted while a batch was joined. */
export type BatchCounts = JoinCounts & { readonly size: number; readonly dropped: number };

/** @param timeMs of the newest record in it */
export function batchRow(counts: BatchCounts, timeMs: number, place: RowPlace): Row {
  return rowOf("batch", place, timeMs, {
    size: counts.size,
    copies: counts.copies,
    prompt_copies: counts.promptCopies,
    without_id: counts.withoutId,
    undecided: counts.undecided,
    outcomes_alone: counts.outcomesAlone,
    closed_early: counts.closedEarly,
    dropped: counts.dropped,
  });
}

/** In the place of a row that was shipped and no longer is: lines that came later have put its records to other rows. */
export function goneRow({ v, id, machine, log, off, len, time }: Row): Row {
  return { ...EMPTY, v, kind: "gone", id, machine, log, off, len, time };
}

function rowOf(kind: RowKind, place: RowPlace, timeMs: number, fields: Fields): Row {
  const time = wholeOf(timeMs);
  const id = importedId(time, kind, place.log, String(place.off));
  return canonical(Object.assign({ ...EMPTY }, fields, place, { kind, id, time }));
}

function factFields(fact: Fact): Pick<Row, FactColumn> {
  const { day: _day, hour: _hour, command: _command, path: _path, domain: _domain, ...columns } = fact;
  return columns;
}

function sampleFields({ subject, reason, ruleSource, alternative }: Sample): Fields {
  return { subject, reason, rule_source: ruleSource, alternative };
}

function secretsOf({ redacted = 0 }: AuditRecord): number {
  return Math.max(0, redacted);
}

/** Text that every engine keeps as it is, and whole numbers that all of them hold. Nearly every row is so already. */
function canonical(row: Row): Row {
  if (ROW_COLUMN_NAMES.every((name) => isCanonical(row[name]))) return row;
  const values = Object.entries(row).map(([name, value]) => [name, canonicalValue(value)]);
  return { ...row, ...Object.fromEntries(values) };
}

function isCanonical(value: Row[keyof Row]): boolean {
  if (typeof value === "string") return isCanonicalText(value);
  if (typeof value === "number") return Number.isSafeInteger(value);
  return value === null || (value.every(isCanonicalText) && (value.length < 2 || new Set(value).size === value.length));
}

function isCanonicalText(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

function canonicalValue(value: Row[keyof Row]): Row[keyof Row] {
  if (typeof value === "string") return canonicalText(value);
  if (typeof value === "number") return wholeOf(value);
  return value === null ? null : [...new Set(value.map(canonicalText))];
}

/** Well-formed, without NUL. */
export function canonicalText(text: string): string {
  const formed = text.toWellFormed();
  return formed.includes("\0") ? formed.replaceAll("\0", "\ufffd") : formed;
}

function wholeOf(value: number): number {
  return Math.min(Math.max(Math.trunc(value), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER) || 0;
}
