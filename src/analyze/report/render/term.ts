/** The Report for a terminal: aligned, no wider than it must be, plain text unless colours are asked for. */
import picocolors from "picocolors";
import { visible } from "../escape.js";
import type { Chart, Column, Report, Row, Section, Summary, Table } from "../report.schema.js";
import { plural } from "../shape.js";
import { figureRun } from "./chart/sparkline.js";
import { termChart } from "./chart/term-chart.js";
import {
  formatValue,
  hasListFlags,
  headerLines,
  LIST_FLAGS,
  listFlags,
  NO_DATA,
  ruleTexts,
  shortPlace,
} from "./format.js";
import { proseLines, SUMMARY_TITLE, summaryNote } from "./prose.js";
import { joinCells, layoutTable, type TermColumn, wrapText } from "./term-table.js";

export interface TermOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
  /** Rows of a table that are shown. */
  readonly rows?: number;
}

const ROWS = 15;
const INDENT = "  ";
/** Points of the run beside a figure, and the width from which there is room for it. */
const RUN = 16;
const RUN_FROM = 80;
const COLORS = { good: "green", notice: "yellow", bad: "red", quiet: "dim", alarm: "magenta" } as const;

type Paint = ReturnType<typeof picocolors.createColors>;

/** @returns text that ends with a line break. */
export function renderTerm(report: Report, options: TermOptions): string {
  const paint = picocolors.createColors(options.color);
  const lines = [
    paint.bold("claude-permit report"),
    ...headerLines(report).flatMap((line) => wrapText(visible(line), options.width)),
    ...report.completeness.notes.flatMap((note) => noteLines(note, "", options, paint)),
  ];
  if (report.summary !== undefined) lines.push(...summaryLines(report.summary, options, paint));
  for (const section of Object.values(report.sections)) lines.push(...sectionLines(section, report, options, paint));
  return `${lines.join("\n")}\n`;
}

function summaryLines(summary: Summary, { width }: TermOptions, paint: Paint): string[] {
  const blocks = summary.kind === "written" ? summary.blocks : [];
  return [
    "",
    paint.bold(paint.underline(SUMMARY_TITLE)),
    ...wrapText(summaryNote(summary), width).map(paint.dim),
    ...blocks.flatMap((block) => ["", ...proseLines([block], width)]),
  ];
}

/** The sections alone, without the header: for commands that answer one question. */
export function renderTermSections(report: Report, options: TermOptions): string {
  const paint = picocolors.createColors(options.color);
  const lines = Object.values(report.sections).flatMap((section) => sectionLines(section, report, options, paint));
  return `${lines.slice(1).join("\n")}\n`;
}

function sectionLines(section: Section, report: Report, options: TermOptions, paint: Paint): string[] {
  return [
    "",
    paint.bold(paint.underline(section.title)),
    ...wrapText(section.about, options.width).map(paint.dim),
    ...figureLines(section, options, paint),
    ...Object.values(section.charts).flatMap((chart) => chartLines(chart, options, paint)),
    ...Object.values(section.tables).flatMap((table) => tableLines(table, report, options, paint)),
    ...section.notes.flatMap((note) => noteLines(note, INDENT, options, paint)),
  ];
}

function noteLines(note: string, indent: string, { width }: TermOptions, paint: Paint): string[] {
  return wrapText(`! ${visible(note)}`, width - indent.length).map((line) => paint.yellow(indent + line));
}

function figureLines({ figures, charts }: Section, { width }: TermOptions, paint: Paint): string[] {
  const rows = Object.entries(figures).map(([id, figure]) => [
    figure.label,
    figure.value === null ? "no data" : visible(formatValue(figure.value, figure.unit)),
    [figure.basis === "counted" ? "" : figure.basis, width < RUN_FROM ? "" : figureRun(charts[id], RUN)]
      .join(" ")
      .trim(),
    figure.definition,
  ]);
  if (rows.length === 0) return [];
  const columns: TermColumn[] = [
    { label: "", align: "left", isText: false, priority: 0 },
    { label: "", align: "right", isText: false, priority: 0 },
    { label: "", align: "left", isText: false, priority: 0 },
    { label: "", align: "left", isText: true, priority: 1 },
  ];
  const { lines } = layoutTable(columns, rows, width - INDENT.length);
  return lines.map((cells) =>
    joinCells([INDENT + cells[0], ...cells.slice(1, 3), paint.dim(cells[3]?.trimEnd() ?? "")]),
  );
}

function tableLines(table: Table, report: Report, options: TermOptions, paint: Paint): string[] {
  if (table.total_rows === 0) return [];
  const entries = Object.entries(table.columns).filter(([, { unit }]) => unit !== "rule");
  const rows = table.rows.slice(0, options.rows ?? ROWS);
  const room = options.width - INDENT.length;
  const places = !table.explained && rows.some((row) => row.samples.length > 0);
  const lists = hasListFlags(rows);
  const isBlank = (id: string) => rows.every((row) => (row.cells[id] ?? null) === null);
  const columns = [
    // A column in which nothing is known gives way to those that tell something.
    ...entries.map(([id, column]) => ({ ...termColumn(column), ...(isBlank(id) ? { priority: BLANK } : {}) })),
    ...(places ? [PLACE] : []),
    ...(lists ? [termColumn(LIST_FLAGS)] : []),
  ];
  const cells = rows.map((row) => [
    ...entries.map(([id, { unit }]) => visible(formatValue(row.cells[id] ?? null, unit))),
    ...(places ? [visible(shortPlace(row.samples[0]?.at ?? "", report))] : []),
    ...(lists ? [visible(listFlags(row))] : []),
  ]);
  const { head, lines, dropped } = layoutTable(columns, cells, room);
  const more = table.total_rows - rows.length;
  const hints = [
    more > 0 ? plural(more, "more row") : "",
    dropped.length > 0 ? `not shown at this width: ${dropped.join(", ")}` : "",
  ].filter((hint) => hint !== "");
  return [
    "",
    INDENT + paint.bold(table.title),
    ...(table.about === "" ? [] : wrapText(table.about, room).map((line) => INDENT + paint.dim(line))),
    `${INDENT}${paint.dim(joinCells(head))}`,
    ...lines.map((cells) => INDENT + joinCells(cells)),
    ...(hints.length === 0 ? [] : wrapText(`… ${hints.join("; ")}`, room).map((line) => INDENT + paint.dim(line))),
    ...rows.flatMap((row) => pasteLines(row, table.columns, paint)),
    ...(table.explained ? rows.flatMap((row) => placeLines(row, table.columns, report, options.width, paint)) : []),
  ];
}

/** What is to be pasted, line by line and whole. */
function pasteLines(row: Row, columns: Table["columns"], paint: Paint): string[] {
  return ruleTexts(row, columns).flatMap(({ name, lines }) => [
    "",
    INDENT + paint.bold(visible(name)),
    ...lines.map((line) => `    ${visible(line)}`),
  ]);
}

/** The places of a row in full, under its leading keys: when, where, what, and a reason that is not the one above. */
function placeLines(row: Row, columns: Table["columns"], report: Report, width: number, paint: Paint): string[] {
  const entries = Object.entries(columns);
  const firstOther = entries.findIndex(([, { unit }]) => unit !== "code");
  const name = entries.slice(0, Math.max(firstOther, 1)).map(([id]) => formatValue(row.cells[id] ?? null, "code"));
  const lines = ["", INDENT + paint.bold(visible(name.filter((text) => text !== NO_DATA).join(", ")))];
  let told = "";
  for (const { at, time, subject, reason } of row.samples) {
    if (reason !== told) lines.push(...wrapText(visible(reason), width - 4).map((line) => `    ${line}`));
    told = reason;
    const place = `${formatValue(time, "time")}  ${shortPlace(at, report)}  ${subject}`.trimEnd();
    lines.push(...wrapText(visible(place), width - 6).map((line) => `      ${line}`));
  }
  return lines;
}

const BLANK = 9;
const PLACE: TermColumn = { label: "place", align: "left", isText: false, priority: 7 };

function termColumn({ label, unit, priority }: Column): TermColumn {
  const isText = unit === "text" || unit === "code";
  return { label, align: isText || unit === "time" || unit === "command" ? "left" : "right", isText, priority };
}

function chartLines(chart: Chart, { width }: TermOptions, paint: Paint): string[] {
  const lines = termChart(chart, width - INDENT.length, (tone, text) => paint[COLORS[tone]](text));
  return lines.length === 0
    ? []
    : ["", INDENT + paint.bold(chart.title), ...lines.map((line) => (INDENT + line).trimEnd())];
}
