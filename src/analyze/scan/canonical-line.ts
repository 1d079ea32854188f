/**
 * What is known about a line our serializer wrote without parsing it: how it begins, where its moment stands, how it
 * ends. Everything here refuses on the first byte that is elsewhere than the serializer puts it.
 */
import { epochMs } from "../../core/audit/timestamp.js";

/** `{"v":1,"id":"` + 36 characters + `","timestamp":"` + 24 characters + `","event":"`. */
const BEGIN = Buffer.from('{"v":1,"id":"');
const BEFORE_TIME = Buffer.from('","timestamp":"');
const AFTER_TIME = Buffer.from('","event":"');
const TIME_AT = BEGIN.length + 36 + BEFORE_TIME.length;
export const EVENT_AT = TIME_AT + 24 + AFTER_TIME.length;

const LAST_KEY = Buffer.from(',"auto_promoted":');
const TRUE = Buffer.from("true}");
const FALSE = Buffer.from("false}");

const RETURN = 0x0d;

/** Where the line's text ends, before a `\r`. */
export function textEnd(bytes: Buffer, start: number, end: number): number {
  return end > start && bytes[end - 1] === RETURN ? end - 1 : end;
}

/** Where `,"auto_promoted":` begins when the line is one whole record of ours by its first and last bytes, else -1. */
export function canonicalTail(bytes: Buffer, start: number, end: number): number {
  if (end - start < EVENT_AT + LAST_KEY.length || !isAt(bytes, start, BEGIN)) return -1;
  const value = isAt(bytes, end - TRUE.length, TRUE) ? TRUE : FALSE;
  const tail = end - value.length - LAST_KEY.length;
  const isWhole = isAt(bytes, end - value.length, value) && isAt(bytes, tail, LAST_KEY);
  return isWhole && isAt(bytes, start + BEGIN.length + 36, BEFORE_TIME) && isAt(bytes, start + TIME_AT + 24, AFTER_TIME)
    ? tail
    : -1;
}

/** The moment of a line that `canonicalTail` accepted; `null` when it is not spelled as we spell it. */
export function canonicalTime(bytes: Buffer, start: number): number | null {
  return timeAt(bytes, start + TIME_AT);
}

const DASH = 0x2d;
const COLON = 0x3a;

/** `2026-11-21T08:42:11.123Z` at `at`. */
function timeAt(bytes: Buffer, at: number): number | null {
  const isShaped =
    bytes[at + 4] === DASH &&
    bytes[at + 7] === DASH &&
    bytes[at + 10] === 0x54 &&
    bytes[at + 13] === COLON &&
    bytes[at + 16] === COLON &&
    bytes[at + 19] === 0x2e &&
    bytes[at + 23] === 0x5a;
  if (!isShaped) return null;
  const century = two(bytes, at);
  const year = two(bytes, at + 2);
  const month = two(bytes, at + 5);
  const day = two(bytes, at + 8);
  const hour = two(bytes, at + 11);
  const minute = two(bytes, at + 14);
  const second = two(bytes, at + 17);
  const tens = two(bytes, at + 20);
  const ones = (bytes[at + 22] ?? 0) - 0x30;
  if (ones < 0 || ones > 9 || tens < 0 || century < 0 || year < 0 || hour < 0 || minute < 0 || second < 0) return null;
  return epochMs(century * 100 + year, month, day, hour, minute, second, tens * 10 + ones);
}

/** Two digits as a number, a negative number when they are none. */
function two(bytes: Buffer, at: number): number {
  const first = (bytes[at] ?? 0) - 0x30;
  const second = (bytes[at + 1] ?? 0) - 0x30;
  return first < 0 || first > 9 || second < 0 || second > 9 ? -1000 : first * 10 + second;
}

export function isAt(bytes: Buffer, at: number, literal: Buffer): boolean {
  for (let index = 0; index < literal.length; index++) if (bytes[at + index] !== literal[index]) return false;
  return true;
}
