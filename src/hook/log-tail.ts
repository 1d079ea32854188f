/**
 * The end of the log, for the two questions a hook has: which calls of a batch has no event told of yet, and what was
 * decided in this turn? Bounded: what lies further back is for the analyzer.
 */
import { type Decision, isDecision, strictest } from "../core/decision.js";
import { readTail } from "../store/read-tail.js";

/** About a thousand records. */
const TAIL_BYTES = 1 << 20;

/** Decisions of one session, or of one turn of it: since its last Stop. */
export interface TurnTally {
  readonly counts: ReadonlyMap<Decision, number>;
  /** False when it may have begun before the part of the log that was read. */
  readonly isWhole: boolean;
}

/** The ids that no record in the log's tail carries. A record too many does no harm: readers join by id. */
export function unseenIn(audit: string, toolUseIds: readonly string[]): ReadonlySet<string> {
  const tail = readTail(audit, TAIL_BYTES);
  return new Set(toolUseIds.filter((id) => !tail.includes(`"tool_use_id":${JSON.stringify(id)}`)));
}

/** One decision a call, the strictest, however many hooks recorded it. */
export function tallyTurn(audit: string, sessionId: string): TurnTally {
  return tally(audit, sessionId, (event) => event === "Stop" || event === "SessionStart");
}

/** The same of the whole session, as far as the tail reaches. */
export function tallySession(audit: string, sessionId: string): TurnTally {
  return tally(audit, sessionId, () => false);
}

function tally(audit: string, sessionId: string, isBeginning: (event: unknown) => boolean): TurnTally {
  const tail = readTail(audit, TAIL_BYTES);
  const lines = tail.toString("utf8").split("\n");
  const isCut = tail.length === TAIL_BYTES;
  if (isCut) lines.shift();
  const byCall = new Map<string, Decision>();
  const session = `"session_id":${JSON.stringify(sessionId)}`;
  let began = false;
  for (const line of lines.reverse()) {
    if (!line.includes(session)) continue;
    const { event, session_id, id, tool_use_id, decision } = fieldsOf(line);
    if (session_id !== sessionId) continue;
    began = isBeginning(event);
    if (began) break;
    if (event !== "PreToolUse" || !isDecision(decision)) continue;
    const call = String(tool_use_id ?? id);
    byCall.set(call, strictest(decision, byCall.get(call) ?? decision));
  }
  const counts = new Map<Decision, number>();
  for (const decision of byCall.values()) counts.set(decision, (counts.get(decision) ?? 0) + 1);
  return { counts, isWhole: began || !isCut };
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
