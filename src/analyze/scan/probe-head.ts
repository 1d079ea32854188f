/**
 * Whether one of the first fields of a line says a certain word, by the few bytes that lead there: the quickest way to
 * pass by a line. It answers for lines that stand as our serializer writes them, and says so when one does not.
 */
import { EVENT_AT, isAt } from "./canonical-line.js";

/** In the order on disk, behind `event`. */
export const FIRST_FIELDS = ["session_id", "tier", "decision", "tool_name"] as const;
export type FirstField = (typeof FIRST_FIELDS)[number];

const LITERALS = FIRST_FIELDS.map((field) => Buffer.from(`,"${field}":`));
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DASH = 0x2d;

/** `quoted`: one of the texts looked for, as JSON. Bound to a field once, called for every line. */
export function createProbe(
  field: FirstField,
  quoted: readonly Buffer[],
): (bytes: Buffer, start: number, tail: number) => "same" | "other" | "unknown" {
  const last = FIRST_FIELDS.indexOf(field);
  return (bytes, start, tail) => {
    let at = textEnd(bytes, start + EVENT_AT, tail);
    for (let index = 0; index <= last && at > 0; index++) {
      const literal = LITERALS[index];
      if (literal === undefined || !isAt(bytes, at, literal)) continue;
      const value = at + literal.length;
      if (index === last) for (const text of quoted) if (isAt(bytes, value, text)) return "same";
      at = bytes[value] !== QUOTE ? -1 : index === 0 ? idEnd(bytes, value + 1, tail) : textEnd(bytes, value + 1, tail);
      if (index === last && at > 0) return "other";
    }
    return "unknown";
  };
}

/** The same for a session: nearly always a UUID, told by its shape instead of by all of its characters. */
function idEnd(bytes: Buffer, from: number, tail: number): number {
  const isUuid =
    bytes[from + 36] === QUOTE &&
    bytes[from + 35] !== BACKSLASH &&
    bytes[from + 8] === DASH &&
    bytes[from + 13] === DASH &&
    bytes[from + 18] === DASH &&
    bytes[from + 23] === DASH;
  return isUuid ? from + 37 : textEnd(bytes, from, tail);
}

/** Behind the closing quote of a text whose first character is at `from`; -1 for escapes, control characters, no end. */
function textEnd(bytes: Buffer, from: number, tail: number): number {
  for (let at = from; at < tail; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH || byte === undefined || byte < 0x20) return -1;
  }
  return -1;
}
