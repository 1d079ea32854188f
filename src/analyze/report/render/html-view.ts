/** The Report as the HTML templates want it: every value a finished string, so that templates hold no logic. */
import { visible } from "../escape.js";
import type { Column, Figure, Report, Row, Section, Table, Unit, Value } from "../report.schema.js";
import { plural } from "../shape.js";
import { formatValue, hasListFlags, headerLines, LIST_FLAGS, listFlags, shortPlace } from "./format.js";
import { type ChartView, chartView } from "./html-chart.js";

export interface HtmlView {
  readonly header: readonly string[];
  readonly notes: readonly string[];
  readonly sections: readonly SectionView[];
}

interface SectionView {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly figures: readonly FigureView[];
  readonly charts: readonly ChartView[];
  readonly tables: readonly TableView[];
  readonly notes: readonly string[];
}

interface FigureView {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly unknown: boolean;
  /** "" when counted. */
  readonly basis: string;
  readonly definition: string;
}

interface TableView {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly columns: readonly { readonly label: string; readonly definition: string; readonly align: string }[];
  readonly rows: readonly RowView[];
  /** Rows left out, "" when none are. */
  readonly more: string;
  readonly definitions: readonly { readonly label: string; readonly definition: string }[];
}

interface RowView {
  readonly cells: readonly { readonly text: string; readonly kind: string; readonly code: boolean }[];
  /** Of the newest record, `null` when no row of the table has one or `places` tells more. */
  readonly place: string | null;
  readonly places: readonly PlaceView[];
}

interface PlaceView {
  readonly at: string;
  readonly time: string;
  readonly subject: string;
  readonly reason: string;
}

export function htmlView(report: Report): HtmlView {
  return {
    header: headerLines(report).map(visible),
    notes: report.completeness.notes.map(visible),
    sections: Object.entries(report.sections).map(([id, section]) => sectionView(id, section, report)),
  };
}

function sectionView(id: string, section: Section, report: Report): SectionView {
  return {
    id,
    title: section.title,
    about: section.about,
    figures: Object.entries(section.figures).map(([name, figure]) => figureView(`${id}.${name}`, figure)),
    charts: Object.values(section.charts).flatMap((chart) => chartView(chart) ?? []),
    tables: Object.entries(section.tables)
      .filter(([, table]) => table.total_rows > 0)
      .map(([name, table]) => tableView(`${id}.${name}`, table, report)),
    notes: section.notes.map(visible),
  };
}

function figureView(id: string, { label, value, unit, basis, definition }: Figure): FigureView {
  return {
    id,
    label,
    value: value === null ? "no data" : visible(formatValue(value, unit)),
    unknown: value === null,
    basis: basis === "counted" ? "" : basis,
    definition,
  };
}

function tableView(id: string, table: Table, report: Report): TableView {
  const columns = Object.entries(table.columns);
  const hasPlace = !table.explained && table.rows.some((row) => row.samples.length > 0);
  const lists = hasListFlags(table.rows);
  const shown = [...columns.map(([, column]) => column), ...(lists ? [LIST_FLAGS] : []), ...(hasPlace ? [PLACE] : [])];
  const more = table.total_rows - table.rows.length;
  return {
    id,
    title: table.title,
    about: table.about,
    columns: shown.map(({ label, definition, unit }) => ({ label, definition, align: kindOf(unit) })),
    rows: table.rows.map((row) => ({
      cells: [
        ...columns.map(([name, { unit }]) => cellView(row.cells[name] ?? null, unit)),
        ...(lists ? [cellView(listFlags(row) || null, LIST_FLAGS.unit)] : []),
      ],
      place: hasPlace ? visible(shortPlace(row.samples[0]?.at ?? "", report)) : null,
      places: table.explained ? placesOf(row, report) : [],
    })),
    more: more > 0 ? plural(more, "more row") : "",
    definitions: shown.filter(({ definition }) => definition !== ""),
  };
}

function cellView(value: Value, unit: Unit): RowView["cells"][number] {
  return { text: visible(formatValue(value, unit)), kind: kindOf(unit), code: isCode(unit) && value !== null };
}

const PLACE: Column = {
  label: "place",
  unit: "time",
  definition: "the newest record, file:offset in bytes",
  priority: 0,
};

function placesOf(row: Row, report: Report): PlaceView[] {
  return row.samples.map(({ at, time, subject, reason }) => ({
    at: visible(shortPlace(at, report)),
    time: formatValue(time, "time"),
    subject: visible(subject),
    reason: visible(reason),
  }));
}

function isCode(unit: Unit): boolean {
  return unit === "code" || unit === "command";
}

/** CSS class of a cell. */
function kindOf(unit: Unit): "number" | "time" | "code" | "prose" {
  if (isCode(unit)) return "code";
  if (unit === "time") return unit;
  return unit === "text" ? "prose" : "number";
}
