/** What a chart says, apart from how it is drawn: its numbers as a table, its sum as a sentence, fewer points for little room. */
import type { Chart } from "../../report.schema.js";
import { formatValue } from "../format.js";

export interface ChartTable {
  /** The first column names the points. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly label: string; readonly cells: readonly string[] }[];
}

/** Kinds whose points follow each other in time. */
export function isOverTime({ kind }: Chart): boolean {
  return kind === "stacked" || kind === "band" || kind === "timeline" || kind === "spark";
}

/** Nothing to draw: no point, or nothing but zeros and "no data". */
export function isEmptyChart({ points }: Chart): boolean {
  return points.every(({ values }) => values.every((value) => value === null || value === 0));
}

/** Series that hold anything, with their place in the points. */
export function usedSeries({
  series,
  points,
}: Chart): readonly (Chart["series"][number] & { readonly index: number })[] {
  return series
    .map((one, index) => ({ ...one, index }))
    .filter(({ index }) => points.some(({ values }) => (values[index] ?? 0) !== 0));
}

export function pointTotal({ values }: Chart["points"][number]): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

export function seriesTotal({ points }: Chart, index: number): number {
  return points.reduce((sum, { values }) => sum + (values[index] ?? 0), 0);
}

/** The largest single value. */
export function largestValue({ points }: Chart): number {
  return points.reduce((most, { values }) => values.reduce<number>((top, value) => Math.max(top, value ?? 0), most), 0);
}

export function shown(value: number | null | undefined, { unit }: Chart): string {
  return formatValue(value ?? null, unit);
}

export function chartTable(chart: Chart): ChartTable {
  const used = usedSeries(chart);
  return {
    columns: used.map(({ label }) => label),
    rows: chart.points.map(({ label, values }) => ({
      label,
      cells: used.map(({ index }) => shown(values[index], chart)),
    })),
  };
}

/** The chart in one sentence, for those who do not see it. */
export function chartSummary(chart: Chart): string {
  const { title, points } = chart;
  const used = usedSeries(chart);
  const range = isOverTime(chart) && points.length > 1 ? `, ${points[0]?.label} to ${points.at(-1)?.label}` : "";
  return `${title}${range}: ${contents(chart, used)}.`;
}

function contents(chart: Chart, used: ReturnType<typeof usedSeries>): string {
  const { kind, points } = chart;
  const most = points.reduce<Chart["points"][number] | undefined>(
    (top, point) => (top === undefined || pointTotal(point) > pointTotal(top) ? point : top),
    undefined,
  );
  switch (kind) {
    case "share":
    case "stacked":
    case "spark":
    case "timeline": {
      const totals = used.map(({ label, index }) => `${shown(seriesTotal(chart, index), chart)} ${label}`).join(", ");
      if (most === undefined || points.length < 2) return totals;
      return `${totals}; most on ${most.label} (${shown(pointTotal(most), chart)})`;
    }
    case "bars":
      return points.map((point) => `${point.label} ${shown(pointTotal(point), chart)}`).join(", ");
    case "band":
    case "percentiles":
      return points
        .filter(({ values }) => values.some((value) => value !== null))
        .slice(0, 3)
        .map(
          ({ label, values }) =>
            `${label} ${used.map((one) => `${one.label} ${shown(values[one.index], chart)}`).join(", ")}`,
        )
        .join("; ");
    case "heat": {
      const cells = points.flatMap(({ label, values }) =>
        values.map((value, index) => ({ value: value ?? 0, name: `${label} ${chart.series[index]?.label ?? ""}` })),
      );
      const top = cells.reduce((best, cell) => (cell.value > best.value ? cell : best), { value: 0, name: "" });
      return `most at ${top.name} (${shown(top.value, chart)})`;
    }
    default:
      return kind satisfies never;
  }
}

/**
 * A chart over time with at most so many points: neighbours are drawn as one, counts added, times at their highest. The
 * numbers behind it are not touched: tables and the Report keep every point.
 */
export function fitPoints(chart: Chart, most: number): Chart {
  const { points, unit } = chart;
  if (!isOverTime(chart) || points.length <= most) return chart;
  const size = Math.ceil(points.length / most);
  const folded = Array.from({ length: Math.ceil(points.length / size) }, (_, group) => {
    const part = points.slice(group * size, (group + 1) * size);
    const first = part[0]?.label ?? "";
    const last = part.at(-1)?.label ?? "";
    const values = chart.series.map((_, index) =>
      foldValues(
        part.map(({ values }) => values[index] ?? null),
        unit,
      ),
    );
    return { label: first === last ? first : `${first} to ${last}`, values };
  });
  return { ...chart, points: folded };
}

function foldValues(values: readonly (number | null)[], unit: Chart["unit"]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return unit === "count" ? known.reduce((sum, value) => sum + value, 0) : Math.max(...known);
}

/** `01-26` of `2026-01-26`, when no other year is meant. */
export function shortLabels(labels: readonly string[]): readonly string[] {
  const years = new Set(labels.map((label) => /^\d{4}-(?=\d\d-\d\d)/.exec(label)?.[0] ?? ""));
  const [year = ""] = years;
  const starts = labels.map((label) => label.split(" to ")[0] ?? label);
  return years.size === 1 && year !== "" ? starts.map((label) => label.slice(year.length)) : starts;
}
