/** The Report as GitHub-flavoured Markdown: tables with every figure, log text only inside code spans. */
import { markdownCode, markdownText, visible } from "../escape.js";
import type { Report, Section, Summary, Table, Unit, Value } from "../report.schema.js";
import { plural } from "../shape.js";
import { markdownChart } from "./chart/markdown-chart.js";
import { figureRun } from "./chart/sparkline.js";
import { fitRows } from "./fit-rows.js";
import {
  formatValue,
  hasListFlags,
  headerLines,
  LIST_FLAGS,
  listFlags,
  NO_DATA,
  redactionLine,
  ruleTexts,
  shortPlace,
} from "./format.js";
import { proseMarkdown, SUMMARY_TITLE, summaryNote } from "./prose.js";

export interface MarkdownOptions {
  /** Rows of a table that are shown. */
  readonly rows?: number;
}

const ROWS = [25, 10, 5, 1, 0];
/** Of the 1 MiB that GitHub takes, some is left for what else a job says. */
const MOST_BYTES = 1_000_000;
/** Points of the run beside a figure. */
const RUN = 30;
/** Longer text is cut: a cell is for looking at, the JSON has the whole. */
const CELL_CHARS = 160;

/** At most a mebibyte unless rows are asked for: a job summary that is larger is refused whole. */
export function renderMarkdown(report: Report, { rows }: MarkdownOptions = {}): string {
  if (rows !== undefined) return markdownWith(report, rows);
  return fitRows((limit) => markdownWith(report, limit), ROWS, MOST_BYTES);
}

function markdownWith(report: Report, rows: number): string {
  const blocks = [
    "# claude-permit report",
    headerLines(report)
      .map((line) => `${markdownText(line)}  `)
      .join("\n"),
    ...report.completeness.notes.map((note) => `> **${markdownText(note)}**`),
    ...(report.summary === undefined ? [] : summaryBlocks(report.summary)),
    ...Object.values(report.sections).flatMap((section) => sectionBlocks(section, report, rows)),

    markdownText(redactionLine(report)),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function summaryBlocks(summary: Summary): string[] {
  return [
    `## ${SUMMARY_TITLE}`,
    `> ${markdownText(summaryNote(summary))}`,
    ...(summary.kind === "written" ? [proseMarkdown(summary.blocks)] : []),
  ];
}

function sectionBlocks(section: Section, report: Report, rows: number): string[] {
  return [
    `## ${markdownText(section.title)}`,
    markdownText(section.about),
    ...(Object.keys(section.figures).length === 0 ? [] : [figureTable(section)]),
    ...Object.values(section.charts).flatMap(markdownChart),
    ...Object.values(section.tables).flatMap((table) => tableBlocks(table, report, rows)),
    ...section.notes.map((note) => `> ${markdownText(note)}`),
  ];
}

function figureTable({ figures, charts }: Section): string {
  const lines = Object.entries(figures).map(([id, { label, value, unit, basis, definition }]) => {
    const run = figureRun(charts[id], RUN);
    const shown = value === null ? "no data" : cell(value, unit);
    const what = basis === "counted" ? definition : `${basis}: ${definition}`;
    return `| ${markdownText(label)} | ${shown} | ${run === "" ? "" : `${run} `}${markdownText(what)} |`;
  });
  return ["| figure | value | what it is |", "| :-- | --: | :-- |", ...lines].join("\n");
}

function tableBlocks(table: Table, report: Report, limit: number): string[] {
  if (table.total_rows === 0) return [];
  const columns = Object.entries(table.columns).filter(([, { unit }]) => unit !== "rule");
  const rows = table.rows.slice(0, limit);
  const places = rows.some((row) => row.samples.length > 0);
  const lists = hasListFlags(rows);
  const heads = [
    ...columns.map(([, { label }]) => label),
    ...(places ? ["places"] : []),
    ...(lists ? [LIST_FLAGS.label] : []),
  ];
  const marks = [
    ...columns.map(([, { unit }]) => (isLeft(unit) ? ":--" : "--:")),
    ...(places ? [":--"] : []),
    ...(lists ? [":--"] : []),
  ];
  const lines = rows.map((row) => {
    const cells = columns.map(([id, { unit }]) => cell(row.cells[id] ?? null, unit));
    if (places) cells.push(row.samples.map(({ at }) => markdownCode(shortPlace(at, report))).join(", "));
    if (lists) cells.push(markdownCode(listFlags(row)));
    return tableLine(cells);
  });
  const more = table.total_rows - rows.length;
  return [
    `### ${markdownText(table.title)}`,
    ...(table.about === "" ? [] : [markdownText(table.about)]),
    [tableLine(heads.map(markdownText)), tableLine(marks), ...lines].join("\n"),
    ...rows
      .flatMap((row) => ruleTexts(row, table.columns))
      .flatMap(({ name, lines }) => [`${markdownCode(name)}:`, fenced(lines)]),
    ...(more > 0 ? [`… ${plural(more, "more row")}; \`--format json\` has more`] : []),
  ];
}

/** Lines to paste as a block whose fence is longer than any in it. */
function fenced(lines: readonly string[]): string {
  const text = lines.map(visible).join("\n");
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}toml\n${text}\n${fence}`;
}

function isLeft(unit: Unit): boolean {
  return unit === "text" || unit === "code" || unit === "command" || unit === "time";
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function cell(value: Value, unit: Unit): string {
  if (value === null) return NO_DATA;
  const text = formatValue(value, unit);
  if (unit === "command") return markdownCode(text);
  if (unit !== "code") return markdownText(text);
  return markdownCode(text.length > CELL_CHARS ? `${[...text].slice(0, CELL_CHARS).join("")}…` : text);
}
