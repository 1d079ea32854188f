/** A chart as table cells for mail: bars are cells with a width and a colour, numbers stand beside them as text. */
import { visible } from "../../escape.js";
import type { Chart } from "../../report.schema.js";
import {
  chartTable,
  fitPoints,
  isEmptyChart,
  largestValue,
  pointTotal,
  seriesTotal,
  shown,
  usedSeries,
} from "./chart-table.js";
import { sparkline } from "./sparkline.js";
import { heatLevel } from "./svg-rows.js";

export interface MailChart {
  readonly title: string;
  readonly legend: readonly { readonly label: string; readonly color: string; readonly total: string }[];
  /** One bar a row: label, coloured cells in percent of the row, what stays empty, total. */
  readonly bars: readonly {
    readonly label: string;
    readonly cells: readonly { readonly width: number; readonly color: string }[];
    readonly rest: number;
    readonly total: string;
  }[];
  /** Rows of coloured squares. */
  readonly grid: readonly { readonly label: string; readonly colors: readonly string[]; readonly total: string }[];
  /** Rows of text: runs and numbers. */
  readonly runs: readonly { readonly label: string; readonly run: string; readonly cells: readonly string[] }[];
  readonly heads: readonly string[];
}

/** Mail knows no classes: these are the style sheet's light colours. */
export const MAIL_COLORS = {
  good: "#23806a",
  notice: "#c08412",
  bad: "#bf3b3b",
  quiet: "#8e9bb0",
  alarm: "#8a44b8",
} as const;
const HEAT = ["#eef1f5", "#c9dbe9", "#9cc0dc", "#6a9fc9", "#3f7bb0", "#235a8c"];
const BARS = 14;
const RUN = 40;

/** `null` when there is nothing to draw, and for sparklines, which stand beside their figure. */
export function mailChart(chart: Chart): MailChart | null {
  if (isEmptyChart(chart) || chart.kind === "spark") return null;
  const base: MailChart = { title: visible(chart.title), legend: [], bars: [], grid: [], runs: [], heads: [] };
  const { kind } = chart;
  switch (kind) {
    case "share":
    case "bars":
    case "stacked":
      return { ...base, legend: legendOf(chart), bars: barsOf(fitPoints(chart, BARS)) };
    case "heat":
      return { ...base, grid: gridOf(chart) };
    case "timeline":
    case "band":
      return { ...base, runs: runsOf(chart), heads: kind === "band" ? ["lowest", "highest"] : ["total"] };
    case "percentiles": {
      const { columns, rows } = chartTable(chart);
      const runs = rows.map(({ label, cells }) => ({ label: visible(label), run: "", cells }));
      return { ...base, heads: columns.map(visible), runs };
    }
    default:
      return kind satisfies never;
  }
}

function legendOf(chart: Chart): MailChart["legend"] {
  return usedSeries(chart).map(({ label, tone, index }) => {
    return { label: visible(label), color: MAIL_COLORS[tone], total: shown(seriesTotal(chart, index), chart) };
  });
}

function barsOf(chart: Chart): MailChart["bars"] {
  const largest = Math.max(...chart.points.map(pointTotal));
  return chart.points.map((point) => {
    const cells = usedSeries(chart).flatMap(({ index, tone }) => {
      const value = point.values[index] ?? 0;
      return value === 0 ? [] : [{ width: Math.max(1, Math.floor((value / largest) * 100)), color: MAIL_COLORS[tone] }];
    });
    const filled = cells.reduce((sum, { width }) => sum + width, 0);
    const label = chart.points.length > 1 ? visible(point.label) : "";
    return { label, cells, rest: Math.max(0, 100 - filled), total: shown(pointTotal(point), chart) };
  });
}

function gridOf(chart: Chart): MailChart["grid"] {
  const largest = largestValue(chart);
  return chart.points.map((point) => ({
    label: visible(point.label).slice(0, 3),
    colors: point.values.map((value) => HEAT[heatLevel(value ?? 0, largest)] ?? ""),
    total: shown(pointTotal(point), chart),
  }));
}

function runsOf(chart: Chart): MailChart["runs"] {
  const { points } = fitPoints(chart, RUN);
  return usedSeries(chart).map(({ label, index }) => {
    const known = chart.points.flatMap(({ values }) => values[index] ?? []);
    const ends = [Math.min(...known), Math.max(...known)].map((value) => shown(value, chart));
    const cells = chart.kind === "band" ? ends : [shown(seriesTotal(chart, index), chart)];
    return { label: visible(label), run: sparkline(points.map(({ values }) => values[index] ?? null)), cells };
  });
}
