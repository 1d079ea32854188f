/** A look at bytes that could not be used, safe to print anywhere: short, one line, no secrets, no control characters. */
import { redactText } from "../../core/audit/redact.js";

const LENGTH = 120;
/** Bytes looked at: enough that a secret is whole before the cut. */
const SEEN = 2048;

/** At most 120 printable ASCII characters; anything else shows as `.`. */
export function excerptOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, SEEN)).toString("latin1");
  const clean = redactText(text).text.replace(/[^\x20-\x7e]/g, ".");
  return clean.length > LENGTH ? `${clean.slice(0, LENGTH - 3)}...` : clean;
}
