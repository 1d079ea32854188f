/**
 * The time a newest-first reading has come down to: the latest of the last records, so that a single record with a wrong
 * clock neither hurries nor holds up what waits for time to pass.
 */
const BLOCK = 64;

export class RecentClock {
  #block = Number.NEGATIVE_INFINITY;
  #previous = Number.POSITIVE_INFINITY;
  #count = 0;

  tick(timeMs: number): void {
    if (timeMs > this.#block) this.#block = timeMs;
    if (++this.#count < BLOCK) return;
    this.#previous = this.#block;
    this.#block = Number.NEGATIVE_INFINITY;
    this.#count = 0;
  }

  get now(): number {
    return Math.max(this.#block, this.#previous);
  }
}
