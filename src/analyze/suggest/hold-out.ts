/**
 * Keeps the newest sessions out of the mining, so that rules can be tried on calls they were not made from. Too few
 * sessions to keep any out is said, not hidden: then nothing is validated.
 */
import type { PastCall } from "./past-call.js";

const KEPT_SHARE = 0.3;
const LEAST_SESSIONS = 5;
const LEAST_MS = 3 * 86_400_000;

export interface Split {
  readonly past: readonly PastCall[];
  /** `null`: too few sessions and days to keep any out. */
  readonly later: readonly PastCall[] | null;
}

/** By the time each session began; a session is never split. */
export function splitByTime(calls: readonly PastCall[]): Split {
  const begun = new Map<string, number>();
  for (const { call, timeMs } of calls) {
    begun.set(call.sessionId, Math.min(begun.get(call.sessionId) ?? Number.POSITIVE_INFINITY, timeMs));
  }
  const sessions = [...begun].sort(([a, at], [b, bt]) => at - bt || (a < b ? -1 : 1));
  const kept = sessions.slice(Math.ceil(sessions.length * (1 - KEPT_SHARE)));
  const [first] = kept;
  const last = calls.at(-1);
  if (first === undefined || last === undefined) return { past: calls, later: null };
  if (kept.length < LEAST_SESSIONS && last.timeMs - first[1] < LEAST_MS) return { past: calls, later: null };
  const ids = new Set(kept.map(([id]) => id));
  return {
    past: calls.filter(({ call }) => !ids.has(call.sessionId)),
    later: calls.filter(({ call }) => ids.has(call.sessionId)),
  };
}
