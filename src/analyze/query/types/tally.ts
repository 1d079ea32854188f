/** Counts by name, as answers show them: most frequent first, nothing that was counted zero times. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(key: string, count: number): void {
    if (count > 0) this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }

  /** Most frequent first, equal ones by name. */
  get entries(): readonly (readonly [string, number])[] {
    return [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  }

  get record(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.entries);
  }
}
