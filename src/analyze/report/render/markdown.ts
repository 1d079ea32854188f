/** The Report as GitHub-flavoured Markdown: tables with every figure, log text only inside code spans. */
import { markdownCode, markdownText } from "../escape.js";
import type { Figure, Report, Section, Table, Unit, Value } from "../report.schema.js";
import { plural } from "../shape.js";
import { formatValue, hasListFlags, headerLines, LIST_FLAGS, listFlags, NO_DATA, shortPlace } from "./format.js";

export interface MarkdownOptions {
  /** Rows of a table that are shown. */
  readonly rows?: number;
}

const ROWS = 25;
/** Longer text is cut: a cell is for looking at, the JSON has the whole. */
const CELL_CHARS = 160;

export function renderMarkdown(report: Report, { rows = ROWS }: MarkdownOptions = {}): string {
  const blocks = [
    "# claude-permit report",
    headerLines(report)
      .map((line) => `${markdownText(line)}  `)
      .join("\n"),
    ...report.completeness.notes.map((note) => `> **${markdownText(note)}**`),
    ...Object.values(report.sections).flatMap((section) => sectionBlocks(section, report, rows)),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function sectionBlocks(section: Section, report: Report, rows: number): string[] {
  return [
    `## ${markdownText(section.title)}`,
    markdownText(section.about),
    ...(Object.keys(section.figures).length === 0 ? [] : [figureTable(section.figures)]),
    ...Object.values(section.tables).flatMap((table) => tableBlocks(table, report, rows)),
    ...section.notes.map((note) => `> ${markdownText(note)}`),
  ];
}

function figureTable(figures: Readonly<Record<string, Figure>>): string {
  const lines = Object.values(figures).map(({ label, value, unit, basis, definition }) => {
    const shown = value === null ? "no data" : cell(value, unit);
    const what = basis === "counted" ? definition : `${basis}: ${definition}`;
    return `| ${markdownText(label)} | ${shown} | ${markdownText(what)} |`;
  });
  return ["| figure | value | what it is |", "| :-- | --: | :-- |", ...lines].join("\n");
}

function tableBlocks(table: Table, report: Report, limit: number): string[] {
  if (table.total_rows === 0) return [];
  const columns = Object.entries(table.columns);
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
    ...(more > 0 ? [`… ${plural(more, "more row")}; \`--format json\` has more`] : []),
  ];
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
