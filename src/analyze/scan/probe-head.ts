/**
 * Whether one of the first fields of a line says a certain word, by the few bytes that lead there: the quickest way to
 * pass by a line. It answers for lines that stand as our serializer writes them, and says so when one does not.
 */
import { EVENT_AT } from "./canonical-line.js";
import { firstSpecial, isSame, viewOf } from "./words.js";

/** In the order on disk, behind `event`. */
export const FIRST_FIELDS = ["session_id", "tier", "decision", "tool_name"] as const;
export type FirstField = (typeof FIRST_FIELDS)[number];

const LITERALS = FIRST_FIELDS.map((field) => viewOf(Buffer.from(`,"${field}":`)));
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DASH = 0x2d;

/** `quoted`: one of the texts looked for, as JSON. Bound to a field once, called for every line. */
export function createProbe(
  field: FirstField,
  quoted: readonly Buffer[],
): (view: DataView, start: number, tail: number) => "same" | "other" | "unknown" {
  const last = FIRST_FIELDS.indexOf(field);
  const texts = quoted.map(viewOf);
  return (view, start, tail) => {
    let at = textEnd(view, start + EVENT_AT, tail);
    for (let index = 0; index <= last && at > 0; index++) {
      const literal = LITERALS[index];
      if (literal === undefined || !isAt(view, at, tail, literal)) continue;
      const value = at + literal.byteLength;
      if (index === last) for (const text of texts) if (isAt(view, value, tail, text)) return "same";
      if (value >= tail || view.getUint8(value) !== QUOTE) return "unknown";
      at = index === 0 ? idEnd(view, value + 1, tail) : textEnd(view, value + 1, tail);
      if (index === last && at > 0) return "other";
    }
    return "unknown";
  };
}

function isAt(view: DataView, at: number, tail: number, literal: DataView): boolean {
  return at + literal.byteLength <= tail && isSame(view, at, literal, 0, literal.byteLength);
}

/** The same for a session: nearly always a UUID, told by its shape instead of by all of its characters. */
function idEnd(view: DataView, from: number, tail: number): number {
  const isUuid =
    from + 36 < tail &&
    view.getUint8(from + 36) === QUOTE &&
    view.getUint8(from + 35) !== BACKSLASH &&
    view.getUint8(from + 8) === DASH &&
    view.getUint8(from + 13) === DASH &&
    view.getUint8(from + 18) === DASH &&
    view.getUint8(from + 23) === DASH;
  return isUuid ? from + 37 : textEnd(view, from, tail);
}

/** Behind the closing quote of a text whose first character is at `from`; -1 for escapes, control characters, no end. */
function textEnd(view: DataView, from: number, tail: number): number {
  for (let at = from; at + 4 <= tail; at += 4) {
    const plain = firstSpecial(view.getInt32(at, true));
    if (plain < 4) return view.getUint8(at + plain) === QUOTE ? at + plain + 1 : -1;
  }
  // Behind a field of a whole line there is always more than a word.
  return -1;
}
