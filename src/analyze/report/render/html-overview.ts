/**
 * The first screen of the HTML page: what was read, the headline figures of the first section with their run, its first
 * charts, and what is worth doing. Taken from the Report by shape, so it holds for any choice of sections.
 */
import { visible } from "../escape.js";
import type { Figure, Report, Section } from "../report.schema.js";
import { grouped } from "../shape.js";
import { type ChartView, chartView } from "./chart/svg-view.js";
import { filesRead, formatValue } from "./format.js";

export interface FigureView {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly unknown: boolean;
  /** "" when counted. */
  readonly basis: string;
  readonly definition: string;
}

export interface TileView {
  readonly label: string;
  readonly value: string;
  readonly basis: string;
  readonly tone: string;
  readonly spark: ChartView | null;
}

export interface CardView {
  readonly what: string;
  readonly about: string;
  readonly command: string;
  readonly count: string;
}

export interface OverviewView {
  readonly tiles: readonly TileView[];
  readonly charts: readonly ChartView[];
  readonly cards: readonly CardView[];
}

const TILES = 8;
const CHARTS = 2;
const CARDS = 3;

export function overviewOf(report: Report): OverviewView {
  const [first] = Object.entries(report.sections);
  if (first === undefined) return { tiles: [], charts: [], cards: [] };
  const [id, section] = first;
  return {
    tiles: tilesOf(id, section),
    charts: chartViews(id, section).slice(0, CHARTS),
    cards: cardsOf(report.sections["highlights"]),
  };
}

/** All but the sparklines, which stand beside their figure. */
export function chartViews(id: string, { charts }: Section): ChartView[] {
  return Object.entries(charts)
    .filter(([, { kind }]) => kind !== "spark")
    .flatMap(([name, chart]) => chartView(`${id}.${name}`, chart) ?? []);
}

export function figureView(id: string, { label, value, unit, basis, definition }: Figure): FigureView {
  return {
    id,
    label,
    value: value === null ? "no data" : visible(formatValue(value, unit)),
    unknown: value === null,
    basis: basis === "counted" ? "" : basis,
    definition,
  };
}

function tilesOf(id: string, { figures, charts }: Section): TileView[] {
  return Object.entries(figures)
    .filter(([, { value }]) => value !== null)
    .slice(0, TILES)
    .map(([name, figure]) => {
      const { label, value, basis } = figureView(`${id}.${name}`, figure);
      const chart = charts[name];
      const spark = chart?.kind === "spark" ? chartView(`${id}.${name}`, chart) : null;
      return { label, value, basis, tone: chart?.series[0]?.tone ?? "", spark };
    });
}

/** The rows of the first table that names commands: what, about what, how often, and the line to type. */
function cardsOf(section: Section | undefined): CardView[] {
  const table = Object.values(section?.tables ?? {}).find(({ columns }) => columns["command"]?.unit === "command");
  return (table?.rows ?? []).slice(0, CARDS).map(({ cells }) => {
    const text = (name: string) => visible(formatValue(cells[name] ?? null, table?.columns[name]?.unit ?? "text"));
    const calls = cells["calls"];
    return {
      what: text("what"),
      about: cells["about"] == null ? "" : text("about"),
      command: text("command"),
      count: typeof calls === "number" ? grouped(calls) : "",
    };
  });
}

/** `2026-01-26 12:51 to 2026-02-01 22:20` */
export function spanOf({ window }: Report): string {
  if (window.first === null || window.last === null) return "No record in this window";
  const [from, to] = [window.first, window.last].map((time) => formatValue(time, "time").slice(0, 16));
  return `${from} to ${to}`;
}

export function factsOf(report: Report): { readonly label: string; readonly text: string }[] {
  const { window, zone, completeness } = report;
  const limit = (time: string | null, open: string) => (time === null ? open : formatValue(time, "time"));
  const offsets = zone.offsets.filter((offset) => offset !== "+00:00").join(", ");
  const filter = Object.entries(report.filter).map(([name, text]) => `${name} = ${text}`);
  return [
    { label: "Window", text: `${limit(window.since, "the beginning")} to ${limit(window.until, "now")}` },
    { label: "Time zone", text: offsets === "" ? zone.name : `${zone.name} (${offsets})` },
    ...(filter.length === 0 ? [] : [{ label: "Only", text: visible(filter.join(", ")) }]),
    { label: "Files", text: visible(filesRead(report.files)) },
    ...(completeness.source === undefined
      ? []
      : [
          { label: "Machines", text: grouped(completeness.source.machines) },
          { label: "Gaps", text: grouped(completeness.source.logs_with_gaps) },
        ]),
    { label: "Lines read", text: grouped(completeness.lines) },
    { label: "Unreadable", text: grouped(completeness.unusable) },
    {
      label: "Made",
      text: `${formatValue(report.generated_at, "time").slice(0, 16)}, version ${report.engine_version}`,
    },
  ];
}
