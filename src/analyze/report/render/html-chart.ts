/** A chart of the Report as rectangles: one bar of parts, or one column a day. Geometry only; colours are classes. */
import { visible } from "../escape.js";
import type { Chart } from "../report.schema.js";

import { grouped } from "../shape.js";

export interface ChartView {
  readonly title: string;
  /** The chart in words, for those who do not see it. */
  readonly summary: string;
  readonly shape: "bar" | "columns";
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
  /** What the columns stand for, "" for a single bar. */
  readonly axis: string;
  readonly legend: readonly { readonly label: string; readonly tone: string; readonly total: string }[];
}

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly tone: string;
  readonly title: string;
}

const WIDTH = 1000;
const HEIGHT = 100;
/** Share of a column's place that stays empty. */
const GAP = 0.15;

/** `null` when there is nothing to draw. */
export function chartView(chart: Chart): ChartView | null {
  const sums = chart.series.map((_, index) => chart.points.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
  const totals = chart.points.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
  const largest = Math.max(0, ...totals);
  if (largest === 0) return null;
  const legend = chart.series
    .map(({ label, tone }, index) => ({ label, tone, total: grouped(sums[index] ?? 0), sum: sums[index] ?? 0 }))
    .filter(({ sum }) => sum > 0);
  return {
    title: visible(chart.title),
    summary: visible(`${chart.title}: ${legend.map(({ label, total }) => `${total} ${label}`).join(", ")}`),
    shape: chart.points.length === 1 ? "bar" : "columns",
    width: WIDTH,
    height: HEIGHT,
    marks: chart.points.length === 1 ? barMarks(chart, largest) : columnMarks(chart, largest),
    axis: axisOf(chart, largest),
    legend: legend.map(({ label, tone, total }) => ({ label, tone, total })),
  };
}

function axisOf({ points }: Chart, largest: number): string {
  if (points.length < 2) return "";
  return visible(`${points[0]?.label ?? ""} to ${points.at(-1)?.label ?? ""}; the highest is ${grouped(largest)}`);
}

function barMarks(chart: Chart, whole: number): Mark[] {
  let x = 0;
  return parts(chart, 0).map(({ value, tone, title }) => {
    const width = (value / whole) * WIDTH;
    const mark = { x: tenth(x), y: 0, width: tenth(width), height: HEIGHT, tone, title };
    x += width;
    return mark;
  });
}

function columnMarks(chart: Chart, largest: number): Mark[] {
  const step = WIDTH / chart.points.length;
  return chart.points.flatMap((_, index) => {
    let y = HEIGHT;
    return parts(chart, index).map(({ value, tone, title }) => {
      const height = (value / largest) * HEIGHT;
      y -= height;
      const x = (index + GAP / 2) * step;
      return { x: tenth(x), y: tenth(y), width: tenth(step * (1 - GAP)), height: tenth(height), tone, title };
    });
  });
}

function parts(chart: Chart, index: number): { value: number; tone: string; title: string }[] {
  const { label, values } = chart.points[index] ?? { label: "", values: [] };
  const day = chart.points.length === 1 ? "" : `${visible(label)}: `;
  return chart.series
    .map((one, place) => ({ value: values[place] ?? 0, tone: one.tone, label: one.label }))
    .filter(({ value }) => value > 0)
    .map(({ value, tone, label: name }) => ({ value, tone, title: `${day}${grouped(value)} ${name}` }));
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
