/**
 * The Report as a mail that a mail program or `sendmail -t` takes: the plain text, and the same as HTML made of tables and
 * inline styles only, because mail programs drop style sheets, scripts and SVG. Shorter than the page: what does not fit
 * under the size at which mail is cut is left out, whole rows at a time.
 */
import { createHash } from "node:crypto";
import { visible } from "../escape.js";
import type { Chart, Column, Report, Row, Section, Table, Value } from "../report.schema.js";
import { grouped, plural } from "../shape.js";
import { mailChart } from "./chart/mail-chart.js";
import { figureRun } from "./chart/sparkline.js";
import { fitRows } from "./fit-rows.js";
import { formatValue, headerLines, NO_DATA, redactionLine, ruleTexts } from "./format.js";
import { overviewOf, spanOf } from "./html-overview.js";
import { proseView } from "./prose.js";
import type { Templates } from "./templates.js";
import { renderTerm } from "./term.js";

/** Gmail cuts a message at 102 KB. */
const MOST_BYTES = 90_000;
const ROWS = [10, 5, 3, 1, 0];
const RUN = 20;
const TEXT_WIDTH = 76;
/** Longer text is cut, and a line of mail holds at most 998 bytes. */
const CELL_CHARS = 120;
/** Columns of a table that fit a mail 680 pixels wide. */
const COLUMNS = 6;

/** The whole message; `Date` and `Subject` are set, from and to are the sender's. */
export function renderMail(report: Report, templates: Templates): string {
  const text = fitRows((rows) => renderTerm(report, { width: TEXT_WIDTH, color: false, rows }), ROWS, MOST_BYTES);
  const parts = [
    mailPart("text/plain", `${text}\n${redactionLine(report)}\n`),
    mailPart("text/html", renderMailHtml(report, templates)),
  ];
  // Of the content itself, so that no log can hold it.
  const boundary = `part-${createHash("sha256").update(parts.join()).digest("hex").slice(0, 32)}`;
  return [
    `Subject: ${subjectOf(report)}`,
    `Date: ${mailDate(report.generated_at)}`,
    "X-Unsent: 1",
    "MIME-Version: 1.0",
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    "",
    ...parts.flatMap((part) => [`--${boundary}`, part]),
    `--${boundary}--`,
    "",
  ].join("\n");
}

/** The HTML part alone, to paste into a mail program. */
export function renderMailHtml(report: Report, templates: Templates): string {
  return fitRows((rows) => templates.render("mail", mailView(report, rows)), ROWS, MOST_BYTES);
}

function mailPart(type: string, text: string): string {
  const lines = text.split("\n").flatMap(shortLines);
  return [`Content-Type: ${type}; charset=utf-8`, "Content-Transfer-Encoding: 8bit", "", ...lines].join("\n");
}

/** RFC 5322: at most 998 bytes a line. Never inside a character reference of HTML. */
function shortLines(line: string): readonly string[] {
  return Buffer.byteLength(line) <= 998 ? [line] : (line.match(/(?:&[#\w]{1,8};|.){1,120}/gsu) ?? []);
}

/** `claude-permit: 1,325 decisions, 5 blocked, 2026-01-26 to 2026-02-01`, in ASCII. */
function subjectOf(report: Report): string {
  const figures = Object.values(report.sections)[0]?.figures ?? {};
  const counts = ["calls", "decisions", "blocked", "unsafe"].flatMap((name) => {
    const figure = figures[name];
    return typeof figure?.value === "number" ? [`${grouped(figure.value)} ${figure.label}`] : [];
  });
  const [from, to] = [report.window.first, report.window.last].map((time) => time?.slice(0, 10) ?? "");
  const days = from === "" ? "no record" : from === to ? from : `${from} to ${to}`;
  return ["claude-permit:", [...counts, days].join(", ")].join(" ").replace(/[^\x20-\x7e]/g, "?");
}

/** RFC 5322 date of a local timestamp with offset. */
function mailDate(timestamp: string): string {
  return new Date(timestamp).toUTCString().replace("GMT", "+0000");
}

function mailView(report: Report, rows: number): object {
  const { tiles, cards } = overviewOf(report);
  return {
    span: spanOf(report),
    header: headerLines(report).map(visible),
    notes: report.completeness.notes.map(visible),
    summary: proseView(report.summary),
    tiles: tiles.map(({ label, value }) => ({ label, value })),
    cards: cards.map((card) => ({ ...card, about: cut(card.about) })),
    sections: Object.values(report.sections).map((section) => sectionView(section, rows)),
    footer: redactionLine(report),
  };
}

function sectionView(section: Section, rows: number): object {
  return {
    title: section.title,
    about: section.about,
    notes: section.notes.map(visible),
    figures: Object.entries(section.figures).map(([id, { label, value, unit, basis }]) => ({
      label: basis === "counted" ? label : `${label} (${basis})`,
      value: value === null ? "no data" : visible(formatValue(value, unit)),
      run: figureRun(section.charts[id], RUN),
    })),
    charts: Object.values(section.charts).flatMap((chart: Chart) => mailChart(chart) ?? []),
    tables: Object.values(section.tables).flatMap((table) =>
      table.total_rows === 0 || rows === 0 ? [] : tableView(table, rows),
    ),
  };
}

function tableView(table: Table, limit: number): object {
  const columns = columnsOf(table);
  const rows = table.rows.slice(0, limit);
  const more = table.total_rows - rows.length;
  return {
    title: table.title,
    columns: columns.map(([, { label, unit }]) => ({ label, align: isNumber(unit) ? "right" : "left" })),
    rows: rows.map(({ cells }) => columns.map(([id, { unit }]) => cellView(cells[id] ?? null, unit))),
    rules: rows
      .flatMap((row: Row) => ruleTexts(row, table.columns))
      .map(({ name, lines }) => ({ name: visible(name), lines: lines.map(visible) })),
    more: more > 0 ? plural(more, "more row") : "",
  };
}

/** The columns that matter most, in their order. */
function columnsOf(table: Table): readonly (readonly [string, Column])[] {
  const all = Object.entries(table.columns).filter(([, { unit }]) => unit !== "rule");
  const kept = new Set(all.toSorted(([, a], [, b]) => a.priority - b.priority).slice(0, COLUMNS));
  return all.filter((column) => kept.has(column));
}

function cellView(value: Value, unit: Table["columns"][string]["unit"]): object {
  const text = visible(formatValue(value, unit));
  const isWhole = unit === "command" || isNumber(unit);
  return {
    text: value === null ? NO_DATA : isWhole ? text : cut(text),
    align: isNumber(unit) ? "right" : "left",
    number: isNumber(unit),
    code: (unit === "code" || unit === "command") && value !== null,
  };
}

function cut(text: string): string {
  return text.length <= CELL_CHARS ? text : `${[...text].slice(0, CELL_CHARS).join("")}…`;
}

function isNumber(unit: Table["columns"][string]["unit"]): boolean {
  return unit === "count" || unit === "share" || unit === "us" || unit === "ms";
}
