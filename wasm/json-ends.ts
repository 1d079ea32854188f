/**
 * Where a piece of JSON ends, or -1: the same answers as src/analyze/scan/json-walk.ts, of which this is the quick form.
 * It may refuse what is unusual, never accept what a parser would not.
 */
import { BACKSLASH, byteAt, QUOTE } from "./bytes";

const COMMA: u8 = 0x2c;
const COLON: u8 = 0x3a;
const MAX_DEPTH: i32 = 64;
const TRUE: i32 = 0x65757274;
const ALSE: i32 = 0x65736c61;
const NULL: i32 = 0x6c6c756e;

export function textEnd(at: i32, limit: i32): i32 {
  if (byteAt(at, limit) !== QUOTE) return -1;
  // 1 when the sixteen before end in a backslash that escapes.
  let open: i32 = 0;
  for (let from = at + 1; from < limit; from += 16) {
    const bytes = v128.load(from);
    let quotes = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(QUOTE)));
    let wrong = i8x16.bitmask(i8x16.lt_u(bytes, i8x16.splat(0x20)));
    const backslashes = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(BACKSLASH)));
    if ((backslashes | open) !== 0) {
      // Backslashes that are escaped themselves escape nothing: of a row of them every second, counted from its first.
      // (https://arxiv.org/abs/1902.08318, section 3.1.1)
      const rows = backslashes & ~open;
      const follows = (rows << 1) | open;
      const ends = (rows & ~EVEN & ~follows) + rows;
      const escaped = (EVEN ^ (ends << 1)) & follows & 0xffff;
      open = (ends >> 16) & 1;
      quotes &= ~escaped;
      wrong |= escaped & ~escapable(bytes);
    }
    if (quotes !== 0) {
      const end = ctz<i32>(quotes);
      return (wrong & ((1 << end) - 1)) === 0 && from + end < limit ? from + end + 1 : -1;
    }
    if (wrong !== 0) return -1;
  }
  return -1;
}

const EVEN: i32 = 0x5555;

/** Which of sixteen bytes are one of `"/\\bfnrt`: those whose halves have a bit in common in these two tables. */
function escapable(bytes: v128): i32 {
  const high = i8x16.swizzle(i8x16(0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0), i8x16.shr_u(bytes, 4));
  const low = i8x16.swizzle(i8x16(0, 0, 13, 0, 8, 0, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1), v128.and(bytes, i8x16.splat(0x0f)));
  return i8x16.bitmask(i8x16.ne(v128.and(high, low), i8x16.splat(0)));
}

export function numberEnd(at: i32, limit: i32): i32 {
  const start = byteAt(at, limit) === 0x2d ? at + 1 : at;
  const whole = digitsEnd(start, limit);
  if (whole === start || (load<u8>(start) === 0x30 && whole > start + 1)) return -1;
  if (byteAt(whole, limit) !== 0x2e) return whole;
  const fraction = digitsEnd(whole + 1, limit);
  return fraction === whole + 1 ? -1 : fraction;
}

function digitsEnd(at: i32, limit: i32): i32 {
  while (at < limit && <u8>(load<u8>(at) - 0x30) <= 9) at += 1;
  return at;
}

export function flagEnd(at: i32, limit: i32): i32 {
  if (at + 4 <= limit && load<i32>(at) === TRUE) return at + 4;
  return at + 5 <= limit && load<u8>(at) === 0x66 && load<i32>(at + 1) === ALSE ? at + 5 : -1;
}

export function jsonEnd(at: i32, limit: i32, depth: i32): i32 {
  switch (byteAt(at, limit)) {
    case QUOTE:
      return textEnd(at, limit);
    case 0x7b:
      return partsEnd(at, limit, 0x7d, depth);
    case 0x5b:
      return partsEnd(at, limit, 0x5d, depth);
    case 0x74:
    case 0x66:
      return flagEnd(at, limit);
    case 0x6e:
      return at + 4 <= limit && load<i32>(at) === NULL ? at + 4 : -1;
    default:
      return numberEnd(at, limit);
  }
}

function partsEnd(at: i32, limit: i32, close: u8, depth: i32): i32 {
  if (depth > MAX_DEPTH) return -1;
  at += 1;
  if (byteAt(at, limit) === close) return at + 1;
  while (at < limit) {
    if (close === 0x7d) {
      at = textEnd(at, limit);
      if (at < 0 || byteAt(at, limit) !== COLON) return -1;
      at += 1;
    }
    at = jsonEnd(at, limit, depth + 1);
    if (at < 0) return -1;
    const behind = byteAt(at, limit);
    at += 1;
    if (behind === close) return at;
    if (behind !== COMMA) return -1;
  }
  return -1;
}

/** `["a","b"]`, or `{"a":"b"}` when `isMap`: texts only. */
export function textsEnd(at: i32, limit: i32, isMap: bool): i32 {
  const close: u8 = isMap ? 0x7d : 0x5d;
  if (byteAt(at, limit) !== (isMap ? 0x7b : 0x5b)) return -1;
  at += 1;
  if (byteAt(at, limit) === close) return at + 1;
  while (at < limit) {
    at = textEnd(at, limit);
    if (isMap && at > 0) at = byteAt(at, limit) === COLON ? textEnd(at + 1, limit) : -1;
    if (at < 0) return -1;
    const behind = byteAt(at, limit);
    at += 1;
    if (behind === close) return at;
    if (behind !== COMMA) return -1;
  }
  return -1;
}
