/**
 * Where a piece of JSON ends, or -1: the same answers as src/analyze/scan/json-walk.ts, of which this is the quick form.
 * It may refuse what is unusual, never accept what a parser would not.
 */
import { BACKSLASH, byteAt, QUOTE, specialAt } from "./bytes";

const COMMA: u8 = 0x2c;
const COLON: u8 = 0x3a;
const MAX_DEPTH: i32 = 64;
const TRUE: i32 = 0x65757274;
const ALSE: i32 = 0x65736c61;
const NULL: i32 = 0x6c6c756e;

export function textEnd(at: i32, limit: i32): i32 {
  if (byteAt(at, limit) !== QUOTE) return -1;
  for (at = specialAt(at + 1, limit); at < limit; at = specialAt(at + 2, limit)) {
    const byte = load<u8>(at);
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH || !isEscaped(byteAt(at + 1, limit))) return -1;
  }
  return -1;
}

function isEscaped(byte: u8): bool {
  switch (byte) {
    case 0x22:
    case 0x2f:
    case 0x5c:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return true;
    default:
      return false;
  }
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
