/**
 * What can be known about a line of our serializer without walking through it: how it begins, where its moment stands,
 * how it ends. Everything here refuses on the first byte that is elsewhere than the serializer puts it.
 */
import { epochMs } from "../../core/audit/timestamp.js";
import { isSame, viewOf } from "./words.js";

/** Every line of ours: this, 36 characters of id, `BEFORE_TIME`, 24 characters of time, `AFTER_TIME`. */
export const BEGIN = Buffer.from('{"v":1,"id":"');
export const BEFORE_TIME = Buffer.from('","timestamp":"');
const BEFORE_TIME_VIEW = viewOf(BEFORE_TIME);
export const AFTER_TIME = Buffer.from('","event":"');
const TIME_AT = BEGIN.length + 36 + BEFORE_TIME.length;

export const ID_AT = BEGIN.length;
export const ID_LENGTH = 36;
/** Where the event's text begins, behind its quote. */
export const EVENT_AT = TIME_AT + 24 + AFTER_TIME.length;

const AFTER_TIME_VIEW = viewOf(AFTER_TIME);
/** How every line of ours ends. */
export const PROMOTED = Buffer.from(',"auto_promoted":true}');
export const NOT_PROMOTED = Buffer.from(',"auto_promoted":false}');
const PROMOTED_VIEW = viewOf(PROMOTED);
const NOT_PROMOTED_VIEW = viewOf(NOT_PROMOTED);

const RETURN = 0x0d;

/**
 * Where `,"auto_promoted":` begins when a line that begins with `BEGIN` also ends as a record of ours, else -1. A stump
 * with a record glued to it does so too: `LineIndex.isSingle` tells.
 */
export function canonicalTail(view: DataView, start: number, end: number): number {
  const last = end > start && view.getUint8(end - 1) === RETURN ? end - 1 : end;
  if (last - start < EVENT_AT + NOT_PROMOTED.length) return -1;
  const close = view.getUint8(last - 5) === LETTER_T_SMALL ? PROMOTED_VIEW : NOT_PROMOTED_VIEW;
  const tail = last - close.byteLength;
  const isOurs =
    isSame(view, tail, close, 0, close.byteLength) &&
    isSame(view, start + EVENT_AT - AFTER_TIME.length, AFTER_TIME_VIEW, 0, AFTER_TIME.length);
  return isOurs ? tail : -1;
}

const LETTER_T_SMALL = 0x74;
const DASH = 0x2d;
const COLON = 0x3a;
const LETTER_T = 0x54;
const DAY_LENGTH = 10;

/**
 * Tells the moment of a line that `canonicalTail` accepted; `null` when it is not spelled as we spell it. For one line
 * after the other: nearly all are of the same day, which is worked out once.
 */
export function canonicalClock(): (view: DataView, start: number) => number | null {
  const lastDay = viewOf(new Uint8Array(DAY_LENGTH));
  let lastDayMs = Number.NaN;
  return (view, start) => {
    const at = start + TIME_AT;
    if (!isSame(view, at - BEFORE_TIME.length, BEFORE_TIME_VIEW, 0, BEFORE_TIME.length)) return null;
    if (Number.isNaN(lastDayMs) || !isSame(view, at, lastDay, 0, DAY_LENGTH)) {
      const dayMs = dayOf(view, at);
      if (dayMs === null) return null;
      for (let index = 0; index < DAY_LENGTH; index++) lastDay.setUint8(index, view.getUint8(at + index));
      lastDayMs = dayMs;
    }
    const timeMs = timeOfDay(view, at + DAY_LENGTH);
    return timeMs === null ? null : lastDayMs + timeMs;
  };
}

function dayOf(view: DataView, at: number): number | null {
  if (view.getUint8(at + 4) !== DASH || view.getUint8(at + 7) !== DASH) return null;
  const year = two(view, at) * 100 + two(view, at + 2);
  const month = two(view, at + 5);
  const day = two(view, at + 8);
  return year + month + day >= NO_DIGIT ? null : epochMs(year, month, day, 0, 0, 0, 0);
}

/** `T08:42:11.123Z` in milliseconds. */
function timeOfDay(view: DataView, at: number): number | null {
  const isShaped =
    view.getUint8(at) === LETTER_T &&
    view.getUint8(at + 3) === COLON &&
    view.getUint8(at + 6) === COLON &&
    view.getUint8(at + 9) === 0x2e &&
    view.getUint8(at + 13) === 0x5a;
  if (!isShaped) return null;
  const hour = two(view, at + 1);
  const minute = two(view, at + 4);
  const second = two(view, at + 7);
  const ms = two(view, at + 10) * 10 + digit(view, at + 12);
  // A byte that is no digit adds so much that it shows in the sum, wherever it stands.
  if (hour + minute + second + ms >= NO_DIGIT || hour > 23 || minute > 59 || second > 60) return null;
  return ((hour * 60 + minute) * 60 + second) * 1000 + ms;
}

const NO_DIGIT = 1_000_000;

function two(view: DataView, at: number): number {
  return digit(view, at) * 10 + digit(view, at + 1);
}

function digit(view: DataView, at: number): number {
  const value = view.getUint8(at) - 0x30;
  return value >= 0 && value <= 9 ? value : NO_DIGIT;
}
