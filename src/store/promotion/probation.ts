/**
 * Probation at the end of a session: the log's tail is searched for calls of promoted rules that were refused in it. What
 * lies further back is found by `review` and `rules`.
 */
import { decodeRecord } from "../../core/audit/decode.js";
import type { Settings } from "../../core/policy/policy.js";
import { foldContradictions } from "../../core/promote/contradiction.js";
import { readTail } from "../read-tail.js";
import { onProbation, type Suspended, suspendContradicted } from "./suspend-contradicted.js";
import type { WriteEffects } from "./write-rule.js";

/** About a thousand records. */
const TAIL_BYTES = 1 << 20;

/** Never throws. The user hears of it by a notice. */
export async function checkProbation(
  sessionId: string,
  audit: Settings["audit"],
  effects: WriteEffects,
): Promise<readonly Suspended[]> {
  try {
    if (onProbation(effects.places).size === 0) return [];
    const found = foldContradictions(recordsOf(sessionId, effects.places.audit));
    return await suspendContradicted(found, audit, effects, { isTold: false, who: "hook" });
  } catch {
    return [];
  }
}

/** In the order they were written. */
function recordsOf(sessionId: string, path: string) {
  const mark = `"session_id":${JSON.stringify(sessionId)}`;
  const lines = readTail(path, TAIL_BYTES).toString("utf8").split("\n");
  return lines.flatMap((line) => {
    const decoded = line.includes(mark) ? decodeRecord(line) : null;
    return decoded?.kind === "record" && decoded.record.session_id === sessionId
      ? [{ record: decoded.record, timeMs: decoded.timeMs }]
      : [];
  });
}
