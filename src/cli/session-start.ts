/**
 * When a session began, so that the tail of a log is enough to count it: a day of the log without any record of it ends the
 * search. A session resumed after longer than that counts from there; --since reaches further.
 */
import type { Reading } from "./reading.js";

const QUIET_MS = 24 * 3_600_000;
/** So many records in a row must be that much older: one wrong clock must not end the search. */
const IN_A_ROW = 64;

/** Milliseconds; `undefined` when the log has no record of the session. */
export async function sessionStart(reading: Reading, session: string): Promise<number | undefined> {
  let oldest: number | undefined;
  let quiet = 0;
  for (const found of (await reading.records({})) ?? []) {
    if (found.kind !== "record") continue;
    if (found.record.session_id === session) {
      oldest = Math.min(oldest ?? found.timeMs, found.timeMs);
      quiet = 0;
    } else {
      quiet = oldest !== undefined && oldest - found.timeMs > QUIET_MS ? quiet + 1 : 0;
      if (quiet === IN_A_ROW) break;
    }
  }
  return oldest;
}
