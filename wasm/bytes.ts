/** Bytes looked at sixteen at a time. Reads go up to 32 bytes beyond what is asked about, answers do not. */
import { SLOT_MASKS, SLOTS } from "./places";

export const QUOTE: u8 = 0x22;
export const BACKSLASH: u8 = 0x5c;
export const NEWLINE: u8 = 0x0a;
export const RETURN: u8 = 0x0d;
export const LETTER_T: u8 = 0x74;

/** 0, which begins and ends nothing, at `limit` and behind it. */
export function byteAt(at: i32, limit: i32): u8 {
  return at < limit ? load<u8>(at) : 0;
}

/** Whether the text of `slot` stands at `at`; it may reach beyond the block, which only its caller knows. */
export function isSlot(at: i32, slot: i32): bool {
  const place = SLOTS + (slot << 5);
  const low = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(place)));
  const high = i8x16.bitmask(i8x16.eq(v128.load(at, 16), v128.load(place, 16)));
  const mask = load<i32>(SLOT_MASKS + (slot << 2));
  return ((low | (high << 16)) & mask) === mask;
}

export function slotLength(slot: i32): i32 {
  return popcnt<i32>(load<i32>(SLOT_MASKS + (slot << 2)));
}

export function isSame(at: i32, other: i32, length: i32): bool {
  let left = length;
  for (; left > 16; left -= 16) {
    if (v128.any_true(v128.xor(v128.load(at), v128.load(other)))) return false;
    at += 16;
    other += 16;
  }
  const mask = (1 << left) - 1;
  return (i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(other))) & mask) === mask;
}

/** The first quote, backslash or control character from `at` on; `limit` or behind it when there is none. */
export function specialAt(at: i32, limit: i32): i32 {
  for (; at < limit; at += 16) {
    const bytes = v128.load(at);
    const found = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(BACKSLASH))),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    );
    if (v128.any_true(found)) return at + ctz<i32>(i8x16.bitmask(found));
  }
  return limit;
}

/** Of the line that holds `at`: its line end, `limit` when it has none. */
export function newlineAt(at: i32, limit: i32): i32 {
  for (; at < limit; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(NEWLINE)));
    if (found !== 0) return min<i32>(at + ctz<i32>(found), limit);
  }
  return limit;
}
