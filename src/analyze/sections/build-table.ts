/** Cube rows -> a table of the report: in order, cut to the limit, each row with its places and the filter that lists its records. */
import type { CubeName, Key } from "../cubes/definitions.js";
import { count, rowsOf } from "../cubes/fold.js";
import type { CubeRow } from "../cubes/table.js";
import type { Column, Row, Table, Value } from "../report/report.schema.js";
import { samplesOf } from "../report/shape.js";
import type { SectionContext } from "./section.js";

export interface TableParts {
  readonly title: string;
  readonly about: string;
  readonly columns: Readonly<Record<string, Column>>;
  /** In their final order. */
  readonly rows: readonly CubeRow[];
  cells(row: CubeRow): Readonly<Record<string, Value>>;
  filter?(row: CubeRow): Readonly<Record<string, string>>;
  readonly explained?: boolean;
  /** Rows are the same thing in the window before when these keys are equal: a table of a cube then shows both counts. */
  readonly before?: { readonly cube: CubeName; readonly keys: readonly Key[] };
}

export interface RowTableParts {
  readonly title: string;
  readonly about: string;
  readonly columns: Readonly<Record<string, Column>>;
  /** All of them, in their final order. */
  readonly rows: readonly Row[];
}

/** A table whose rows are no cells of a cube. */
export function rowTable({ limit }: SectionContext, { title, about, columns, rows }: RowTableParts): Table {
  const shown = rows.slice(0, limit);
  return { title, about, columns: { ...columns }, explained: false, total_rows: rows.length, rows: [...shown] };
}

export function buildTable(context: SectionContext, parts: TableParts): Table {
  const { title, about, rows } = parts;
  const before = callsBefore(context, parts);
  const columns = before === null ? parts.columns : withBefore(parts.columns);
  return {
    title,
    about,
    columns: { ...columns },
    explained: parts.explained ?? false,
    total_rows: rows.length,
    rows: rows.slice(0, context.limit).map(
      (row): Row => ({
        cells: { ...parts.cells(row), ...(before === null ? {} : { before: before(row) }) },
        samples: samplesOf(row, context.zone),
        filter: { ...parts.filter?.(row) },
      }),
    ),
  };
}

const BEFORE: Column = {
  label: "before",
  unit: "count",
  definition: "calls in the window of the same length before",
  priority: 2,
};

/** Calls of the same thing in the window before; `null` when there is nothing to compare with. */
function callsBefore({ previous }: SectionContext, { before }: TableParts): ((row: CubeRow) => number) | null {
  if (before === undefined || previous === undefined || count(rowsOf(previous, "totals")[0], "calls") === 0)
    return null;
  const keyOf = ({ keys }: CubeRow) => before.keys.map((key) => keys[key] ?? "").join("\0");
  const calls = new Map<string, number>();
  for (const row of rowsOf(previous, before.cube)) {
    calls.set(keyOf(row), (calls.get(keyOf(row)) ?? 0) + count(row, "calls"));
  }
  return (row) => calls.get(keyOf(row)) ?? 0;
}

/** Beside the count it belongs to. */
function withBefore(columns: TableParts["columns"]): TableParts["columns"] {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([id, column]) =>
      id === "calls"
        ? [
            [id, column],
            ["before", BEFORE],
          ]
        : [[id, column]],
    ),
  );
}
