/**
 * claude-code-permissions-hook tells one call up to three times: when it is asked, in its short operational log, and in
 * its long review log. These lines carry no call id, so they are put together by session, tool and input within the
 * time its model may take. Lines that contradict each other stay apart.
 */
import type { AuditRecord } from "../../core/audit/record.js";

export interface OlderLine {
  readonly record: AuditRecord;
  readonly timeMs: number;
}

/** The older hook waits this long for its model at most, in its own default configurations. */
const SAME_CALL_MS = 60_000;

type Telling = "asked" | "short" | "full";

interface Call {
  record: AuditRecord;
  readonly timeMs: number;
  readonly tellings: Set<Telling>;
}

/** One record a call, in time order; `id` and time are those of the call's first line. */
export function joinOlderLines(lines: readonly OlderLine[]): readonly AuditRecord[] {
  const ordered = lines.toSorted((a, b) => a.timeMs - b.timeMs || (a.record.id < b.record.id ? -1 : 1));
  const last = new Map<string, Call>();
  const calls: Call[] = [];
  for (const { record, timeMs } of ordered) {
    const key = JSON.stringify([record.event, record.session_id, record.tool_name, record.tool_input]);
    const call = last.get(key);
    const telling = tellingOf(record);
    if (call !== undefined && isSameCall(call, record, telling, timeMs)) {
      call.tellings.add(telling);
      // What the first line said stays; `id` and `timestamp` are among it.
      call.record = { ...record, ...call.record };
    } else {
      const started = { record, timeMs, tellings: new Set([telling]) };
      last.set(key, started);
      calls.push(started);
    }
  }
  return calls.map((call) => call.record);
}

function isSameCall(call: Call, record: AuditRecord, telling: Telling, timeMs: number): boolean {
  const agrees = (key: "decision" | "tier" | "rule_id") =>
    call.record[key] === undefined || record[key] === undefined || call.record[key] === record[key];
  return (
    timeMs - call.timeMs <= SAME_CALL_MS &&
    !call.tellings.has(telling) &&
    agrees("decision") &&
    agrees("tier") &&
    agrees("rule_id")
  );
}

function tellingOf(record: AuditRecord): Telling {
  if (record.decision === undefined) return "asked";
  return record.reason === undefined && record.llm_reasoning === undefined ? "short" : "full";
}
