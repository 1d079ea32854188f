/**
 * Bytes looked at four at a time: what makes walking and comparing text quick without a library. All reads stay inside
 * the lengths that are given.
 */

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * How many of a little-endian word's four bytes come before the first quote, backslash or control character: 4 when it
 * holds none. (https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord: the lowest hit is never a false one.)
 */
export function firstSpecial(word: number): number {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  const found =
    (((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash) | ((word - 0x20202020) & ~word)) &
    HIGH_BITS;
  return found === 0 ? 4 : (31 - Math.clz32(found & -found)) >> 3;
}

/** Whether a word's four bytes are printable ASCII without quote and backslash. */
export function isPlainAscii(word: number): boolean {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  const found = ((quote - 0x01010101) | (backslash - 0x01010101) | (word - 0x20202020) | word) & HIGH_BITS;
  return found === 0;
}

const HIGH_BITS = -0x7f7f7f80;

/**
 * Whether `length` bytes at `at` and at `other` are the same; false at worst when they hold bytes that JSON text cannot.
 * Eight at a time as a float: text is never zero, and where it makes no number, two of the same are not equal.
 */
export function isSame(view: DataView, at: number, otherView: DataView, other: number, length: number): boolean {
  const last = length - 8;
  if (last >= 0) {
    // The last eight overlap those before: no bytes are left over.
    if (view.getFloat64(at + last, true) !== otherView.getFloat64(other + last, true)) return false;
    for (let index = 0; index < last; index += 8) {
      if (view.getFloat64(at + index, true) !== otherView.getFloat64(other + index, true)) return false;
    }
    return true;
  }
  if (length >= 4) {
    return (
      view.getInt32(at, true) === otherView.getInt32(other, true) &&
      view.getInt32(at + length - 4, true) === otherView.getInt32(other + length - 4, true)
    );
  }
  for (let index = 0; index < length; index++) {
    if (view.getUint8(at + index) !== otherView.getUint8(other + index)) return false;
  }
  return true;
}

/** Of `length` bytes at `at`: any bits may tell two apart, so the low ones are mixed in. */
export function hashOf(view: DataView, at: number, length: number): number {
  let hash = length;
  const last = length - 4;
  for (let index = 0; index < last; index += 4) hash = Math.imul(hash ^ view.getInt32(at + index, true), 0x9e3779b1);
  if (last >= 0) hash = Math.imul(hash ^ view.getInt32(at + last, true), 0x9e3779b1);
  else for (let index = 0; index < length; index++) hash = Math.imul(hash ^ view.getUint8(at + index), 0x9e3779b1);
  return hash ^ (hash >>> 15);
}
