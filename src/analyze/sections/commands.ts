/** Calls by normalised command (`git push`), each command of a compound call counted once. */
import { rowsOf } from "../cubes/fold.js";
import { largestFirst } from "../report/shape.js";
import { buildTable } from "./build-table.js";
import {
  CALL_COLUMNS,
  COVERED,
  callCells,
  code,
  covered,
  FAILED,
  failures,
  figure,
  keyCell,
  LAST,
  whenCells,
} from "./decision-columns.js";
import type { SectionDefinition } from "./section.js";

export const commands: SectionDefinition = {
  id: "commands",
  comparesWindows: true,
  build(context) {
    const rows = largestFirst(rowsOf(context.cubes, "commands"), ["command"]);
    return {
      title: "Commands",
      about: "Calls by the commands they hold. A decision is about the whole call, so a harmless part shares it.",
      figures: { commands: figure("commands", rows.length, "distinct normalised commands") },
      charts: {},
      tables: {
        commands: buildTable(context, {
          title: "By command",
          about: "",
          columns: { command: code("command"), ...CALL_COLUMNS, covered: COVERED, failed: FAILED, last: LAST },
          rows,
          cells: (row) => ({
            command: keyCell(row.keys.command),
            ...callCells(row),
            covered: covered(row),
            failed: failures(row),
            last: whenCells(row, context.zone).last,
          }),
          filter: ({ keys }) => ({ command: keys.command ?? "" }),
          before: { cube: "commands", keys: ["command"] },
        }),
      },
      notes: [],
    };
  },
};
