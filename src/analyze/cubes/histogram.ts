/**
 * Log-linear buckets for latencies: exact below 128, then 64 steps an octave, so a bucket is never wider than 1/64 of its
 * values. Integers only, so that another engine can compute the same buckets with one CASE expression.
 */

const STEPS = 64;
const LARGEST = 2 ** 31 - 1;

/** Bucket of a whole number >= 0; larger than 2^31-1 counts as 2^31-1. */
export function bucketOf(value: number): number {
  const whole = Math.min(Math.max(Math.trunc(value), 0), LARGEST);
  const shift = Math.max(0, 31 - Math.clz32(whole) - 6);
  return shift * STEPS + (whole >>> shift);
}

/** The largest value of a bucket: "95 % took at most this". */
export function bucketUpper(bucket: number): number {
  const shift = Math.max(0, Math.floor(bucket / STEPS) - 1);
  return (bucket - shift * STEPS + 1) * 2 ** shift - 1;
}

export interface Octave {
  /** It holds the values under this and not under the one before. */
  readonly below: number;
  /** Its buckets are so wide … */
  readonly step: number;
  /** … and numbered `base + floor(value / step)`. */
  readonly base: number;
}

/** The buckets as a table, for engines that have no bit operations; above the last octave all values are in its last bucket. */
export function bucketLadder(): readonly Octave[] {
  const shifts = 31 - Math.log2(2 * STEPS);
  return Array.from({ length: shifts + 1 }, (_, shift) => ({
    below: 2 * STEPS * 2 ** shift,
    step: 2 ** shift,
    base: shift * STEPS,
  }));
}

export interface BucketCount {
  readonly bucket: number;
  readonly count: number;
}

/** Nearest-rank percentile (0 < p <= 100) as the upper end of its bucket; `null` over nothing. */
export function percentile(buckets: readonly BucketCount[], p: number): number | null {
  const total = buckets.reduce((sum, one) => sum + one.count, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil((p / 100) * total));
  let seen = 0;
  for (const { bucket, count } of [...buckets].sort((a, b) => a.bucket - b.bucket)) {
    seen += count;
    if (seen >= rank) return bucketUpper(bucket);
  }
  return null;
}
