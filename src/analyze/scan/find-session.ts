/** A session as people and programs name it -> its id. */
import type { Scan } from "./open-scan.js";

export type FoundSession =
  | { readonly kind: "session"; readonly id: string }
  /** `newest`: up to three ids that are there. */
  | { readonly kind: "none"; readonly sessions: number; readonly newest: readonly string[]; readonly isBack: boolean };

const NAMED = 3;

/**
 * `last` is the session of the newest record, `last-1` the one before, in the order of their newest records; anything
 * else is an id, or the beginning of one.
 */
export function findSession(scan: Scan, text: string): FoundSession {
  const back = /^last(?:-(\d{1,4}))?$/.exec(text);
  const seen = new Set<string>();
  for (const scanned of scan.backward()) {
    if (scanned.kind !== "record") continue;
    const { session_id: id } = scanned.record;
    if (id === "" || seen.has(id)) continue;
    if (back === null ? id.startsWith(text) : seen.size === Number(back[1] ?? 0)) return { kind: "session", id };
    seen.add(id);
  }
  return { kind: "none", sessions: seen.size, newest: [...seen].slice(0, NAMED), isBack: back !== null };
}
