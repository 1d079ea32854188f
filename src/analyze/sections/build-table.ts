/** Cube rows -> a table of the report: in order, cut to the limit, each row with its places and the filter that lists its records. */
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
  const { title, about, columns, rows } = parts;
  return {
    title,
    about,
    columns: { ...columns },
    explained: parts.explained ?? false,
    total_rows: rows.length,
    rows: rows.slice(0, context.limit).map(
      (row): Row => ({
        cells: { ...parts.cells(row) },
        samples: samplesOf(row, context.zone),
        filter: { ...parts.filter?.(row) },
      }),
    ),
  };
}
