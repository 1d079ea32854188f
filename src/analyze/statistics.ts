/**
 * The one door to simple-statistics, which throws on empty input: here nothing known is `null`. Robust measures (median,
 * median absolute deviation, rank-based slopes and tests), because a log of permissions is bursty and never normal.
 */
import { errorFunction, gammaln, median, medianAbsoluteDeviation, probit } from "simple-statistics";

export function medianOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : median([...values]);
}

/** What makes the median absolute deviation of a normal distribution its standard deviation. */
const NORMAL_MAD = 1.4826;

export interface Outlier {
  readonly median: number;
  /** From here on a value is out of the ordinary. */
  readonly threshold: number;
}

/**
 * Where "out of the ordinary" begins for values like these: so many robust deviations above their median, and at least
 * `least` above it, so that a flat series does not make a small change look large. `null` over nothing.
 */
export function highThreshold(values: readonly number[], deviations: number, least: number): Outlier | null {
  if (values.length === 0) return null;
  const middle = median([...values]);
  const spread = medianAbsoluteDeviation([...values]) * NORMAL_MAD;
  return { median: middle, threshold: middle + Math.max(spread * deviations, least) };
}

export interface Trend {
  /** Change of the value from one point to the next: the median of all pairwise slopes (Theil-Sen). */
  readonly slope: number;
  /** 95 % confidence interval of the slope, distribution-free (Sen 1968). */
  readonly low: number;
  readonly high: number;
  /** `none` when the interval holds 0. */
  readonly direction: "rising" | "falling" | "none";
}

/** Fewer points have no 95 % interval at all. */
const TREND_POINTS = 5;
/** Pairs grow with the square; older points are left out. */
const MOST_POINTS = 400;

/** Slope over evenly spaced points, oldest first; `null` when there are too few. */
export function trendOf(series: readonly number[]): Trend | null {
  const values = series.slice(-MOST_POINTS);
  const n = values.length;
  if (n < TREND_POINTS) return null;
  const slopes: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) slopes.push(((values[j] ?? 0) - (values[i] ?? 0)) / (j - i));
  }
  slopes.sort((a, b) => a - b);
  const deviation = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const reach = probit(0.975) * deviation;
  // Ranks of the interval's ends, rounded outwards: it is never narrower than 95 %.
  const lowest = Math.floor((slopes.length - reach) / 2) - 1;
  const highest = Math.ceil((slopes.length + reach) / 2);
  const low = slopes[Math.max(0, lowest)] ?? 0;
  const high = slopes[Math.min(slopes.length - 1, highest)] ?? 0;
  const direction = low > 0 ? "rising" : high < 0 ? "falling" : "none";
  return { slope: median(slopes), low, high, direction };
}

export interface TestResult {
  readonly test: "two-proportion z" | "Fisher exact" | "rank sum";
  /** Two-sided probability of a difference at least this large by chance. */
  readonly p: number;
}

/** Expected counts under this are too small for the normal approximation. */
const EXPECTED = 10;

/** Is the share of A another than that of B? `null` when one of them has no calls. */
export function compareShares(partA: number, wholeA: number, partB: number, wholeB: number): TestResult | null {
  if (wholeA === 0 || wholeB === 0) return null;
  const part = partA + partB;
  const whole = wholeA + wholeB;
  const smallest = (Math.min(part, whole - part) * Math.min(wholeA, wholeB)) / whole;
  if (smallest < EXPECTED) return { test: "Fisher exact", p: fisher(partA, wholeA, part, whole) };
  const pooled = part / whole;
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / wholeA + 1 / wholeB));
  return { test: "two-proportion z", p: twoSided((partA / wholeA - partB / wholeB) / error) };
}

/** Sum of the probabilities of all tables with these margins that are no likelier than the one seen. */
function fisher(partA: number, wholeA: number, part: number, whole: number): number {
  const log = (k: number) => choose(part, k) + choose(whole - part, wholeA - k) - choose(whole, wholeA);
  const seen = log(partA) + 1e-7;
  let p = 0;
  for (let k = Math.max(0, part - (whole - wholeA)); k <= Math.min(part, wholeA); k++) {
    if (log(k) <= seen) p += Math.exp(log(k));
  }
  return Math.min(1, p);
}

/** Logarithm of "n over k". */
function choose(n: number, k: number): number {
  return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1);
}

/**
 * Is A slower or faster than B? Rank sum (Mann-Whitney) over histograms with the correction for ties: bucket -> count.
 * `null` when one side has fewer values than the normal approximation needs.
 */
export function compareHistograms(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): TestResult | null {
  const sizeA = sum(a.values());
  const sizeB = sum(b.values());
  const size = sizeA + sizeB;
  if (Math.min(sizeA, sizeB) < RANKED) return null;
  let below = 0;
  let ranksA = 0;
  let ties = 0;
  for (const bucket of [...new Set([...a.keys(), ...b.keys()])].sort((one, other) => one - other)) {
    const inA = a.get(bucket) ?? 0;
    const here = inA + (b.get(bucket) ?? 0);
    ranksA += inA * (below + (here + 1) / 2);
    ties += here ** 3 - here;
    below += here;
  }
  const variance = ((sizeA * sizeB) / 12) * (size + 1 - ties / (size * (size - 1)));
  if (variance <= 0) return { test: "rank sum", p: 1 };
  return { test: "rank sum", p: twoSided((ranksA - (sizeA * (size + 1)) / 2) / Math.sqrt(variance)) };
}

const RANKED = 8;

function twoSided(z: number): number {
  // The table of normal probabilities ends at 0.001, too coarse to correct for many comparisons.
  return Math.max(0, 1 - errorFunction(Math.abs(z) / Math.SQRT2));
}

/** p-values, each as large as it must be when all of them are looked at together (Holm). */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = ps.map(() => 1);
  let largest = 0;
  order.forEach(({ p, index }, rank) => {
    largest = Math.max(largest, Math.min(1, p * (ps.length - rank)));
    adjusted[index] = largest;
  });
  return adjusted;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Standard score of a one-sided 90 % bound. */
const BOUND_SCORE = probit(0.9);

/** Lower end of the Wilson score interval of a share, one-sided 90 %; `null` over nothing. */
export function wilsonLower(part: number, whole: number): number | null {
  if (whole === 0) return null;
  const share = part / whole;
  const square = BOUND_SCORE ** 2;
  const middle = share + square / (2 * whole);
  const reach = BOUND_SCORE * Math.sqrt((share * (1 - share) + square / (4 * whole)) / whole);
  return (middle - reach) / (1 + square / whole);
}
