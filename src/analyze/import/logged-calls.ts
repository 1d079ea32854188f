/**
 * What the hook's own log says about calls, so that an import adds nothing it already knows. Imported records do not
 * count: an import is not a witness of another import.
 */
import { type Decision, isDecision, strictest } from "../../core/decision.js";
import type { Scanned } from "../scan/scan.js";
import type { LoggedCall } from "./call-records.js";

export interface LoggedCalls {
  readonly find: (sessionId: string, toolUseId: string) => LoggedCall | undefined;
}

const OUTCOMES: ReadonlySet<string> = new Set([
  "PostToolUse",
  "PostToolUseFailure",
  "PostToolBatch",
  "PermissionDenied",
]);

export function foldLoggedCalls(scanned: Iterable<Scanned>): LoggedCalls {
  const calls = new Map<string, { decision?: Decision; hasOutcome: boolean }>();
  for (const item of scanned) {
    if (item.kind !== "record" || item.record.imported_from !== undefined) continue;
    const { event, session_id, tool_use_id, decision } = item.record;
    if (tool_use_id === undefined) continue;
    const isOutcome = OUTCOMES.has(event);
    if (!isOutcome && event !== "PreToolUse") continue;
    const key = keyOf(session_id, tool_use_id);
    const call = calls.get(key) ?? { hasOutcome: false };
    if (isOutcome) call.hasOutcome = true;
    else if (isDecision(decision)) call.decision = strictest(decision, call.decision ?? decision);
    calls.set(key, call);
  }
  return { find: (sessionId, toolUseId) => calls.get(keyOf(sessionId, toolUseId)) };
}

function keyOf(sessionId: string, toolUseId: string): string {
  return `${sessionId}\n${toolUseId}`;
}
