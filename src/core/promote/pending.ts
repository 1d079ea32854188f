/**
 * Which calls wait for a person's answer: YELLOW ones and those run as an alternative, told from records alone. The
 * same call of the same project is one entry however often it came up. It judges nothing and reads nothing.
 */
import type { AuditRecord } from "../audit/record.js";

export interface TimedRecord {
  readonly record: AuditRecord;
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
}

/** What became of the call: run as it was called and well, run as something else, failed, or not known to have run. */
export type PendingOutcome = "ran" | "ran-other" | "failed" | "unknown";

export interface PendingEntry {
  /** Id of its first record; any id of `ids` names the entry. */
  readonly id: string;
  readonly ids: readonly string[];
  /** The newest record of the call: what it was, the verdict, the alternative. */
  readonly record: AuditRecord;
  /** How often it came up, and in how many sessions. */
  readonly times: number;
  readonly sessions: number;
  readonly lastMs: number;
  readonly outcome: PendingOutcome;
  /** A person was asked, the call ran as it was called, and the tool succeeded. */
  readonly confirmed: boolean;
}

interface Waiting {
  readonly records: TimedRecord[];
  answeredMs: number;
}

/** Records in any order, also several times; newest entry first. What was answered since it last came up is left out. */
export function foldPending(records: Iterable<TimedRecord>): readonly PendingEntry[] {
  const seen = new Set<string>();
  const waiting = new Map<string, Waiting>();
  const outcomes = new Map<string, AuditRecord>();
  const group = (record: AuditRecord): Waiting => {
    const key = subjectKey(record);
    const known = waiting.get(key) ?? { records: [], answeredMs: -Infinity };
    waiting.set(key, known);
    return known;
  };
  for (const one of records) {
    const { record, timeMs } = one;
    if (seen.has(record.id)) continue;
    seen.add(record.id);
    if (record.event === "review") {
      const found = group(record);
      found.answeredMs = Math.max(found.answeredMs, timeMs);
    } else if (isOutcome(record)) outcomes.set(callKey(record), record);
    else if (isForReview(record)) group(record).records.push(one);
  }
  return [...waiting.values()]
    .flatMap(({ records: all, answeredMs }) => entryOf(all, answeredMs, outcomes) ?? [])
    .toSorted((a, b) => b.lastMs - a.lastMs || (a.id < b.id ? 1 : -1));
}

/** Ids of the records that still matter: calls nobody has answered yet, and what came of them. */
export function stillPending(records: readonly TimedRecord[]): ReadonlySet<string> {
  const open = new Set(foldPending(records).flatMap(({ ids }) => ids));
  const calls = new Set(records.flatMap(({ record }) => (open.has(record.id) ? [callKey(record)] : [])));
  const outcomes = records.filter(({ record }) => isOutcome(record) && calls.has(callKey(record)));
  return new Set([...open, ...outcomes.map(({ record }) => record.id)]);
}

/** A decision that a person should look at again, because the model was not sure or ran something else. */
export function isForReview({ event, llm_score, reroute, decision }: AuditRecord): boolean {
  return event === "PreToolUse" && (llm_score === "YELLOW" || reroute !== undefined || decision === "rerouted");
}

/** The same call of the same project: tool, project and the whole uncut input, by its keyed hash where there is one. */
export function subjectKey({ tool_name = "", project, cwd, input_hash, tool_input }: AuditRecord): string {
  return JSON.stringify([tool_name, project ?? cwd ?? "", input_hash ?? tool_input ?? null]);
}

function entryOf(
  records: readonly TimedRecord[],
  answeredMs: number,
  outcomes: ReadonlyMap<string, AuditRecord>,
): PendingEntry | null {
  const open = records.filter(({ timeMs }) => timeMs > answeredMs).toSorted((a, b) => a.timeMs - b.timeMs);
  const newest = open.at(-1);
  const first = open[0];
  if (newest === undefined || first === undefined) return null;
  const ran = open.map(({ record }) => ranAs(record, outcomes.get(callKey(record))));
  return {
    id: first.record.id,
    ids: open.map(({ record }) => record.id),
    record: newest.record,
    times: open.length,
    sessions: new Set(open.map(({ record }) => record.session_id)).size,
    lastMs: newest.timeMs,
    outcome: ran.findLast((one) => one !== "unknown") ?? "unknown",
    confirmed: open.some(({ record }, index) => record.decision === "ask" && ran[index] === "ran"),
  };
}

/** INVARIANT: without the hash of what ran, a call that had an alternative is not taken to have run as it was called. */
function ranAs(call: AuditRecord, outcome: AuditRecord | undefined): PendingOutcome {
  if (outcome === undefined || call.tool_use_id === undefined) return "unknown";
  if (outcome.tool_success !== true) return "failed";
  const isSame = call.input_hash !== undefined && call.input_hash === outcome.input_hash;
  if (isSame) return "ran";
  return call.reroute === undefined && outcome.input_hash === undefined ? "ran" : "ran-other";
}

function isOutcome({ event }: AuditRecord): boolean {
  return event === "PostToolUse" || event === "PostToolUseFailure";
}

function callKey({ session_id, agent_id = "", tool_use_id = "" }: AuditRecord): string {
  return `${session_id}\0${agent_id}\0${tool_use_id}`;
}
