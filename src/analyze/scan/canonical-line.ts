/**
 * What can be known about a line of our serializer without walking through it: how it begins, where its moment stands,
 * how it ends. Everything here refuses on the first byte that is elsewhere than the serializer puts it.
 */
import { epochMs } from "../../core/audit/timestamp.js";

/** Every line of ours: this, 36 characters of id, `BEFORE_TIME`, 24 characters of time, `AFTER_TIME`. */
export const BEGIN = Buffer.from('{"v":1,"id":"');
const BEFORE_TIME = Buffer.from('","timestamp":"');
const AFTER_TIME = Buffer.from('","event":"');
const TIME_AT = BEGIN.length + 36 + BEFORE_TIME.length;

export const ID_AT = BEGIN.length;
export const ID_LENGTH = 36;
/** Where the event's text begins, behind its quote. */
export const EVENT_AT = TIME_AT + 24 + AFTER_TIME.length;

const LAST_KEY = Buffer.from(',"auto_promoted":');
const TRUE = Buffer.from("true}");
const FALSE = Buffer.from("false}");

const RETURN = 0x0d;

/**
 * Where `,"auto_promoted":` begins when a line that begins with `BEGIN` also ends as a record of ours, else -1. A stump
 * with a record glued to it does so too: `LineIndex.isSingle` tells.
 */
export function canonicalTail(bytes: Buffer, start: number, end: number): number {
  const last = bytes[end - 1] === RETURN ? end - 1 : end;
  if (last - start < EVENT_AT + LAST_KEY.length) return -1;
  const value = bytes[last - 5] === TRUE[0] ? TRUE : FALSE;
  const tail = last - value.length - LAST_KEY.length;
  const isOurs =
    isAt(bytes, last - value.length, value) &&
    isAt(bytes, tail, LAST_KEY) &&
    isAt(bytes, start + EVENT_AT - AFTER_TIME.length, AFTER_TIME);
  return isOurs ? tail : -1;
}

const DASH = 0x2d;
const COLON = 0x3a;

/** The moment of a line that `canonicalTail` accepted; `null` when it is not spelled as we spell it. */
export function canonicalTime(bytes: Buffer, start: number): number | null {
  const at = start + TIME_AT;
  const isShaped =
    bytes[at + 4] === DASH &&
    bytes[at + 7] === DASH &&
    bytes[at + 10] === 0x54 &&
    bytes[at + 13] === COLON &&
    bytes[at + 16] === COLON &&
    bytes[at + 19] === 0x2e &&
    bytes[at + 23] === 0x5a;
  if (!isShaped || !isAt(bytes, at - BEFORE_TIME.length, BEFORE_TIME)) return null;
  const year = two(bytes, at) * 100 + two(bytes, at + 2);
  const month = two(bytes, at + 5);
  const day = two(bytes, at + 8);
  const hour = two(bytes, at + 11);
  const minute = two(bytes, at + 14);
  const second = two(bytes, at + 17);
  const ms = two(bytes, at + 20) * 10 + digit(bytes, at + 22);
  // A byte that is no digit adds so much that it shows in the sum, wherever it stands.
  if (year + month + day + hour + minute + second + ms >= NO_DIGIT) return null;
  return epochMs(year, month, day, hour, minute, second, ms);
}

const NO_DIGIT = 1_000_000;

function two(bytes: Buffer, at: number): number {
  return digit(bytes, at) * 10 + digit(bytes, at + 1);
}

function digit(bytes: Buffer, at: number): number {
  const value = (bytes[at] ?? 0) - 0x30;
  return value >= 0 && value <= 9 ? value : NO_DIGIT;
}

export function isAt(bytes: Buffer, at: number, literal: Buffer): boolean {
  for (let index = 0; index < literal.length; index++) if (bytes[at + index] !== literal[index]) return false;
  return true;
}
