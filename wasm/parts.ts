/**
 * Which lines agree in a few of their fields: of each such part of a line a number, the same for all lines whose values
 * there are the same bytes. The host says what the parts are (src/analyze/scan/record-part.ts).
 */
import { isSame } from "./bytes";
import * as places from "./places";

const FULL: i32 = -2;
const ALONE: i32 = -1;
/** Odd, and no larger than a script's number may be. */
const PRIME: u64 = 0x1e3779b97f4a7d;

/** Values numbered so far, from 1 on. */
let values: i32 = 0;

/** All numbers are void. */
export function forget(): void {
  values = 0;
  memory.fill(places.VALUE_SLOTS, 0, places.VALUES * 8);
  memory.fill(places.NUMBERED_AT, 0, places.MAX_FIELDS * 4);
  memory.fill(places.MADE_COUNTS, 0, places.PARTS_MAX * 4);
  memory.fill(places.MADE_SLOTS, 0, places.PARTS_MAX * places.MADE * 8);
}

/** Of a new block nothing was numbered yet. */
export function openParts(): void {
  memory.fill(places.NUMBERED_AT, 0, places.MAX_FIELDS * 4);
}

/** The number of a row's part: `ALONE` when it shares nothing, `FULL` when all has to be forgotten first. */
export function part(row: i32, which: i32): i32 {
  const told = places.PARTS + which * places.PART;
  const count = <i32>load<u8>(told);
  const rare = <i32>load<u8>(told + 1);
  const first = row * places.MAX_FIELDS * 4;
  const fields = told + 2;
  for (let index = count; index < count + rare; index++) {
    if (load<i32>(places.ROW_STARTS + first + ((<i32>load<u8>(fields + index)) << 2)) !== 0) return ALONE;
  }
  let hash: u64 = 0;
  for (let index = 0; index < count; index++) {
    const number = numberOf(first, <i32>load<u8>(fields + index));
    if (number < 0) return number;
    store<i32>(places.ASKED + (index << 2), number);
    hash = mixed(hash, <u64>number);
  }
  return made(which, count, hash);
}

/** 0 when the field is absent. */
function numberOf(first: i32, field: i32): i32 {
  const place = field << 2;
  const start = load<i32>(places.ROW_STARTS + first + place);
  if (start === 0) return 0;
  if (load<i32>(places.NUMBERED_AT + place) === start) return load<i32>(places.LAST_NUMBERS + place);
  const length = load<i32>(places.ROW_ENDS + first + place) - start;
  if (length > places.VALUE_LONGEST) return ALONE;
  const number = valueNumber(places.BLOCK + start, length);
  store<i32>(places.NUMBERED_AT + place, start);
  store<i32>(places.LAST_NUMBERS + place, number);
  return number;
}

function valueNumber(at: i32, length: i32): i32 {
  const last = places.VALUES * 2 - 1;
  let slot = <i32>hashOf(at, length) & last;
  let number = load<i32>(places.VALUE_SLOTS + (slot << 2));
  while (number !== 0) {
    const ends = places.VALUE_ENDS + (number << 2);
    const begin = load<i32>(ends - 4);
    if (load<i32>(ends) - begin === length && isSame(at, places.VALUE_BYTES + begin, length)) return number;
    slot = (slot + 1) & last;
    number = load<i32>(places.VALUE_SLOTS + (slot << 2));
  }
  return putValue(slot, at, length);
}

function putValue(slot: i32, at: i32, length: i32): i32 {
  const begin = load<i32>(places.VALUE_ENDS + (values << 2));
  if (values + 1 >= places.VALUES || begin + length > places.VALUE_ROOM) return FULL;
  memory.copy(places.VALUE_BYTES + begin, at, length);
  values += 1;
  store<i32>(places.VALUE_ENDS + (values << 2), begin + length);
  store<i32>(places.VALUE_SLOTS + (slot << 2), values);
  return values;
}

function made(which: i32, count: i32, hash: u64): i32 {
  const slots = places.MADE_SLOTS + which * places.MADE * 8;
  const keys = places.MADE_KEYS + which * places.MADE * places.PART_KEY;
  const last = places.MADE * 2 - 1;
  let slot = <i32>(hash >> 32) & last;
  let number = load<i32>(slots + (slot << 2)) - 1;
  while (number >= 0) {
    if (isSame(keys + number * places.PART_KEY, places.ASKED, count << 2)) return number;
    slot = (slot + 1) & last;
    number = load<i32>(slots + (slot << 2)) - 1;
  }
  return putMade(which, slots + (slot << 2), keys, count);
}

function putMade(which: i32, slot: i32, keys: i32, count: i32): i32 {
  const counted = places.MADE_COUNTS + (which << 2);
  const number = load<i32>(counted);
  if (number >= places.MADE) return FULL;
  memory.copy(keys + number * places.PART_KEY, places.ASKED, count << 2);
  store<i32>(slot, number + 1);
  store<i32>(counted, number + 1);
  return number;
}

function hashOf(at: i32, length: i32): u64 {
  let hash: u64 = <u64>length;
  const last = at + length - 8;
  for (; at < last; at += 8) hash = mixed(hash, load<u64>(at));
  // The last eight overlap those before; of a shorter value, what stands behind it must not count.
  const end = length < 8 ? load<u64>(at) & (((<u64>1) << ((<u64>length) << 3)) - 1) : load<u64>(last);
  return mixed(hash, end) >> 32;
}

function mixed(hash: u64, word: u64): u64 {
  const product = (hash ^ word) * PRIME;
  return product ^ (product >> 29);
}
