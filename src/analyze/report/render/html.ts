/**
 * The Report as one HTML file: no network, one script and one style sheet pinned by their hashes, so that nothing a log
 * holds could run or load even if it became markup. The template engine escapes every value; the view is already free of
 * hidden text. Complete without the script, which sorts, filters and copies.
 */
import type { Report, Section } from "../report.schema.js";
import { fitRows } from "./fit-rows.js";
import { htmlView } from "./html-view.js";
import type { Templates } from "./templates.js";

/** Rows of a table, fewer until the page is small enough to be forwarded; what is left out is counted below each table. */
const ROWS = [Number.POSITIVE_INFINITY, 50, 25, 10, 3, 1, 0];
const MOST_BYTES = 1_000_000;

export function renderHtml(report: Report, templates: Templates): string {
  const { style, script, styleHash, scriptHash } = templates;
  const policy = `default-src 'none'; style-src '${styleHash}'; script-src '${scriptHash}'; base-uri 'none'; form-action 'none'`;
  const page = (rows: number) =>
    templates.render("report", { ...htmlView(withRows(report, rows)), style, script, policy });
  return fitRows(page, ROWS, MOST_BYTES);
}

function withRows(report: Report, rows: number): Report {
  const cut = (tables: Section["tables"]) =>
    Object.fromEntries(
      Object.entries(tables).map(([id, table]) => [id, { ...table, rows: table.rows.slice(0, rows) }]),
    );
  const sections = Object.entries(report.sections).map(([id, section]) => [
    id,
    { ...section, tables: cut(section.tables) },
  ]);
  return { ...report, sections: Object.fromEntries(sections) };
}
