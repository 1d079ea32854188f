/** Calls for which an alternative was proposed or taken, what ran in the end, and where something else ran than was allowed. */
import { count, rowsOf } from "../cubes/fold.js";
import { largestFirst, total } from "../report/shape.js";
import { buildTable } from "./build-table.js";
import {
  CALL_COLUMNS,
  code,
  DEFINITIONS,
  FAILED,
  failures,
  figure,
  keyCell,
  LAST,
  whenCells,
} from "./decision-columns.js";
import type { SectionDefinition } from "./section.js";

const RAN =
  "by the keyed hashes of the inputs: original, alternative or neither; other: not the original; no data: no outcome recorded";
const MISMATCH = "rerouted calls of which another input ran than the alternative";

export const reroutes: SectionDefinition = {
  id: "reroutes",
  build(context) {
    const rows = rowsOf(context.cubes, "reroutes");
    const having = (mode: string, ran?: string) =>
      total(rows.filter(({ keys }) => keys.reroute === mode && (ran === undefined || keys.ran === ran)));
    const mismatches = having("reroute", "original") + having("reroute", "neither");
    return {
      title: "Reroutes",
      about: "Alternatives that the model proposed and a rule of yours allows.",
      figures: {
        proposed: figure("calls with an alternative", total(rows), "records that carry a reroute, each call once"),
        rerouted: figure("rerouted", having("reroute"), "the alternative was run without asking"),
        kept: figure("original chosen", having("offer", "original"), "offered alternatives whose original ran"),
        mismatches: figure("mismatches", mismatches, MISMATCH),
      },
      charts: {},
      tables: {
        reroutes: buildTable(context, {
          title: "By mode and tool",
          about: "Call and alternative are those of the newest one.",
          explained: true,
          columns: {
            mode: code("mode", "offer, ask, suggest or reroute"),
            tool: code("tool"),
            ran: code("what ran", RAN, 1),
            calls: CALL_COLUMNS.calls,
            failed: FAILED,
            rejected: { label: "refused", unit: "count", definition: `inferred: ${DEFINITIONS.rejected}`, priority: 3 },
            call: code("call", "as Claude wanted it", 1),
            alternative: code("alternative", "as proposed", 1),
            last: LAST,
          },
          rows: largestFirst(rows, ["reroute", "tool", "ran"]),
          cells: (row) => ({
            mode: keyCell(row.keys.reroute),
            tool: keyCell(row.keys.tool),
            ran: keyCell(row.keys.ran),
            calls: count(row, "calls"),
            failed: failures(row),
            rejected: count(row, "rejected"),
            call: keyCell(row.samples[0]?.subject),
            alternative: keyCell(row.samples[0]?.alternative),
            last: whenCells(row, context.zone).last,
          }),
          filter: (row) => ({ tool: row.keys.tool ?? "", tier: row.keys.reroute === "reroute" ? "reroute" : "llm" }),
        }),
      },
      notes: [
        ...(mismatches > 0 ? ["reroute_mismatch: another input ran than the one that was allowed."] : []),
        ...(rows.length === 0
          ? ["No record carries an alternative: the model was not asked, or proposed none that a rule allows."]
          : []),
      ],
    };
  },
};
