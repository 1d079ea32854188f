/** Calls by project. */
import { rowsOf } from "../cubes/fold.js";
import { groupRows, largestFirst } from "../report/shape.js";
import { buildTable } from "./build-table.js";
import { largestBars } from "./decision-charts.js";
import {
  CALL_COLUMNS,
  COVERED,
  callCells,
  code,
  covered,
  FIRST,
  figure,
  keyCell,
  LAST,
  whenCells,
} from "./decision-columns.js";
import type { SectionDefinition } from "./section.js";

export const projects: SectionDefinition = {
  id: "projects",
  comparesWindows: true,
  build(context) {
    const { cubes, zone } = context;
    const rows = largestFirst(rowsOf(cubes, "projects"), ["project"]);
    const sessions = groupRows(rowsOf(cubes, "sessions"), "project");
    return {
      title: "Projects",
      about: "Calls by the root of the project they were made in (the working folder where no root was recorded).",
      figures: {
        projects: figure(
          "projects",
          rows.filter((row) => row.keys.project !== "").length,
          "distinct projects with a decision",
        ),
      },
      charts: { calls: largestBars("Decisions by project", rows, "project") },
      tables: {
        projects: buildTable(context, {
          title: "By project",
          about: "",
          columns: {
            project: code("project"),
            sessions: { label: "sessions", unit: "count", definition: "sessions with a decision here", priority: 2 },
            ...CALL_COLUMNS,
            covered: COVERED,
            first: FIRST,
            last: LAST,
          },
          rows,
          cells: (row) => ({
            project: keyCell(row.keys.project),
            sessions: sessions.get(row.keys.project ?? "")?.length ?? 0,
            ...callCells(row),
            covered: covered(row),
            ...whenCells(row, zone),
          }),
          filter: (row) => ({ project: row.keys.project ?? "" }),
          before: { cube: "projects", keys: ["project"] },
        }),
      },
      notes: [],
    };
  },
};
