/**
 * A report as a model reads it: every figure and the first rows of every table, values as people read them, examples as they
 * are in the report (redacted by the caller). The same report gives the same text whenever it is made. It holds no record.
 */
import { createHash } from "node:crypto";
import { jsonText } from "../escape.js";
import { formatValue } from "../render/format.js";
import type { Report, Section, Table } from "../report.schema.js";

/** About 12,000 tokens. */
const MOST_CHARS = 48_000;
const ROWS = [8, 5, 3, 1, 0];
const CELL_CHARS = 160;

/** JSON, of bounded size: tables are cut first. What a reader could not see is written as an escape. */
export function summaryFacts(report: Report): string {
  const sized = ROWS.map((rows) => () => jsonText(JSON.stringify(factsWith(report, rows), null, 1)));
  for (const facts of sized) {
    const text = facts();
    if (text.length <= MOST_CHARS) return text;
  }
  return jsonText(JSON.stringify(factsWith(report, 0))).slice(0, MOST_CHARS);
}

/** Names a summary of these facts: by this model, for this prompt. */
export function summaryKey(facts: string, model: string, promptVersion: number): string {
  return createHash("sha256").update([promptVersion, model, facts].join("\0")).digest("hex");
}

function factsWith({ window, zone, filter, completeness, sections }: Report, rows: number): object {
  return {
    // To the day: "the last week" moves on with every second.
    window: {
      since: window.since?.slice(0, 10) ?? null,
      until: window.until?.slice(0, 10) ?? null,
      first_record: window.first,
      last_record: window.last,
      zone: zone.name,
    },
    ...(Object.keys(filter).length === 0 ? {} : { only: filter }),
    incomplete: completeness.notes,
    sections: Object.values(sections).map((section) => sectionFacts(section, rows)),
  };
}

function sectionFacts({ title, about, figures, tables, notes }: Section, rows: number): object {
  const shown = Object.values(tables).filter(({ total_rows }) => total_rows > 0);
  return {
    title,
    about,
    figures: Object.fromEntries(
      Object.values(figures).map(({ label, value, unit, basis }) => [
        basis === "counted" ? label : `${label} (${basis})`,
        value === null ? "no data" : formatValue(value, unit),
      ]),
    ),
    ...(notes.length === 0 ? {} : { notes }),
    ...(shown.length === 0 || rows === 0 ? {} : { tables: shown.map((table) => tableFacts(table, rows)) }),
  };
}

function tableFacts({ title, columns, rows, total_rows }: Table, limit: number): object {
  const told = Object.entries(columns).filter(([, { unit }]) => unit !== "rule");
  return {
    title,
    rows: rows
      .slice(0, limit)
      .map(({ cells }) =>
        Object.fromEntries(told.map(([id, { label, unit }]) => [label, cut(formatValue(cells[id] ?? null, unit))])),
      ),
    ...(total_rows > limit ? { rows_in_all: total_rows } : {}),
  };
}

function cut(text: string): string {
  return text.length > CELL_CHARS ? `${text.slice(0, CELL_CHARS).toWellFormed()}…` : text;
}
