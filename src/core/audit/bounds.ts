/**
 * How much of a record is kept (SPEC section 7), and the quick proof that nothing of one has to be cut. It cuts nothing
 * itself.
 */
import type { AuditRecord } from "./record.js";

export interface Bounds {
  /** Bytes of UTF-8 of a string named `command`. */
  readonly maxCommandBytes: number;
  /** Characters of any other string. */
  readonly maxFieldChars: number;
  /** Bytes of the whole tool_input as JSON. */
  readonly maxInputBytes: number;
}

export const DEFAULT_BOUNDS: Bounds = { maxCommandBytes: 32_768, maxFieldChars: 1024, maxInputBytes: 65_536 };

/** Texts of one list field (`paths`, `commands`): enough for any call a person wrote. */
export const MAX_LIST = 200;

/** Bytes that one UTF-16 unit takes at most: as UTF-8, and as an escape in JSON. */
const UTF8 = 3;
const ESCAPED = 6;

/** True only when cutting would change nothing. False for records with structure, which nobody has looked into. */
export function isUncut(record: AuditRecord, bounds: Bounds): boolean {
  for (const [key, value] of Object.entries(record)) {
    if (key === "tool_input" ? !isFlatInput(value, bounds) : !isShort(value, bounds)) return false;
  }
  return true;
}

function isShort(value: unknown, { maxFieldChars }: Bounds): boolean {
  if (typeof value === "string") return value.length <= maxFieldChars;
  if (typeof value !== "object" || value === null) return true;
  const texts = Array.isArray(value) ? value : Object.entries(value).flat();
  return texts.length <= MAX_LIST && texts.every((text) => typeof text === "string" && text.length <= maxFieldChars);
}

function isFlatInput(value: unknown, { maxCommandBytes, maxFieldChars, maxInputBytes }: Bounds): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  let size = 2;
  for (const [key, field] of Object.entries(value)) {
    if (typeof field === "object" && field !== null) return false;
    const text = String(field);
    const isKept = key === "command" ? text.length * UTF8 <= maxCommandBytes : text.length <= maxFieldChars;
    if (!isKept || key.length > maxFieldChars) return false;
    size += (key.length + text.length + 4) * ESCAPED;
  }
  return size <= maxInputBytes;
}
