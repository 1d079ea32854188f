/**
 * Walks over JSON in bytes without building anything: where a value ends, or that it is not one. It may refuse what is
 * unusual (`\u` escapes, exponents, deep nesting), never accept what a parser would not; bytes are known to be UTF-8.
 */
import { firstSpecial, isSame, viewOf } from "./words.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MAX_DEPTH = 64;

/** Every function here answers where what begins at `at` ends, -1 when it is not that or does not end before `tail`. */
export function textEnd(view: DataView, at: number, tail: number): number {
  if (byteAt(view, at, tail) !== QUOTE) return -1;
  for (let index = at + 1; index < tail; ) {
    if (index + 4 <= tail) {
      const plain = firstSpecial(view.getInt32(index, true));
      index += plain;
      if (plain === 4) continue;
    }
    const byte = view.getUint8(index);
    if (byte === QUOTE) return index + 1;
    if (byte < 0x20) return -1;
    if (byte === BACKSLASH) {
      index += 1;
      if (IS_ESCAPED[byteAt(view, index, tail)] !== 1) return -1;
    }
    index += 1;
  }
  return -1;
}

/** `"` `/` `\` `b` `f` `n` `r` `t` are all there is but `\uXXXX`. */
const IS_ESCAPED = new Uint8Array(256);
for (const byte of Buffer.from('"/\\bfnrt')) IS_ESCAPED[byte] = 1;

/** 0, which begins and ends nothing, at `tail` and behind it. */
export function byteAt(view: DataView, at: number, tail: number): number {
  return at < tail ? view.getUint8(at) : 0;
}

/** Digits, with a fraction at most: as counts, times and confidences are written. */
export function numberEnd(view: DataView, at: number, tail: number): number {
  const start = byteAt(view, at, tail) === 0x2d ? at + 1 : at;
  const whole = digitsEnd(view, start, tail);
  if (whole === start || (view.getUint8(start) === 0x30 && whole > start + 1)) return -1;
  if (byteAt(view, whole, tail) !== 0x2e) return whole;
  const fraction = digitsEnd(view, whole + 1, tail);
  return fraction === whole + 1 ? -1 : fraction;
}

function digitsEnd(view: DataView, at: number, tail: number): number {
  let index = at;
  while (index < tail && view.getUint8(index) >= 0x30 && view.getUint8(index) <= 0x39) index += 1;
  return index;
}

/** Any value, without white space around its parts. */
export function jsonEnd(view: DataView, at: number, tail: number, depth = 0): number {
  switch (byteAt(view, at, tail)) {
    case QUOTE:
      return textEnd(view, at, tail);
    case 0x7b:
      return partsEnd(view, at, tail, 0x7d, depth);
    case 0x5b:
      return partsEnd(view, at, tail, 0x5d, depth);
    case 0x74:
      return wordEnd(view, at, tail, TRUE);
    case 0x66:
      return wordEnd(view, at, tail, FALSE);
    case 0x6e:
      return wordEnd(view, at, tail, NULL);
    default:
      return numberEnd(view, at, tail);
  }
}

function partsEnd(view: DataView, at: number, tail: number, close: number, depth: number): number {
  if (depth > MAX_DEPTH) return -1;
  if (byteAt(view, at + 1, tail) === close) return at + 2;
  for (let index = at + 1; index < tail; ) {
    if (close === 0x7d) {
      index = textEnd(view, index, tail);
      if (index < 0 || byteAt(view, index, tail) !== COLON) return -1;
      index += 1;
    }
    const end = jsonEnd(view, index, tail, depth + 1);
    if (end < 0) return -1;
    const behind = byteAt(view, end, tail);
    if (behind === close) return end + 1;
    if (behind !== COMMA) return -1;
    index = end + 1;
  }
  return -1;
}

/** `["a","b"]`, or `{"a":"b"}` when `isMap`: texts only. */
export function textsEnd(view: DataView, at: number, tail: number, isMap: boolean): number {
  const close = isMap ? 0x7d : 0x5d;
  if (byteAt(view, at, tail) !== (isMap ? 0x7b : 0x5b)) return -1;
  if (byteAt(view, at + 1, tail) === close) return at + 2;
  for (let index = at + 1; index < tail; ) {
    let end = textEnd(view, index, tail);
    if (isMap && end > 0) end = byteAt(view, end, tail) === COLON ? textEnd(view, end + 1, tail) : -1;
    if (end < 0) return -1;
    const behind = byteAt(view, end, tail);
    if (behind === close) return end + 1;
    if (behind !== COMMA) return -1;
    index = end + 1;
  }
  return -1;
}

export const TRUE = viewOf(Buffer.from("true"));
export const FALSE = viewOf(Buffer.from("false"));
const NULL = viewOf(Buffer.from("null"));

export function wordEnd(view: DataView, at: number, tail: number, word: DataView): number {
  const end = at + word.byteLength;
  return end <= tail && isSame(view, at, word, 0, word.byteLength) ? end : -1;
}
