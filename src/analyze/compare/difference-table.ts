/** Differences as a table of the report: counts, figures, the probability and what it says. */
import { formatValue } from "../report/render/format.js";
import type { Column, Row, Table } from "../report/report.schema.js";
import { rowTable } from "../sections/build-table.js";
import type { SectionContext } from "../sections/section.js";
import { type Difference, TEST_DEFINITION } from "./differences.js";

/** The differences as a table; every unit has its own pair of columns, so that a number keeps its meaning. */
export function differenceTable(
  context: SectionContext,
  all: readonly Difference[],
  title: string,
  nameA: string,
  nameB: string,
): Table {
  const column = (label: string, definition: string, priority = 0): Column => ({
    label,
    unit: "code",
    definition,
    priority,
  });
  const number = (label: string): Column => ({ label, unit: "count", definition: "calls", priority: 2 });
  return rowTable(context, {
    title,
    about: "",
    columns: {
      what: column("what", "shares of the decisions; medians of times"),
      count_a: number(`calls ${nameA}`),
      count_b: number(`calls ${nameB}`),
      a: column(nameA, ""),
      b: column(nameB, ""),
      p: column("p", TEST_DEFINITION, 1),
      verdict: { label: "more than chance", unit: "text", definition: TEST_DEFINITION, priority: 0 },
    },
    rows: all.map(
      (one): Row => ({
        cells: {
          what: one.label,
          count_a: one.countA,
          count_b: one.countB,
          a: one.a === null ? null : formatValue(one.a, one.unit),
          b: one.b === null ? null : formatValue(one.b, one.unit),
          p: one.p === null ? null : one.p < 0.001 ? "<0.001" : one.p.toFixed(3),
          verdict: one.p === null ? null : one.isMoreThanChance ? "yes" : "no",
        },
        samples: [],
        filter: {},
      }),
    ),
  });
}
