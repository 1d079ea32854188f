/**
 * Walks over JSON in bytes without building anything: where a value ends, or that it is not one. It may refuse what is
 * unusual (`\u` escapes, exponents, deep nesting), never accept what a parser would not; bytes are known to be UTF-8.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MAX_DEPTH = 64;

/** Every function here answers where what begins at `at` ends, -1 when it is not that or does not end before `tail`. */
export function textEnd(bytes: Buffer, at: number, tail: number): number {
  if (bytes[at] !== QUOTE) return -1;
  for (let index = at + 1; index < tail; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === QUOTE) return index + 1;
    if (byte < 0x20) return -1;
    if (byte === BACKSLASH) {
      index += 1;
      if (IS_ESCAPED[bytes[index] ?? 0] !== 1) return -1;
    }
  }
  return -1;
}

/** `"` `/` `\` `b` `f` `n` `r` `t` are all there is but `\uXXXX`. */
const IS_ESCAPED = new Uint8Array(256);
for (const byte of Buffer.from('"/\\bfnrt')) IS_ESCAPED[byte] = 1;

/** Digits, with a fraction at most: as counts, times and confidences are written. */
export function numberEnd(bytes: Buffer, at: number, tail: number): number {
  const start = bytes[at] === 0x2d ? at + 1 : at;
  const whole = digitsEnd(bytes, start, tail);
  if (whole === start || (bytes[start] === 0x30 && whole > start + 1)) return -1;
  if (bytes[whole] !== 0x2e) return whole;
  const fraction = digitsEnd(bytes, whole + 1, tail);
  return fraction === whole + 1 ? -1 : fraction;
}

function digitsEnd(bytes: Buffer, at: number, tail: number): number {
  let index = at;
  while (index < tail && (bytes[index] ?? 0) >= 0x30 && (bytes[index] ?? 0) <= 0x39) index += 1;
  return index;
}

/** Any value, without white space around its parts. */
export function jsonEnd(bytes: Buffer, at: number, tail: number, depth = 0): number {
  switch (bytes[at]) {
    case QUOTE:
      return textEnd(bytes, at, tail);
    case 0x7b:
      return partsEnd(bytes, at, tail, 0x7d, depth);
    case 0x5b:
      return partsEnd(bytes, at, tail, 0x5d, depth);
    case 0x74:
      return wordEnd(bytes, at, tail, "true");
    case 0x66:
      return wordEnd(bytes, at, tail, "false");
    case 0x6e:
      return wordEnd(bytes, at, tail, "null");
    default:
      return numberEnd(bytes, at, tail);
  }
}

function partsEnd(bytes: Buffer, at: number, tail: number, close: number, depth: number): number {
  if (depth > MAX_DEPTH) return -1;
  if (bytes[at + 1] === close) return at + 1 < tail ? at + 2 : -1;
  for (let index = at + 1; index < tail; ) {
    if (close === 0x7d) {
      index = textEnd(bytes, index, tail);
      if (index < 0 || bytes[index] !== COLON) return -1;
      index += 1;
    }
    const end = jsonEnd(bytes, index, tail, depth + 1);
    if (end < 0 || end >= tail) return -1;
    if (bytes[end] === close) return end + 1;
    if (bytes[end] !== COMMA) return -1;
    index = end + 1;
  }
  return -1;
}

function wordEnd(bytes: Buffer, at: number, tail: number, word: string): number {
  for (let index = 0; index < word.length; index++) if (bytes[at + index] !== word.charCodeAt(index)) return -1;
  return at + word.length <= tail ? at + word.length : -1;
}
