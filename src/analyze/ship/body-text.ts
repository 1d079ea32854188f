/** A whole record as the profile `full` ships it: redacted when it was written, and once more field by field. */
import type { AuditRecord } from "../../core/audit/record.js";
import { redact } from "../../core/audit/redact.js";

/** @param clean takes secrets out of one text; `extra`: the user's own patterns */
export function bodyText(record: AuditRecord, clean: (text: string) => string, extra: readonly RegExp[]): string {
  // A record that was read lazily is no plain object before it went through JSON.
  const { value } = redact(JSON.parse(JSON.stringify(record)), extra);
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "string" ? clean(part) : part));
}
