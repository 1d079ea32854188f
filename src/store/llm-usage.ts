/**
 * How often the model was asked, and how often in a row it failed: counters that concurrent hooks can share without a
 * lock, because each is the size of a file to which one byte is appended. What cannot be counted is not asked.
 */
import { appendFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./make-folder.js";
import { sipHash } from "./sip-hash.js";

export interface CallLimits {
  readonly perMinute: number;
  readonly perSession: number;
}

/** Counts one call about to be made; says which limit it would break, or "". `now` in milliseconds since the epoch. */
export function spendCall(state: string, sessionId: string, limits: CallLimits, now: number): string {
  try {
    const folder = join(state, "llm");
    makeFolder(folder);
    const minute = join(folder, `minute-${Math.floor(now / 60_000)}`);
    if (countIn(minute) === 0) tidy(folder, now);
    if (count(minute) > limits.perMinute) return `${limits.perMinute} model calls a minute`;
    const session = join(folder, `session-${sipHash(new Uint8Array(16), Buffer.from(sessionId))}`);
    return count(session) > limits.perSession ? `${limits.perSession} model calls a session` : "";
  } catch {
    return "model calls that can be counted (the home cannot be written)";
  }
}

/** One more failure in a row: how many it is now. 0 when that cannot be kept. */
export function noteFailure(state: string): number {
  try {
    makeFolder(join(state, "llm"));
    return count(failures(state));
  } catch {
    return 0;
  }
}

export function noteSuccess(state: string): void {
  try {
    rmSync(failures(state), { force: true });
  } catch {
    // The next success ends the row.
  }
}

function failures(state: string): string {
  return join(state, "llm", "failures");
}

function count(path: string): number {
  appendFileSync(path, ".", { mode: 0o600 });
  return statSync(path).size;
}

function countIn(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

const SESSION_MS = 7 * 86_400_000;

/** Minutes that are over, and sessions nobody has gone on with for a week. */
function tidy(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const age = now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if ((name.startsWith("minute-") && age > 120_000) || (name.startsWith("session-") && age > SESSION_MS)) {
      rmSync(path, { force: true });
    }
  }
}
