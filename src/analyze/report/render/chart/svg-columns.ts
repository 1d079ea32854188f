/** Charts over time as SVG: stacked columns, a line within its band, marks on lanes. Days run from left to right. */
import type { Chart } from "../../report.schema.js";
import { largestValue, pointTotal, shortLabels, shown, usedSeries } from "./chart-table.js";
import { type Axis, areaPath, linearAxis, linePath, tenth } from "./scales.js";
import { type Label, type Mark, NO_MARKS, type SvgMarks } from "./svg-marks.js";

const PLOT = 150;
const TOP = 8;
const LANE = 26;
/** Share of a column's place that stays empty. */
const GAP = 0.2;
const ALL_LABELS = 8;
const SOME_LABELS = 6;

export function stackedMarks(chart: Chart): SvgMarks {
  const axis = linearAxis(Math.max(...chart.points.map(pointTotal)), chart.unit === "count");
  const rects = chart.points.flatMap((point, index) => {
    let base = 0;
    return usedSeries(chart).flatMap((one): Mark[] => {
      const value = point.values[one.index] ?? 0;
      if (value === 0) return [];
      const [low, high] = [axis.at(base), axis.at(base + value)];
      base += value;
      const title = `${point.label}: ${shown(value, chart)} ${one.label}`;
      return [{ ...column(index, chart), y: down(high), height: tenth(down(low) - down(high)), tone: one.tone, title }];
    });
  });
  return { ...plot(chart, axis), rects };
}

/** @returns the middle series as a line, the space between the first and the third filled. */
export function bandMarks(chart: Chart): SvgMarks {
  const axis = linearAxis(largestValue(chart), false);
  const percents = (place: number) =>
    chart.points.map(({ values }) => {
      const value = values[place] ?? null;
      return value === null ? null : axis.at(value);
    });
  const [low, middle, high] = [percents(0), percents(1), percents(2)];
  const rects = chart.points.map(({ label, values }, index): Mark => {
    const title = `${label}: ${chart.series.map((one, place) => `${one.label} ${shown(values[place], chart)}`).join(", ")}`;
    return { ...column(index, chart, 0), y: TOP, height: PLOT, tone: "reach", title };
  });
  // A day between two days without a value has no line: its dot shows it.
  const dots = middle.flatMap((value, index) =>
    value === null ? [] : [{ x: centre(index, chart), y: down(value), radius: 2.5, tone: "main", title: "" }],
  );
  const paths = [
    { d: areaPath(low, high), role: "area", tone: "main" },
    { d: linePath(middle), role: "line", tone: "main" },
  ];
  return { ...plot(chart, axis), rects, dots, paths };
}

export function timelineMarks(chart: Chart): SvgMarks {
  const lanes = usedSeries(chart);
  const height = lanes.length * LANE;
  const most = largestValue(chart);
  const dots = lanes.flatMap((lane, place) =>
    chart.points.flatMap((point, index) => {
      const value = point.values[lane.index] ?? 0;
      if (value === 0) return [];
      const radius = tenth(3.5 + 4 * Math.sqrt(value / most));
      const title = `${point.label}: ${shown(value, chart)} ${lane.label}`;
      return [{ x: centre(index, chart), y: TOP + (place + 0.5) * LANE, radius, tone: lane.tone, title }];
    }),
  );
  const lines = lanes.map((_, place) => TOP + (place + 0.5) * LANE);
  return { ...NO_MARKS, height: TOP + height + 24, lines, dots, labels: dayLabels(chart, TOP + height + 16) };
}

/** One series as a shape that fills the whole SVG. */
export function sparkMarks(chart: Chart): SvgMarks {
  const largest = largestValue(chart);
  const tone = chart.series[0]?.tone ?? "quiet";
  const values = chart.points.map(({ values: [value = null] }) =>
    value === null || largest === 0 ? null : tenth(4 + (value / largest) * 92),
  );
  const ground = values.map((value) => (value === null ? null : 0));
  const paths = [
    { d: areaPath(ground, values), role: "area", tone },
    { d: linePath(values), role: "line", tone },
  ];
  return { ...NO_MARKS, height: 32, box: 32, paths };
}

function plot(chart: Chart, axis: Axis): Omit<SvgMarks, "rects"> {
  const ticks = axis.ticks.map((tick): Label => {
    return { x: 0, y: down(axis.at(tick)) + 4, text: shown(tick, chart), place: "before", minor: false };
  });
  return {
    ...NO_MARKS,
    height: TOP + PLOT + 24,
    box: PLOT,
    top: TOP,
    inset: true,
    lines: axis.ticks.map((tick) => down(axis.at(tick))),
    labels: [...ticks, ...dayLabels(chart, TOP + PLOT + 17)],
  };
}

function dayLabels(chart: Chart, y: number): Label[] {
  const labels = shortLabels(chart.points.map(({ label }) => label));
  const step = labels.length <= ALL_LABELS ? 1 : Math.ceil(labels.length / SOME_LABELS);
  return labels.flatMap((text, index): Label[] => {
    if (index % step !== 0) return [];
    return [{ x: centre(index, chart), y, text, place: "middle", minor: (index / step) % 2 === 1 }];
  });
}

function column(index: number, { points }: Chart, gap = GAP): { readonly x: number; readonly width: number } {
  const step = 100 / points.length;
  return { x: tenth((index + gap / 2) * step), width: Math.max(0.1, tenth(step * (1 - gap))) };
}

function centre(index: number, { points }: Chart): number {
  return tenth(((index + 0.5) / points.length) * 100);
}

/** Percent of the plot -> pixels from the top. */
function down(percent: number): number {
  return tenth(TOP + PLOT * (1 - percent / 100));
}
