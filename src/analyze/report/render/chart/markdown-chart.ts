/** A chart as a Markdown table: numbers, and beside them their run as text. */
import { markdownCode, markdownText } from "../../escape.js";
import type { Chart } from "../../report.schema.js";
import {
  chartTable,
  fitPoints,
  isEmptyChart,
  isOverTime,
  pointTotal,
  seriesTotal,
  shown,
  usedSeries,
} from "./chart-table.js";
import { sparkline } from "./sparkline.js";

/** Characters of a run. */
const POINTS = 60;

/** Blocks, the first of them the title; nothing for an empty chart and for sparklines, which stand beside their figure. */
export function markdownChart(chart: Chart): string[] {
  if (isEmptyChart(chart) || chart.kind === "spark") return [];
  const name = `**${markdownText(chart.title)}**`;
  const range = `${chart.points[0]?.label ?? ""} to ${chart.points.at(-1)?.label ?? ""}`;
  if (isOverTime(chart))
    return [`${name}, ${markdownText(range)}`, chart.kind === "band" ? bandTable(chart) : runTable(chart)];
  return [name, chart.kind === "heat" ? heatTable(chart) : pointTable(chart)];
}

function runTable(chart: Chart): string {
  const { points } = fitPoints(chart, POINTS);
  const rows = usedSeries(chart).map(({ label, index }) => {
    const run = sparkline(points.map(({ values }) => values[index] ?? null));
    return [markdownText(label), run, shown(seriesTotal(chart, index), chart)];
  });
  return table(["series", "over time", "total"], rows);
}

function bandTable(chart: Chart): string {
  const { points } = fitPoints(chart, POINTS);
  const rows = usedSeries(chart).map(({ label, index }) => {
    const known = chart.points.flatMap(({ values }) => values[index] ?? []);
    const run = sparkline(points.map(({ values }) => values[index] ?? null));
    return [markdownText(label), run, shown(Math.min(...known), chart), shown(Math.max(...known), chart)];
  });
  return table(["series", "over time", "lowest day", "highest day"], rows);
}

function heatTable(chart: Chart): string {
  const [first, last] = [chart.series[0]?.label ?? "", chart.series.at(-1)?.label ?? ""];
  const rows = chart.points.map((point) => [
    markdownText(point.label),
    sparkline(point.values),
    shown(pointTotal(point), chart),
  ]);
  return table(["", `${first} to ${last}`, "total"], rows);
}

function pointTable(chart: Chart): string {
  const { columns, rows } = chartTable(chart);
  return table(
    ["", ...columns.map(markdownText)],
    rows.map(({ label, cells }) => [markdownCode(label), ...cells]),
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const marks = heads.map((_, index) => (index === 0 ? ":--" : "--:"));
  return [heads, marks, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
