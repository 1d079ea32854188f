/** Counts by name, as answers show them: most frequent first, nothing that was counted zero times. */
import { DISTINCT_LIMIT, FOLDED } from "../../cubes/definitions.js";

/** As in a cube, names beyond so many are counted as one. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(key: string, count: number): void {
    if (count <= 0) return;
    const known = this.#counts.get(key);
    if (known === undefined && this.#counts.size >= DISTINCT_LIMIT && key !== FOLDED) this.add(FOLDED, count);
    else this.#counts.set(key, (known ?? 0) + count);
  }

  /** Most frequent first, equal ones by name. */
  get entries(): readonly (readonly [string, number])[] {
    return [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  }

  get record(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.entries);
  }
}
