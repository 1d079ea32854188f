/**
 * Which lines of a block cannot be wanted, by the few bytes that lead to their first fields: the quick form of what
 * src/analyze/scan/{index-lines,canonical-line,probe-head}.ts do. It only rules out lines that stand as we write them.
 */
import { BACKSLASH, isSame, isSlot, LETTER_T, NEWLINE, QUOTE, RETURN, slotLength, specialAt } from "./bytes";
import { eventAt, putLine } from "./heads";
import * as places from "./places";

/** The fields that can be looked at follow the event: `session_id`, `tier`, `decision`, `tool_name`. */
const SESSION: i32 = 1;
const NOT_ASKED: i32 = -2;
const DASH: u8 = 0x2d;

/** Every line between `start` and `end`, both places in the block, and whether it is single and out: how many. */
export function ruleOut(start: i32, end: i32): i32 {
  const limit = places.BLOCK + end;
  let count = 0;
  let line = places.BLOCK + start;
  let isSingle = isSlot(line, places.BEGIN);
  for (let at = line; at < limit; at += 16) {
    const bytes = v128.load(at);
    const newlines = i8x16.eq(bytes, i8x16.splat(NEWLINE));
    // Of a beginning of ours: the brace and the letter behind it.
    const beginnings = v128.and(i8x16.eq(bytes, i8x16.splat(0x7b)), i8x16.eq(v128.load(at, 2), i8x16.splat(0x76)));
    const found = v128.or(newlines, beginnings);
    if (!v128.any_true(found)) continue;
    for (let bits = i8x16.bitmask(found); bits !== 0; bits &= bits - 1) {
      const place = at + ctz<i32>(bits);
      if (place >= limit) break;
      if (load<u8>(place) !== NEWLINE) {
        if (place > line && isSlot(place, places.BEGIN)) isSingle = false;
        continue;
      }
      put(count++, line, place, isSingle);
      line = place + 1;
      isSingle = line < limit && isSlot(line, places.BEGIN);
    }
  }
  if (line < limit) put(count++, line, limit, isSingle);
  return count;
}

function put(line: i32, start: i32, stop: i32, isSingle: bool): void {
  putLine(line, start, stop, NOT_ASKED);
  store<u8>(places.LINE_SINGLE + line, isSingle ? 1 : 0);
  store<u8>(places.LINE_OUT + line, isSingle && isOut(start, stop) ? 1 : 0);
}

function isOut(start: i32, stop: i32): bool {
  const tail = canonicalTail(start, stop);
  if (tail < 0) return false;
  for (let probe = places.PROBES; load<i32>(probe) >= 0; ) {
    const texts = probe + 8;
    const behind = behindTexts(texts, load<i32>(probe + 4));
    if (saysOther(load<i32>(probe), texts, behind, start, tail)) return true;
    probe = behind;
  }
  return false;
}

function behindTexts(texts: i32, count: i32): i32 {
  for (; count > 0; count--) texts += 4 + load<i32>(texts);
  return texts;
}

/** Where `,"auto_promoted":` begins when the line ends as ours do, else -1. */
function canonicalTail(start: i32, stop: i32): i32 {
  const last = stop > start && load<u8>(stop - 1) === RETURN ? stop - 1 : stop;
  const event = start + eventAt();
  if (last - event < slotLength(places.NOT_PROMOTED)) return -1;
  const close = load<u8>(last - 5) === LETTER_T ? places.PROMOTED : places.NOT_PROMOTED;
  const tail = last - slotLength(close);
  const isOurs = isSlot(tail, close) && isSlot(event - slotLength(places.AFTER_TIME), places.AFTER_TIME);
  return isOurs ? tail : -1;
}

/** Whether `field` is there and holds a text that is none of those between `texts` and `behind`. */
function saysOther(field: i32, texts: i32, behind: i32, start: i32, tail: i32): bool {
  let at = plainEnd(start + eventAt(), tail);
  for (let index = SESSION; index <= field && at > 0; index++) {
    const value = at + slotLength(index);
    if (value > tail || !isSlot(at, index)) continue;
    if (index === field) {
      for (let text = texts; text < behind; text += 4 + load<i32>(text)) {
        const length = load<i32>(text);
        if (value + length <= tail && isSame(value, text + 4, length)) return false;
      }
    }
    if (value >= tail || load<u8>(value) !== QUOTE) return false;
    at = index === SESSION ? idEnd(value + 1, tail) : plainEnd(value + 1, tail);
    if (index === field) return at > 0;
  }
  return false;
}

/** The same for a session: nearly always a UUID, told by its shape instead of by all of its characters. */
function idEnd(from: i32, tail: i32): i32 {
  const isUuid =
    from + 36 < tail &&
    load<u8>(from + 36) === QUOTE &&
    load<u8>(from + 35) !== BACKSLASH &&
    load<u8>(from + 8) === DASH &&
    load<u8>(from + 13) === DASH &&
    load<u8>(from + 18) === DASH &&
    load<u8>(from + 23) === DASH;
  return isUuid ? from + 37 : plainEnd(from, tail);
}

/** Behind the closing quote of a text whose first character is at `from`; -1 for escapes, control characters, no end. */
function plainEnd(from: i32, tail: i32): i32 {
  const at = specialAt(from, tail);
  return at < tail && load<u8>(at) === QUOTE ? at + 1 : -1;
}
