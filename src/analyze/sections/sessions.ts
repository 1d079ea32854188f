/** One row a session: where, when, what was decided, how often someone was asked. Newest first. */
import { count, rowsOf } from "../cubes/fold.js";
import type { CubeRow } from "../cubes/table.js";
import { compareBytes, groupRows, largestFirst } from "../report/shape.js";
import { medianOf } from "../statistics.js";
import { addRows } from "./add-rows.js";
import { buildTable } from "./build-table.js";
import {
  CALL_COLUMNS,
  COVERED,
  callCells,
  code,
  covered,
  DEFINITIONS,
  figure,
  keyCell,
  whenCells,
} from "./decision-columns.js";
import type { SectionDefinition } from "./section.js";

export const sessions: SectionDefinition = {
  id: "sessions",
  build(context) {
    const { cubes, zone } = context;
    const parts = groupRows(rowsOf(cubes, "sessions"), "session");
    // A session can move between projects; it is listed under the one with most of its calls.
    const rows = [...parts.values()].map((same) => addRows(largestFirst(same, ["project"]))).toSorted(newestFirst);
    const prompts = new Map(
      rowsOf(cubes, "prompts_by_session").map((row) => [row.keys.session ?? "", count(row, "calls")]),
    );
    const isKnown = cubes.live > 0;
    const promptsOf = (row: CubeRow) => (isKnown ? (prompts.get(row.keys.session ?? "") ?? 0) : null);
    const median = medianOf(rows.map((row) => count(row, "calls")));
    return {
      title: "Sessions",
      about: "One row for each session with a decision, newest first.",
      figures: {
        sessions: figure("sessions", rows.length, "distinct sessions with a decision"),
        median_calls: figure(
          "decisions in a typical session",
          median === null ? null : Math.round(median),
          "median over sessions, rounded",
        ),
      },
      charts: {},
      tables: {
        sessions: buildTable(context, {
          title: "By session",
          about: "",
          columns: {
            session: code("session"),
            project: code("project", "the one with most of its calls", 1),
            first: { label: "start", unit: "time", definition: "first decision", priority: 2 },
            last: { label: "end", unit: "time", definition: "last decision", priority: 4 },
            ...CALL_COLUMNS,
            prompts: { label: "prompts", unit: "count", definition: DEFINITIONS.prompts, priority: 3 },
            covered: COVERED,
          },
          rows,
          cells: (row) => ({
            session: keyCell(row.keys.session),
            project: keyCell(row.keys.project),
            ...whenCells(row, zone),
            ...callCells(row),
            prompts: promptsOf(row),
            covered: covered(row),
          }),
          filter: (row) => ({ session: row.keys.session ?? "" }),
        }),
      },
      notes: [],
    };
  },
};

function newestFirst(a: CubeRow, b: CubeRow): number {
  return count(b, "last") - count(a, "last") || compareBytes(a.keys.session ?? "", b.keys.session ?? "");
}
