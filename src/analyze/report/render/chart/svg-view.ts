/** A chart as the HTML template wants it: marks, legend, the table behind it. Every text is already safe to look at. */
import { visible } from "../../escape.js";
import type { Chart } from "../../report.schema.js";
import { percent } from "../format.js";
import {
  chartSummary,
  chartTable,
  fitPoints,
  isEmptyChart,
  largestValue,
  seriesTotal,
  shown,
  usedSeries,
} from "./chart-table.js";
import { bandMarks, sparkMarks, stackedMarks, timelineMarks } from "./svg-columns.js";
import type { SvgMarks } from "./svg-marks.js";
import { barMarks, heatMarks, percentileMarks, shareMarks } from "./svg-rows.js";

export interface ChartView extends SvgMarks {
  readonly id: string;
  readonly kind: Chart["kind"];
  readonly title: string;
  readonly summary: string;
  readonly legend: readonly { readonly label: string; readonly tone: string; readonly total: string }[];
  readonly columns: readonly string[];
  readonly rows: readonly { readonly label: string; readonly cells: readonly string[] }[];
}

/** Columns that can still be told apart on a wide screen. */
const DRAWN = 120;
const TABLED = 400;
/** Of a label inside a drawing; the table behind has the whole. */
const LABEL = 24;

/** `null` when there is nothing to draw. */
export function chartView(id: string, chart: Chart): ChartView | null {
  if (isEmptyChart(chart)) return null;
  const marks = marksOf(fitPoints(chart, DRAWN));
  const { columns, rows } = chartTable(fitPoints(chart, TABLED));
  return {
    ...marks,
    rects: marks.rects.map((mark) => ({ ...mark, title: visible(mark.title) })),
    dots: marks.dots.map((dot) => ({ ...dot, title: visible(dot.title) })),
    labels: marks.labels.map((label) => ({ ...label, text: short(visible(label.text)) })),
    id,
    kind: chart.kind,
    title: visible(chart.title),
    summary: visible(chartSummary(chart)),
    legend: legendOf(chart),
    columns: columns.map(visible),
    rows: rows.map(({ label, cells }) => ({ label: visible(label), cells })),
  };
}

function marksOf(chart: Chart): SvgMarks {
  switch (chart.kind) {
    case "share":
      return shareMarks(chart);
    case "bars":
      return barMarks(chart);
    case "stacked":
      return stackedMarks(chart);
    case "spark":
      return sparkMarks(chart);
    case "band":
      return bandMarks(chart);
    case "heat":
      return heatMarks(chart);
    case "timeline":
      return timelineMarks(chart);
    case "percentiles":
      return percentileMarks(chart);
    default:
      return chart.kind satisfies never;
  }
}

function legendOf(chart: Chart): ChartView["legend"] {
  const { kind } = chart;
  const used = usedSeries(chart);
  if (kind === "heat")
    return [{ label: "none to most in an hour:", tone: "heat-5", total: shown(largestValue(chart), chart) }];
  if (kind === "spark") return [];
  if (kind === "percentiles") {
    const names = chart.series.map(({ label }) => label).join(", ");
    return [
      {
        label: `${names}, from left to right; each label stands for ten times the one before`,
        tone: "span",
        total: "",
      },
    ];
  }
  if (kind === "band") {
    const [low, middle, high] = chart.series;
    return [
      { label: `${middle?.label} as the line`, tone: "main", total: "" },
      { label: `${low?.label} to ${high?.label}`, tone: "span", total: "" },
    ];
  }
  const whole = used.reduce((sum, { index }) => sum + seriesTotal(chart, index), 0);
  return used.map(({ index, label, tone }) => {
    const value = seriesTotal(chart, index);
    const part = kind === "share" ? ` (${percent(value / whole)})` : "";
    return { label: visible(label), tone, total: `${shown(value, chart)}${part}` };
  });
}

/** The end of a path tells more than its start. */
function short(text: string): string {
  const letters = [...text];
  if (letters.length <= LABEL) return text;
  return text.includes("/") ? `…${letters.slice(-LABEL).join("")}` : `${letters.slice(0, LABEL).join("")}…`;
}
