/**
 * The time a newest-first reading has come down to: the latest of the last records, so that a single record with a wrong
 * clock neither hurries nor holds up what waits for time to pass. INVARIANT: it depends on those records only, not on
 * where the reading began.
 */
const RECORDS = 128;

export class RecentClock {
  readonly #times = new Float64Array(RECORDS).fill(Number.NEGATIVE_INFINITY);
  #next = 0;
  #met = 0;
  #now = Number.POSITIVE_INFINITY;
  #isKnown = true;
  /** None that it ever knew was earlier. */
  #earliest = Number.POSITIVE_INFINITY;

  tick(timeMs: number): void {
    this.#times[this.#next] = timeMs;
    this.#next = (this.#next + 1) % RECORDS;
    this.#met = Math.min(this.#met + 1, RECORDS);
    this.#isKnown = false;
    if (timeMs < this.#earliest) this.#earliest = timeMs;
  }

  /** `Infinity` before enough records were met to tell. */
  get now(): number {
    if (this.#isKnown || this.#met < RECORDS) return this.#now;
    this.#now = this.#times.reduce((latest, time) => Math.max(latest, time));
    this.#isKnown = true;
    return this.#now;
  }

  /** Whether most of the last records, which stand behind this one in the log, are older than it by more than `byMs`. */
  isAhead(timeMs: number, byMs: number): boolean {
    if (timeMs - byMs <= this.#earliest) return false;
    let older = 0;
    for (let index = 0; index < this.#met; index++) if ((this.#times[index] ?? 0) < timeMs - byMs) older += 1;
    return 2 * older > this.#met;
  }

  /** The times it knows, oldest met first. */
  get times(): readonly number[] {
    const all = [...this.#times.subarray(this.#next), ...this.#times.subarray(0, this.#next)];
    return all.slice(RECORDS - this.#met);
  }
}
