/**
 * Names of records that come from elsewhere: the same input gives the same id, so importing twice changes nothing.
 * UUID version 8 with version 7's layout: the time in front, a digest instead of chance behind.
 */
import { createHash } from "node:crypto";
import { uuidFrom } from "./record-id.js";

/** `parts`: what tells this record from others of that moment, e.g. session, event, tool_use_id. */
export function importedId(timeMs: number, ...parts: readonly string[]): string {
  const digest = createHash("sha256");
  // Length before text: no two lists of parts give the same bytes.
  for (const part of parts) digest.update(`${part.length}:${part}`);
  return uuidFrom(timeMs, 0x80, digest.digest().subarray(0, 10));
}
