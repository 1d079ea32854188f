/** The Report as the HTML templates want it: every value a finished string, so that templates hold no logic. */
import { visible } from "../escape.js";
import type { Column, Report, Row, Section, Table, Unit, Value } from "../report.schema.js";
import { plural } from "../shape.js";
import type { ChartView } from "./chart/svg-view.js";
import {
  formatValue,
  hasListFlags,
  headerLines,
  LIST_FLAGS,
  listCommand,
  listFlags,
  redactionLine,
  shortPlace,
} from "./format.js";
import {
  type CardView,
  chartViews,
  type FigureView,
  factsOf,
  figureView,
  overviewOf,
  spanOf,
  type TileView,
} from "./html-overview.js";
import { type ProseView, proseView } from "./prose.js";

export interface HtmlView {
  readonly title: string;
  readonly heading: string;
  /** What the report covers, in one line. */
  readonly lead: string;
  readonly facts: readonly { readonly label: string; readonly text: string }[];
  readonly notes: readonly string[];
  /** The command that the flags of a row are added to. */
  readonly list: string;
  /** `null`: none was asked for. */
  readonly summary: ProseView | null;
  readonly tiles: readonly TileView[];
  readonly charts: readonly ChartView[];
  readonly cards: readonly CardView[];
  readonly sections: readonly SectionView[];
  readonly footer: readonly string[];
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

interface TableView {
  readonly id: string;
  readonly title: string;
  /** Names it among the tables of all sections. */
  readonly region: string;
  readonly about: string;
  readonly columns: readonly { readonly label: string; readonly definition: string; readonly align: string }[];
  readonly rows: readonly RowView[];
  /** Rows left out, "" when none are. */
  readonly more: string;
  readonly definitions: readonly { readonly label: string; readonly definition: string }[];
}

interface RowView {
  readonly cells: readonly CellView[];
  /** Of the newest record, `null` when no row of the table has one or `places` tells more. */
  readonly place: string | null;
  readonly places: readonly PlaceView[];
  /** Columns of the table: what is told below a row is as wide as it. */
  readonly span: number;
}

interface CellView {
  readonly text: string;
  readonly kind: string;
  readonly code: boolean;
  /** `copy`: a line to copy as it stands; `list`: flags to copy with their command; "": neither. */
  readonly copy: string;
  /** The number a column is sorted by, "" when the text does. */
  readonly sort: string;
}

interface PlaceView {
  readonly at: string;
  readonly time: string;
  readonly subject: string;
  readonly reason: string;
}

export function htmlView(report: Report): HtmlView {
  const overview = overviewOf(report);
  const drawn = new Set(overview.charts.map(({ id }) => id));
  return {
    title: `claude-permit report, ${spanOf(report)}`,
    heading: "What Claude Code was allowed to do",
    lead: spanOf(report),
    facts: factsOf(report),
    notes: report.completeness.notes.map(visible),
    list: visible(listCommand(report)),
    summary: proseView(report.summary),
    ...overview,
    sections: Object.entries(report.sections).map(([id, section]) => sectionView(id, section, report, drawn)),
    footer: [...headerLines(report).map(visible), redactionLine(report)],
  };
}

function sectionView(id: string, section: Section, report: Report, drawn: ReadonlySet<string>): SectionView {
  return {
    id,
    title: section.title,
    about: section.about,
    figures: Object.entries(section.figures).map(([name, figure]) => figureView(`${id}.${name}`, figure)),
    charts: chartViews(id, section).filter((chart) => !drawn.has(chart.id)),
    tables: Object.entries(section.tables)
      .filter(([, table]) => table.total_rows > 0)
      .map(([name, table]) => ({
        ...tableView(`${id}.${name}`, table, report),
        region: `${section.title}: ${table.title}`,
      })),
    notes: section.notes.map(visible),
  };
}

function tableView(id: string, table: Table, report: Report): Omit<TableView, "region"> {
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
        ...(lists ? [listCell(row)] : []),
      ],
      place: hasPlace ? visible(shortPlace(row.samples[0]?.at ?? "", report)) : null,
      places: table.explained ? placesOf(row, report) : [],
      span: shown.length,
    })),
    more: more > 0 ? plural(more, "more row") : "",
    definitions: shown.filter(({ definition }) => definition !== ""),
  };
}

/** Characters from which a cell is wrapped rather than kept on one line. */
const LONG = 44;

function cellView(value: Value, unit: Unit): CellView {
  const text = formatValue(value, unit);
  const isLong = (unit === "code" || unit === "text") && text.length > LONG;
  const isPasted = (unit === "command" || unit === "rule") && value !== null;
  return {
    text: unit === "rule" ? text.split(/\r?\n/).map(visible).join("\n") : visible(text),
    kind: isLong ? `${kindOf(unit)} long` : kindOf(unit),
    code: isCode(unit) && value !== null,
    copy: isPasted ? "copy" : "",
    sort: typeof value === "number" ? String(value) : "",
  };
}

function listCell(row: Row): CellView {
  const flags = listFlags(row);
  return { ...cellView(flags || null, LIST_FLAGS.unit), copy: flags === "" ? "" : "list" };
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
  return unit === "code" || unit === "command" || unit === "rule";
}

/** CSS class of a cell. */
function kindOf(unit: Unit): "number" | "time" | "code" | "command" | "prose" {
  if (unit === "command" || unit === "rule") return "command";
  if (isCode(unit)) return "code";
  if (unit === "time") return unit;
  return unit === "text" ? "prose" : "number";
}
