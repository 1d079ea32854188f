/** Charts of how long things took: percentiles side by side, and as a band over days. */
import type { BucketKey, Key } from "../cubes/definitions.js";
import type { CubeRow } from "../cubes/table.js";
import type { Chart } from "../report/report.schema.js";
import { compareBytes, groupRows, largestFirst, percentileOf, total } from "../report/shape.js";
import { daysBetween } from "./days.js";

const PERCENTILES = [50, 90, 95, 99] as const;
const ROWS = 10;

export interface Timed {
  readonly title: string;
  readonly unit: "us" | "ms";
  readonly bucket: BucketKey;
  /** Rows of a cube whose keys are `by` and the bucket. */
  readonly rows: readonly CubeRow[];
  readonly by: Key;
}

/** p50 to p99 of each group, the group with most values first. */
export function percentilesChart({ title, unit, bucket, rows, by }: Timed): Chart {
  const groups = [...groupRows(rows, by)].map(([label, same]) => ({ label, same, calls: total(same) }));
  const named = groups
    .filter(({ label }) => label !== "")
    .toSorted((a, b) => b.calls - a.calls || compareBytes(a.label, b.label));
  return {
    kind: "percentiles",
    title,
    unit,
    series: PERCENTILES.map((p) => ({ label: `p${p}`, tone: "quiet" })),
    points: named.slice(0, ROWS).map(({ label, same }) => ({
      label,
      values: PERCENTILES.map((p) => percentileOf(same, bucket, p)),
    })),
  };
}

/** p50, p90 and p99 of every day between the first and the last; a day without a value is a gap. Nothing for one day. */
export function latencyBand({ title, unit, bucket, rows }: Omit<Timed, "by">): Chart {
  const days = groupRows(rows, "day");
  const named = daysBetween([...days.keys()]);
  return {
    kind: "band",
    title,
    unit,
    series: [50, 90, 99].map((p) => ({ label: `p${p}`, tone: "quiet" })),
    points: (named.length > 1 ? named : []).map((label) => ({
      label,
      values: [50, 90, 99].map((p) => percentileOf(largestFirst(days.get(label) ?? [], []), bucket, p)),
    })),
  };
}
