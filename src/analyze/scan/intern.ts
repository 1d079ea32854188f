/**
 * The same few values stand in a million lines; this gives one value for each without decoding it again. Bounded: it holds
 * a fixed number of short values in one piece of memory, and one that was displaced is decoded anew.
 */

/** Longer values are decoded each time. */
const LONGEST = 128;

export class Interner<Value> {
  readonly #decode: (bytes: Buffer) => Value;
  readonly #slots: number;
  /** The bytes of each slot's value, `LONGEST` apart. */
  readonly #bytes: Buffer;
  readonly #lengths: Uint8Array;
  readonly #values: Value[] = [];

  /** `decode` is asked for bytes that are new; `slots`: a power of two. */
  constructor(decode: (bytes: Buffer) => Value, slots = 8192) {
    this.#decode = decode;
    this.#slots = slots;
    this.#bytes = Buffer.alloc(slots * LONGEST);
    this.#lengths = new Uint8Array(slots);
  }

  /** The slot that holds `bytes[start, end)` from now on, -1 when it is too long for one. */
  slotOf(bytes: Buffer, start: number, end: number): number {
    const length = end - start;
    if (length > LONGEST) return -1;
    let hash = length;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    const slot = (hash ^ (hash >>> 15)) & (this.#slots - 1);
    if (this.#lengths[slot] === length && this.lengthAt(slot, bytes, start) > 0) return slot;
    this.#values[slot] = this.#decode(bytes.subarray(start, end));
    bytes.copy(this.#bytes, slot * LONGEST, start, end);
    this.#lengths[slot] = length;
    return slot;
  }

  /** How many bytes from `at` are those of this slot's value: all of them or 0. */
  lengthAt(slot: number, bytes: Buffer, at: number): number {
    const length = this.#lengths[slot] ?? 0;
    const own = slot * LONGEST;
    for (let index = 0; index < length; index++) if (this.#bytes[own + index] !== bytes[at + index]) return 0;
    return length;
  }

  valueOf(slot: number, bytes: Buffer, start: number, end: number): Value {
    const known = slot < 0 ? undefined : this.#values[slot];
    return known === undefined ? this.#decode(bytes.subarray(start, end)) : known;
  }
}
