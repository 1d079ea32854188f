/** Open things, kept few: what is settled is handed over and forgotten, and never more than a fixed number stays. */
export class OpenMap<Value> {
  #entries = new Map<string, Value>();
  readonly #limit: number;
  readonly #close: (value: Value, isForced: boolean) => void;
  readonly #keep: (value: Value) => void;
  #sweepAt = FIRST_SWEEP;

  /**
   * @param limit at least so many are kept open when they are not settled, and never more than twice as many.
   * @param close gets each value once; `isForced` when only the limit closed it.
   * @param keep gets those that stay when others are handed over.
   */
  constructor(
    limit: number,
    close: (value: Value, isForced: boolean) => void,
    keep: (value: Value) => void = () => {},
  ) {
    this.#limit = limit;
    this.#close = close;
    this.#keep = keep;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** Without handing it over. */
  delete(key: string): void {
    this.#entries.delete(key);
  }

  set(key: string, value: Value, isSettled: (value: Value) => boolean): void {
    this.#entries.set(key, value);
    if (this.#entries.size < this.#sweepAt) return;
    // A new map, not a smaller one: one that grew old would keep what it ever held from the quick collections of memory.
    const open = new Map<string, Value>();
    this.#entries.forEach((one, old) => {
      if (isSettled(one)) this.#close(one, false);
      else {
        this.#keep(one);
        open.set(old, one);
      }
    });
    this.#entries = open;
    if (this.#entries.size >= 2 * this.#limit) this.#closeOldest(this.#entries.size - this.#limit);
    // Sweeping again at twice the size keeps its cost in step with what was added.
    this.#sweepAt = Math.min(Math.max(FIRST_SWEEP, 2 * this.#entries.size), 2 * this.#limit);
  }

  /** Hands over what is settled; what stays is put in the order of its keys, so that it does not tell how it came here. */
  settle(isSettled: (value: Value) => boolean): void {
    const open = new Map<string, Value>();
    const inOrder = [...this.#entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    for (const [key, value] of inOrder) {
      if (isSettled(value)) this.#close(value, false);
      else open.set(key, value);
    }
    this.#entries = open;
    this.#sweepAt = Math.min(Math.max(FIRST_SWEEP, 2 * open.size), 2 * this.#limit);
  }

  get entries(): readonly (readonly [string, Value])[] {
    return [...this.#entries];
  }

  /** Puts back what `entries` told. */
  restore(entries: readonly (readonly [string, Value])[]): void {
    this.#entries = new Map(entries);
    this.#sweepAt = Math.min(Math.max(FIRST_SWEEP, 2 * entries.length), 2 * this.#limit);
  }

  closeAll(): void {
    for (const value of this.#entries.values()) this.#close(value, false);
    this.#entries.clear();
  }

  #closeOldest(count: number): void {
    let left = count;
    for (const [key, value] of this.#entries) {
      if (left-- === 0) break;
      this.#entries.delete(key);
      this.#close(value, true);
    }
  }
}

const FIRST_SWEEP = 512;
