/** Charts of things side by side as SVG: parts of a whole, one bar each, percentiles on a ladder of tens, hours of a week. */
import type { Chart } from "../../report.schema.js";
import { percent } from "../format.js";
import { largestValue, pointTotal, shown, usedSeries } from "./chart-table.js";
import { linearAxis, logAxis, tenth } from "./scales.js";
import { type Label, type Mark, NO_MARKS, type SvgMarks } from "./svg-marks.js";

const SHARE_BAR = 28;
const ROW = 38;
const CELL = 20;
/** Steps of shading in a heat map; 0 is nothing. */
const LEVELS = 5;

export function shareMarks(chart: Chart): SvgMarks {
  const [point = { label: "", values: [] }] = chart.points;
  const whole = pointTotal(point);
  let x = 0;
  const rects = usedSeries(chart).map(({ index, label, tone }): Mark => {
    const value = point.values[index] ?? 0;
    const width = (value / whole) * 100;
    const title = `${shown(value, chart)} ${label}, ${percent(value / whole)}`;
    const mark = { x: tenth(x), y: 0, width: Math.max(0.3, tenth(width)), height: SHARE_BAR, tone, title };
    x += width;
    return mark;
  });
  return { ...NO_MARKS, height: SHARE_BAR, rects };
}

export function barMarks(chart: Chart): SvgMarks {
  const axis = linearAxis(Math.max(...chart.points.map(pointTotal)), chart.unit === "count");
  const rects = chart.points.flatMap((point, row) => {
    let base = 0;
    return usedSeries(chart).flatMap((one): Mark[] => {
      const value = point.values[one.index] ?? 0;
      const [x, end] = [axis.at(base), axis.at(base + value)];
      base += value;
      const title = `${point.label}: ${shown(value, chart)} ${one.label}`;
      const mark = { x, y: row * ROW + 18, width: Math.max(0.2, tenth(end - x)), height: 12, tone: one.tone, title };
      return value === 0 ? [] : [mark];
    });
  });
  const labels = chart.points.flatMap((point, row) => rowLabels(row, point.label, shown(pointTotal(point), chart)));
  return { ...NO_MARKS, height: chart.points.length * ROW, rects, labels };
}

export function percentileMarks(chart: Chart): SvgMarks {
  const points = chart.points.filter(({ values }) => values.some((value) => value !== null));
  const values = points.flatMap((point) => point.values.filter((value) => value !== null));
  const axis = logAxis(Math.min(...values), Math.max(...values));
  const end = points.length * ROW;
  const rects = points.flatMap((point, row): Mark[] => {
    const known = point.values.filter((value) => value !== null);
    const [from, to] = [axis.at(known[0] ?? 1), axis.at(known.at(-1) ?? 1)];
    const title = chart.series.map(({ label }, index) => `${label} ${shown(point.values[index], chart)}`).join(", ");
    const y = row * ROW + 18;
    return [
      {
        x: from,
        y: y + 3,
        width: Math.max(0.3, tenth(to - from)),
        height: 6,
        tone: "span",
        title: `${point.label}: ${title}`,
      },
      ...known.map((value): Mark => ({ x: axis.at(value), y, width: 0.4, height: 12, tone: "main", title: "" })),
    ];
  });
  const labels = points.flatMap((point, row) => {
    const ends = [point.values[0], point.values.at(-1)].map((value) => shown(value, chart)).join(" to ");
    return rowLabels(row, point.label, ends);
  });
  const ticks = axis.ticks.map((tick, index): Label => {
    const place = index === 0 ? "start" : index === axis.ticks.length - 1 ? "end" : "middle";
    return { x: axis.at(tick), y: end + 14, text: shown(tick, chart), place, minor: index % 2 === 1 };
  });
  return { ...NO_MARKS, height: end + 20, rects, labels: [...labels, ...ticks] };
}

/** Which of the steps of shading a value falls into: 0 for nothing, else 1 to 5 in equal parts of the largest. */
export function heatLevel(value: number, largest: number): number {
  return value <= 0 ? 0 : Math.max(1, Math.min(LEVELS, Math.ceil((value / largest) * LEVELS)));
}

export function heatMarks(chart: Chart): SvgMarks {
  const largest = largestValue(chart);
  const step = 100 / chart.series.length;
  const rects = chart.points.flatMap(({ label, values }, row) =>
    values.map((value, index): Mark => {
      const level = heatLevel(value ?? 0, largest);
      const title = `${label} ${chart.series[index]?.label ?? ""}: ${shown(value, chart)}`;
      return {
        x: tenth(index * step),
        y: row * CELL,
        width: tenth(step * 0.94),
        height: CELL - 2,
        tone: `heat-${level}`,
        title,
      };
    }),
  );
  const names = chart.points.map(({ label }, row): Label => {
    return { x: 0, y: row * CELL + 14, text: label.slice(0, 3), place: "before", minor: false };
  });
  const hours = chart.series.flatMap(({ label }, index): Label[] => {
    if (index % 3 !== 0) return [];
    const x = tenth((index + 0.5) * step);
    return [{ x, y: chart.points.length * CELL + 14, text: label, place: "middle", minor: index % 6 !== 0 }];
  });
  return { ...NO_MARKS, height: chart.points.length * CELL + 20, inset: true, rects, labels: [...names, ...hours] };
}

function rowLabels(row: number, name: string, value: string): Label[] {
  const y = row * ROW + 13;
  return [
    { x: 0, y, text: name, place: "start", minor: false },
    { x: 100, y, text: value, place: "end", minor: false },
  ];
}
