/** Calls that almost went another way: rules that failed by one condition, verdicts with little confidence (US-12). */
import { count, rowsOf } from "../cubes/fold.js";
import type { Row } from "../report/report.schema.js";
import { compareBytes, largestFirst, plural, samplesOf, total } from "../report/shape.js";
import { buildTable, rowTable } from "./build-table.js";
import { CALL_COLUMNS, code, DEFINITIONS, figure, keyCell } from "./decision-columns.js";
import type { MissedRule } from "./replay.js";
import type { SectionContext, SectionDefinition } from "./section.js";

export const nearMisses: SectionDefinition = {
  id: "near-misses",
  build(context) {
    const { cubes, replay } = context;
    const unsure = rowsOf(cubes, "unsure");
    const misses = (replay?.nearMisses ?? []).toSorted(
      (a, b) => b.calls - a.calls || compareBytes(a.rule, b.rule) || compareBytes(a.failed, b.failed),
    );
    return {
      title: "Near misses",
      about:
        "Deny and ask rules for the same tool and program that failed by exactly one condition, and unsure verdicts.",
      figures: {
        judged: figure("calls judged again", replay?.judged ?? null, "the newest distinct calls of the window"),
        skipped: figure("not judged", replay?.skipped ?? null, "of these, calls whose input or policy was not kept"),
        rules: figure(
          "rules nearly hit",
          replay === undefined ? null : new Set(misses.map(({ rule }) => rule)).size,
          "distinct deny and ask rules",
        ),
        unsure: figure("unsure verdicts", total(unsure), "verdicts with a confidence under 0.7"),
      },
      charts: {},
      tables: {
        rules: rowTable(context, {
          title: "Rules nearly hit",
          about: "Under the policy of that time where it was kept, else under the one in force.",
          columns: {
            rule: code("rule"),
            kind: code("kind", "", 1),
            failed: code("what kept it from applying"),
            calls: { ...CALL_COLUMNS.calls, definition: "distinct calls of the sample" },
            call: code("call", "the newest one", 2),
          },
          rows: misses.map((miss) => missRow(context, miss)),
        }),
        unsure: buildTable(context, {
          title: "Unsure verdicts",
          about: "",
          explained: true,
          columns: {
            llm: code("verdict"),
            tool: code("tool"),
            calls: CALL_COLUMNS.calls,
            rejected: { label: "refused", unit: "count", definition: `inferred: ${DEFINITIONS.rejected}`, priority: 1 },
            call: code("call", "the newest one", 1),
          },
          rows: largestFirst(unsure, ["llm", "tool"]),
          cells: (row) => ({
            llm: keyCell(row.keys.llm),
            tool: keyCell(row.keys.tool),
            calls: count(row, "calls"),
            rejected: count(row, "rejected"),
            call: keyCell(row.samples[0]?.subject),
          }),
          filter: (row) => ({ tool: row.keys.tool ?? "", score: row.keys.llm ?? "" }),
        }),
      },
      notes:
        replay === undefined
          ? ["No policy was given: no call was judged again."]
          : [`A sample: the newest ${plural(replay.judged, "distinct call")} judged again, not all of them.`],
    };
  },
};

function missRow({ zone }: SectionContext, { rule, kind, failed, calls, samples }: MissedRule): Row {
  return {
    cells: { rule, kind, failed, calls, call: keyCell(samples[0]?.subject) },
    samples: samplesOf({ keys: {}, values: {}, samples }, zone),
    filter: {},
  };
}
