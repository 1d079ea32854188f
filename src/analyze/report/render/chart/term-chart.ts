/** A chart as lines of text: one mark a series, so that it reads without colours; numbers stand whole beside their bar. */
import { visible } from "../../escape.js";
import type { Chart } from "../../report.schema.js";
import { cutText, displayWidth } from "../term-table.js";
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

export type Tone = Chart["series"][number]["tone"];
/** Puts the colour of a tone on a text, or leaves it as it is. */
export type PaintTone = (tone: Tone, text: string) => string;

const MARKS = ["█", "▓", "▒", "░", "╳"];
const SHADES = [" ", "░", "▒", "▓", "█"];
const MOST_POINTS = 31;
const WIDEST = 72;
const NARROWEST = 10;
const LABEL = 24;
const WIDE_HEAT = 64;

/** Without title and indent; nothing for a chart that is empty. `width` in columns. */
export function termChart(chart: Chart, width: number, paint: PaintTone): string[] {
  if (isEmptyChart(chart)) return [];
  const { kind } = chart;
  switch (kind) {
    case "share":
      return barLines(chart, width, paint, "parts");
    case "bars":
      return barLines(chart, width, paint, "rows");
    case "stacked":
      return barLines(fitPoints(chart, MOST_POINTS), width, paint, "rows");
    case "timeline":
      return laneLines(chart, width, paint);
    case "heat":
      return heatLines(chart, width < WIDE_HEAT ? 1 : 2);
    case "band":
      return numberLines(fitPoints(chart, MOST_POINTS), width);
    case "percentiles":
      return numberLines(chart, width);
    case "spark":
      return [];
    default:
      return kind satisfies never;
  }
}

function barLines(chart: Chart, width: number, paint: PaintTone, form: "parts" | "rows"): string[] {
  const used = usedSeries(chart);
  const largest = Math.max(...chart.points.map(pointTotal));
  const totals = chart.points.map((point) => shown(pointTotal(point), chart));
  const names = namesOf(chart);
  const before = form === "rows" ? widest(names) + 2 : 0;
  const after = form === "rows" ? widest(totals) + 2 : 0;
  const room = Math.max(NARROWEST, Math.min(width - before - after, WIDEST));
  const legend = used.map(({ label, index }) => {
    const sum = shown(seriesTotal(chart, index), chart);
    return `${MARKS[index] ?? "?"}\u00a0${visible(label).replaceAll(" ", "\u00a0")}\u00a0${sum.replaceAll(" ", "\u00a0")}`;
  });
  const bars = chart.points.map(({ values }, row) => {
    const lengths = blockLengths(
      used.map(({ index }) => (values[index] ?? 0) / largest),
      room,
    );
    const drawn = used
      .map(({ index, tone }, at) => paint(tone, (MARKS[index] ?? "?").repeat(lengths[at] ?? 0)))
      .join("");
    if (form === "parts") return drawn;
    const length = lengths.reduce((sum, one) => sum + one, 0);
    return `${padded(names[row] ?? "", before)}${drawn}${" ".repeat(Math.max(0, room - length))}  ${totals[row]}`;
  });
  return [...wrapped(legend, width), ...bars];
}

/** Shares of the room as whole blocks: none that is there is lost, and the longest gives what rounding takes too much. */
function blockLengths(shares: readonly number[], room: number): readonly number[] {
  const lengths = shares.map((share) => (share === 0 ? 0 : Math.max(1, Math.round(share * room))));
  const surplus = lengths.reduce((sum, length) => sum + length, 0) - room;
  const longest = lengths.indexOf(Math.max(...lengths));
  return lengths.map((length, at) => (at === longest && surplus > 0 ? Math.max(1, length - surplus) : length));
}

/** One line a series, one column a day: how often, `+` for ten and more. */
function laneLines(chart: Chart, width: number, paint: PaintTone): string[] {
  const lanes = usedSeries(chart);
  const before = widest(lanes.map(({ label }) => visible(label))) + 2;
  const { points } = fitPoints(chart, Math.max(NARROWEST, width - before - 8));
  const lines = lanes.map(({ label, index, tone }) => {
    const marks = points.map(({ values }) => laneMark(values[index] ?? 0)).join("");
    return `${padded(visible(label), before)}${paint(tone, marks)}  ${shown(seriesTotal(chart, index), chart)}`;
  });
  const range = `${visible(chart.points[0]?.label ?? "")} to ${visible(chart.points.at(-1)?.label ?? "")}`;
  return [...lines, range];
}

function laneMark(value: number): string {
  if (value === 0) return "·";
  return value > 9 ? "+" : String(value);
}

/** @param columns of the terminal for each cell */
function heatLines(chart: Chart, columns: 1 | 2): string[] {
  const largest = largestValue(chart);
  const head = chart.series.map(({ label }, index) => (index % 3 === 0 ? label.padEnd(3 * columns) : "")).join("");
  const rows = chart.points.map((point) => {
    const cells = point.values.map((value) => {
      const step = (value ?? 0) <= 0 ? 0 : Math.max(1, Math.ceil(((value ?? 0) / largest) * (SHADES.length - 1)));
      return (SHADES[step] ?? " ").repeat(columns);
    });
    return `${visible(point.label).slice(0, 3).padEnd(5)}${cells.join("")}  ${shown(pointTotal(point), chart)}`;
  });
  const key = `${SHADES.slice(1).join("")} up to ${shown(largest, chart)} an hour`;
  return [`${" ".repeat(5)}${head}`.trimEnd(), ...rows, key];
}

/** The numbers themselves, in columns, with the run of the middle one before them. */
function numberLines(chart: Chart, width: number): string[] {
  const { columns, rows } = chartTable(chart);
  const names = namesOf(chart);
  const before = Math.min(widest(names) + 2, Math.max(NARROWEST, width - columns.length * 9));
  const line = (name: string, cells: readonly string[]) =>
    `${padded(name, before)}${cells.map((cell) => cell.padStart(8)).join(" ")}`.trimEnd();
  const run = chart.points.map(({ values }) => values[Math.floor(values.length / 2)] ?? null);
  return [
    ...(chart.kind === "band" ? [sparkline(run)] : []),
    line("", columns.map(visible)),
    ...rows.map(({ cells }, index) => line(names[index] ?? "", cells)),
  ];
}

function namesOf({ points }: Chart): readonly string[] {
  return points.map(({ label }) => cutText(visible(label), LABEL));
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(displayWidth));
}

function padded(text: string, width: number): string {
  const cut = cutText(text, Math.max(1, width - 2));
  return cut + " ".repeat(Math.max(0, width - displayWidth(cut)));
}

function wrapped(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + 2 + displayWidth(word) <= width)
      lines[lines.length - 1] = `${last}  ${word}`;
    else lines.push(word);
  }
  return lines;
}
