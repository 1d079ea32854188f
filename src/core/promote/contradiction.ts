/**
 * What speaks against rules that were promoted: a call one of them allowed, about which Claude Code asked all the same and
 * which the user did not let run, or which auto mode denied. Told from the records of one session; a plain "No" fires no
 * event, so it is inferred (contract 2.1): no outcome before the turn ended.
 */
import type { AuditRecord } from "../audit/record.js";
import { subjectOf } from "../audit/record-call.js";
import type { TimedRecord } from "./pending.js";

export interface Contradiction {
  /** Milliseconds since the epoch, of the newest refused call. */
  readonly timeMs: number;
  /** The command or path that was refused. */
  readonly subject: string;
}

interface OpenCall extends TimedRecord {
  prompted: boolean;
  refused: boolean;
}

/**
 * Rule -> the newest call against it, for every rule that allowed one. Whether it is a promoted rule is for the caller.
 * @param records of one session, in the order they were written.
 */
export function foldContradictions(records: Iterable<TimedRecord>): ReadonlyMap<string, Contradiction> {
  const calls = new Map<string, OpenCall>();
  let turnEndedMs = -Infinity;
  for (const one of records) {
    const { record } = one;
    const key = `${record.agent_id ?? ""}\0${record.tool_use_id ?? ""}`;
    const call = calls.get(key);
    switch (record.event) {
      case "PreToolUse":
        if (record.decision === "allow" && record.tool_use_id !== undefined && record.attended !== false) {
          calls.set(key, { ...one, prompted: false, refused: false });
        } else calls.delete(key);
        break;
      case "PermissionRequest": {
        const asked = [...calls.values()].findLast((open) => isSameCall(open.record, record));
        if (asked !== undefined) asked.prompted = true;
        break;
      }
      case "PermissionDenied":
        if (call !== undefined) call.refused = true;
        break;
      case "PostToolUse":
      case "PostToolUseFailure":
      case "PostToolBatch":
        calls.delete(key);
        break;
      case "UserPromptSubmit":
      case "SessionEnd":
        turnEndedMs = one.timeMs;
    }
  }
  const found = new Map<string, Contradiction>();
  for (const { record, timeMs, prompted, refused } of calls.values()) {
    if (!refused && !(prompted && timeMs <= turnEndedMs)) continue;
    for (const rule of new Set([...(record.rule_ids ?? []), record.rule_id ?? ""])) {
      if (timeMs >= (found.get(rule)?.timeMs ?? -Infinity)) found.set(rule, { timeMs, subject: subjectOf(record) });
    }
  }
  found.delete("");
  return found;
}

/** A prompt carries no id of its call. */
function isSameCall(call: AuditRecord, prompt: AuditRecord): boolean {
  const inputOf = ({ input_hash, tool_input }: AuditRecord) => input_hash ?? JSON.stringify(tool_input ?? null);
  const isOfCaller = call.agent_id === prompt.agent_id && call.tool_name === prompt.tool_name;
  return isOfCaller && inputOf(call) === inputOf(prompt);
}
