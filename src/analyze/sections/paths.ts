/** Calls by the paths they touch. */
import { rowsOf } from "../cubes/fold.js";
import { largestFirst } from "../report/shape.js";
import { buildTable } from "./build-table.js";
import { CALL_COLUMNS, callCells, code, figure, keyCell, LAST, whenCells } from "./decision-columns.js";
import type { SectionDefinition } from "./section.js";

export const paths: SectionDefinition = {
  id: "paths",
  comparesWindows: true,
  build(context) {
    const rows = largestFirst(rowsOf(context.cubes, "paths"), ["path"]);
    return {
      title: "Paths",
      about: "Calls by path as spelled, made absolute; the home folder is ~. Links and `..` are not resolved here.",
      figures: { paths: figure("paths", rows.length, "distinct paths named by a call") },
      charts: {},
      tables: {
        paths: buildTable(context, {
          title: "By path",
          about: "",
          columns: { path: code("path"), ...CALL_COLUMNS, last: LAST },
          rows,
          cells: (row) => ({
            path: keyCell(row.keys.path),
            ...callCells(row),
            last: whenCells(row, context.zone).last,
          }),
          filter: ({ keys }) => ({ path: keys.path ?? "" }),
          before: { cube: "paths", keys: ["path"] },
        }),
      },
      notes: [],
    };
  },
};
