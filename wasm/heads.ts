/**
 * Where the fields of a block's lines stand: the quick form of src/analyze/scan/script-walk.ts, which says what is
 * accepted and why. INVARIANT: for the same bytes both fill the same table; a property test holds them together.
 */
import { byteAt, isSame, isSlot, LETTER_T, NEWLINE, newlineAt, QUOTE, RETURN, slotLength } from "./bytes";
import { flagEnd, jsonEnd, numberEnd, textEnd, textsEnd } from "./json-ends";
import { momentAt } from "./moment";
import { openParts } from "./parts";
import * as places from "./places";

let fieldCount: i32 = 0;
let rows: i32 = 0;
/** Where the line that was added last ends: at its line end or at the block's. */
let lineEnd: i32 = 0;

/** @param fields how many the host wrote */
export function begin(fields: i32): void {
  fieldCount = fields;
  for (let field = 0; field <= fields; field++) store<i32>(places.FOLLOWERS + (field << 2), field);
}

/** A new block: all rows are void. */
export function open(): void {
  rows = 0;
  memory.fill(places.LAST_STARTS, 0, places.MAX_FIELDS * 4);
  openParts();
}

/** Every line between `start` and `limit`, both places in the block: how many. */
export function walk(start: i32, limit: i32): i32 {
  const last = places.BLOCK + limit;
  let count = 0;
  for (let at = places.BLOCK + start; at < last; count++) {
    const row = rowAt(at, last);
    const stop = row < 0 ? newlineAt(at, last) : lineEnd;
    putLine(count, at, stop, row);
    at = stop + 1;
  }
  return count;
}

/** @param start in memory, like all places inside the walk; what is told of them are places in the block. */
export function putLine(line: i32, start: i32, stop: i32, row: i32): void {
  // More than fit cannot come: see `LINES`.
  if (line >= places.LINES) unreachable();
  const at = line << 2;
  store<i32>(places.LINE_STARTS + at, start - places.BLOCK);
  store<i32>(places.LINE_ENDS + at, stop - places.BLOCK);
  store<i32>(places.LINE_ROWS + at, row);
  store<u8>(places.LINE_SINGLE + line, 0);
  store<u8>(places.LINE_OUT + line, 0);
}

/** The row of the line that begins at `start` in the block, -1 when it is the parser's. */
export function add(start: i32, limit: i32): i32 {
  return rowAt(places.BLOCK + start, places.BLOCK + limit);
}

function rowAt(start: i32, limit: i32): i32 {
  const row = rows;
  if (row >= places.ROWS) unreachable();
  const event = start + eventAt();
  if (event > limit || !isHead(start)) return -1;
  const time = momentAt(start + timeAt());
  if (F64.isNaN(time)) return -1;
  const first = row * places.MAX_FIELDS * 4;
  // The event's key, which leads to its quote.
  let at = event - 1 - slotLength(0);
  for (let next = 0; ; ) {
    const field = fieldAt(at, next, limit);
    // An event and a session are always there.
    if (field > fieldCount || (next < 2 && field !== next)) return -1;
    for (let absent = next; absent < field; absent++) store<i32>(places.ROW_STARTS + first + (absent << 2), 0);
    at += slotLength(field);
    if (field === fieldCount) break;
    at = valueEnd(first, field, at, limit);
    if (at < 0) return -1;
    next = field + 1;
  }
  const brace = flagEnd(at, limit);
  if (brace < 0 || byteAt(brace, limit) !== 0x7d || !endsAt(brace + 1, limit)) return -1;
  store<i32>(places.ROW_LINES + (row << 2), start - places.BLOCK);
  store<f64>(places.ROW_TIMES + (row << 3), time);
  store<u8>(places.ROW_FLAGS + row, load<u8>(at) === LETTER_T ? 1 : 0);
  rows = row + 1;
  return row;
}

/** Where the moment stands in a line, behind an id of 36 characters. */
function timeAt(): i32 {
  return slotLength(places.BEGIN) + 36 + slotLength(places.BEFORE_TIME);
}

/** Where the event's text begins, behind its quote. */
export function eventAt(): i32 {
  return timeAt() + 24 + slotLength(places.AFTER_TIME);
}

/** Whether all before the moment stands as it must, and the quote behind it. */
function isHead(start: i32): bool {
  const id = start + slotLength(places.BEGIN);
  return (
    isSlot(start, places.BEGIN) &&
    isPlain(id) &&
    isPlain(id + 16) &&
    isPlain(id + 20) &&
    isSlot(id + 36, places.BEFORE_TIME) &&
    load<u8>(start + timeAt() + 24) === QUOTE
  );
}

/** Sixteen printable characters without quote and backslash. */
function isPlain(at: i32): bool {
  const bytes = v128.load(at);
  const other = v128.or(
    v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(0x5c))),
    // Signed: what is above ASCII is under zero.
    i8x16.lt_s(bytes, i8x16.splat(0x20)),
  );
  return !v128.any_true(other);
}

function fieldAt(at: i32, next: i32, limit: i32): i32 {
  const likely = load<i32>(places.FOLLOWERS + (next << 2));
  if (isKey(at, likely, limit)) return likely;
  for (let field = next; field <= fieldCount; field++) {
    if (!isKey(at, field, limit)) continue;
    store<i32>(places.FOLLOWERS + (next << 2), field);
    return field;
  }
  return fieldCount + 1;
}

function isKey(at: i32, field: i32, limit: i32): bool {
  return at + slotLength(field) <= limit && isSlot(at, field);
}

function valueEnd(first: i32, field: i32, at: i32, limit: i32): i32 {
  const kind = load<u8>(places.KINDS + field);
  const place = field << 2;
  if (kind === places.TEXT || kind === places.WORD || kind === places.TEXTS) {
    const last = load<i32>(places.LAST_STARTS + place);
    const lastEnd = load<i32>(places.LAST_ENDS + place);
    const stop = at + lastEnd - last;
    if (last > 0 && stop <= limit && isSame(last, at, lastEnd - last)) {
      store<i32>(places.ROW_STARTS + first + place, last - places.BLOCK);
      store<i32>(places.ROW_ENDS + first + place, lastEnd - places.BLOCK);
      return stop;
    }
  }
  const stop = walkedEnd(kind, field, at, limit);
  store<i32>(places.ROW_STARTS + first + place, at - places.BLOCK);
  store<i32>(places.ROW_ENDS + first + place, stop - places.BLOCK);
  store<i32>(places.LAST_STARTS + place, stop < 0 ? 0 : at);
  store<i32>(places.LAST_ENDS + place, stop);
  return stop;
}

function walkedEnd(kind: u8, field: i32, at: i32, limit: i32): i32 {
  switch (kind) {
    case places.TEXT:
    case places.ONCE:
      return textEnd(at, limit);
    case places.WORD:
      return listedEnd(field, at, limit);
    case places.NUMBER:
      return numberEnd(at, limit);
    case places.FLAG:
      return flagEnd(at, limit);
    case places.TEXTS:
      return textsEnd(at, limit, false);
    case places.MAP:
      return textsEnd(at, limit, true);
    case places.REST:
      return jsonEnd(at, limit, 0);
    default:
      return -1;
  }
}

function listedEnd(field: i32, at: i32, limit: i32): i32 {
  const first = <i32>load<u8>(places.FIRST_WORDS + field);
  const count = <i32>load<u8>(places.WORD_COUNTS + field);
  for (let word = first; word < first + count; word++) {
    const stop = at + slotLength(word);
    if (stop <= limit && isSlot(at, word)) return stop;
  }
  return -1;
}

/** Whether the line ends at `at`, a carriage return passed over. */
function endsAt(at: i32, limit: i32): bool {
  lineEnd = byteAt(at, limit) === RETURN ? at + 1 : at;
  return lineEnd === limit || load<u8>(lineEnd) === NEWLINE;
}
