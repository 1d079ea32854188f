/**
 * Counts -> what a report says: shares, order, cut-offs, rounding. The only place that divides, so that the same cubes give
 * the same report wherever they were counted.
 */
import type { BucketKey, Key } from "../cubes/definitions.js";
import { count } from "../cubes/fold.js";
import { type BucketCount, percentile } from "../cubes/histogram.js";
import { keyText } from "../cubes/kept-row.js";
import type { CubeRow } from "../cubes/table.js";
import { localTimestamp, type Zone } from "../zone.js";
import type { SamplePlace } from "./report.schema.js";

const SHARE_STEPS = 10_000;

/** Part of a whole, four decimals; `null` of nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * SHARE_STEPS) / SHARE_STEPS;
}

/** A change of a share or of a figure from one point to the next, four decimals; never a negative zero. */
export function change(value: number): number {
  return Math.round(value * SHARE_STEPS) / SHARE_STEPS + 0;
}

/** `p = 0.012`, `p < 0.001`. */
export function chance(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`;
}

/** Bucket -> calls, of a cube whose rows are histogram buckets. */
export function bucketCounts(rows: readonly CubeRow[], bucket: BucketKey): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const key = Number(keyText(row, bucket));
    counts.set(key, (counts.get(key) ?? 0) + count(row, "calls"));
  }
  return counts;
}

/** Largest count first; equal counts by the UTF-8 bytes of the keys, which every engine can do. */
export function largestFirst(rows: readonly CubeRow[], keys: readonly Key[]): CubeRow[] {
  // Each count and each text is looked up once and not at each comparison: tables may have 100,000 rows.
  const counted = rows.map((row): Counted => ({ row, calls: count(row, "calls"), texts: [] }));
  counted.sort((a, b) => {
    if (a.calls !== b.calls) return b.calls - a.calls;
    for (let place = 0; place < keys.length; place++) {
      const order = compareBytes(textOf(a, keys, place), textOf(b, keys, place));
      if (order !== 0) return order;
    }
    return 0;
  });
  return counted.map(({ row }) => row);
}

interface Counted {
  readonly row: CubeRow;
  readonly calls: number;
  /** Of the keys that were compared so far. */
  readonly texts: string[];
}

function textOf({ row, texts }: Counted, keys: readonly Key[], place: number): string {
  const key = keys[place];
  const text = texts[place] ?? (key === undefined ? "" : keyText(row, key));
  texts[place] = text;
  return text;
}

/** By their UTF-8 bytes. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  // Units of UTF-16 are in the order of the bytes but for surrogates and what comes after them.
  if (HIGH.test(a) || HIGH.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

const HIGH = /[\ud800-\uffff]/;

export function groupRows(rows: readonly CubeRow[], key: Key): ReadonlyMap<string, CubeRow[]> {
  const groups = new Map<string, CubeRow[]>();
  for (const row of rows) {
    const name = keyText(row, key);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return groups;
}

export function total(rows: readonly CubeRow[]): number {
  return rows.reduce((sum, row) => sum + count(row, "calls"), 0);
}

/** Percentile of a cube whose rows are histogram buckets. */
export function percentileOf(rows: readonly CubeRow[], bucket: BucketKey, p: number): number | null {
  return percentile(
    [...bucketCounts(rows, bucket)].map(([key, calls]): BucketCount => ({ bucket: key, count: calls })),
    p,
  );
}

/** `1 line`, `2 lines`, `1,000 lines`. */
export function plural(value: number, noun: string): string {
  return `${grouped(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** `12,345` */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

export function timeOf(timeMs: number | null, zone: Zone): string | null {
  return timeMs === null ? null : localTimestamp(timeMs, zone);
}

export function samplesOf(row: CubeRow, zone: Zone): SamplePlace[] {
  return row.samples.map(({ at, timeMs, session, subject, reason, ruleSource }) => ({
    at,
    time: localTimestamp(timeMs, zone),
    session,
    subject,
    reason,
    rule_source: ruleSource,
  }));
}
