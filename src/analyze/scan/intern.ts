/**
 * The same few values stand in a million lines; this gives one value for each without decoding it again. Bounded: it holds
 * a fixed number of short values in one piece of memory, and one that was displaced is decoded anew.
 */
import { hashOf, isSame, viewOf } from "./words.js";

/** Longer values are decoded each time. */
const LONGEST = 128;

export class Interner<Value> {
  readonly #decode: (bytes: Buffer, start: number, end: number) => Value;
  readonly #slots: number;
  /** The bytes of each slot's value, `LONGEST` apart. */
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #lengths: Uint8Array;
  readonly #values: Value[] = [];

  /** `decode` is asked for bytes that are new; `slots`: a power of two. */
  constructor(decode: (bytes: Buffer, start: number, end: number) => Value, slots = 8192) {
    this.#decode = decode;
    this.#slots = slots;
    this.#bytes = Buffer.alloc(slots * LONGEST);
    this.#view = viewOf(this.#bytes);
    this.#lengths = new Uint8Array(slots);
  }

  /** @param view of `bytes` */
  valueOf(bytes: Buffer, view: DataView, start: number, end: number): Value {
    const length = end - start;
    if (length > LONGEST || length === 0) return this.#decode(bytes, start, end);
    const slot = this.slotOf(view, start, end);
    const known = this.#lengths[slot] === length && isSame(view, start, this.#view, slot * LONGEST, length);
    const found = known ? this.#values[slot] : undefined;
    if (found !== undefined) return found;
    const value = this.#decode(bytes, start, end);
    this.#values[slot] = value;
    bytes.copy(this.#bytes, slot * LONGEST, start, end);
    this.#lengths[slot] = length;
    return value;
  }

  /** Where a value is held, which it may share with others. */
  slotOf(view: DataView, start: number, end: number): number {
    return hashOf(view, start, end - start) & (this.#slots - 1);
  }
}
