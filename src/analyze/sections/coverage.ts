/** Who decided: rules, a model, Claude Code, a person, nobody; by tool, project and day; and what is possible at all. */

import type { Possible } from "../coverage/possible.js";
import { count, rowsOf } from "../cubes/fold.js";
import type { CubeRow } from "../cubes/table.js";
import type { Chart, Column, Row } from "../report/report.schema.js";
import { compareBytes, groupRows, largestFirst, share, total } from "../report/shape.js";
import { rowTable } from "./build-table.js";
import { CALL_COLUMNS, code, DEFINITIONS, figure, keyCell } from "./decision-columns.js";
import type { SectionContext, SectionDefinition } from "./section.js";

const SOURCES = [
  { source: "rule", label: "by rules", tone: "good", definition: DEFINITIONS.covered },
  { source: "llm", label: "by a model", tone: "notice", definition: "share decided by the model's verdict" },
  {
    source: "claude",
    label: "by Claude Code",
    tone: "quiet",
    definition: "share decided by its rules, mode or classifier",
  },
  { source: "user", label: "by a person", tone: "alarm", definition: "share a person answered (imported calls tell)" },
  {
    source: "none",
    label: "by nobody",
    tone: "bad",
    definition: "share left alone without a rule, or let through by error",
  },
] as const;

export const coverage: SectionDefinition = {
  id: "coverage",
  build(context) {
    const { cubes, possible } = context;
    const deciders = rowsOf(cubes, "deciders");
    const all = total(deciders);
    const shares = SOURCES.map(({ source, label, definition }) => {
      const own = total(deciders.filter(({ keys }) => keys.source === source));
      return [`by_${source}`, figure(label, share(own, all), definition, { unit: "share" })] as const;
    });
    const days = [...groupRows(rowsOf(cubes, "sources_by_day"), "day")].toSorted(([a], [b]) => compareBytes(a, b));
    return {
      title: "Coverage",
      about: "Who decided the calls, and what ordinary commands would be answered under the policy in force.",
      figures: {
        calls: figure("calls", all, DEFINITIONS.calls),
        ...Object.fromEntries(shares),
        ...possibleFigures(possible),
      },
      charts: days.length > 1 ? { days: dayChart(days) } : {},
      tables: {
        tools: sourceTable(context, "tool", rowsOf(cubes, "sources_by_tool")),
        projects: sourceTable(context, "project", rowsOf(cubes, "sources_by_project")),
        days: sourceTable(context, "day", rowsOf(cubes, "sources_by_day")),
        ...(possible === undefined ? {} : { possible: possibleTable(context, possible) }),
      },
      notes:
        possible === undefined
          ? ["No policy was given: what is possible is not known."]
          : ["Ordinary commands: tldr-pages contributors, CC BY 4.0."],
    };
  },
};

function dayChart(days: readonly (readonly [string, readonly CubeRow[]])[]): Chart {
  return {
    kind: "stacked",
    title: "Who decided, by day",
    unit: "count",
    series: SOURCES.map(({ label, tone }) => ({ label, tone })),
    points: days.map(([label, rows]) => ({ label, values: SOURCES.map(({ source }) => of(rows, source)) })),
  };
}

function sourceTable(context: SectionContext, key: "tool" | "project" | "day", rows: readonly CubeRow[]) {
  const groups = [...groupRows(largestFirst(rows, [key]), key)];
  const sorted =
    key === "day"
      ? groups.toSorted(([a], [b]) => compareBytes(b, a))
      : groups.toSorted(([a, m], [b, n]) => total(n) - total(m) || compareBytes(a, b));
  const columns = Object.fromEntries(
    SOURCES.map(({ source, label, definition }): [string, Column] => [
      source,
      { label, unit: "share", definition, priority: source === "rule" || source === "none" ? 0 : 2 },
    ]),
  );
  return rowTable(context, {
    title: key === "day" ? "Over time" : `By ${key}`,
    about: "",
    columns: { [key]: code(key), calls: CALL_COLUMNS.calls, ...columns },
    rows: sorted.map(([name, own]): Row => {
      const all = total(own);
      const cells = SOURCES.map(({ source }) => [source, share(of(own, source), all)] as const);
      return {
        cells: { [key]: keyCell(name), calls: all, ...Object.fromEntries(cells) },
        samples: [],
        filter: key === "day" || name === "" ? {} : { [key]: name },
      };
    }),
  });
}

function of(rows: readonly CubeRow[], source: string): number {
  return rows.reduce((sum, row) => sum + (row.keys.source === source ? count(row, "calls") : 0), 0);
}

const POSSIBLE = [
  { field: "allowed", label: "allowed", definition: "an allow rule covers every part" },
  { field: "asked", label: "asked", definition: "a rule asks, or cannot tell" },
  { field: "denied", label: "denied", definition: "a deny rule applies" },
  { field: "left", label: "left alone", definition: "a passthrough rule leaves it to Claude Code" },
  { field: "open", label: "unknown", definition: "no rule decides" },
] as const;

function possibleFigures(possible: readonly Possible[] | undefined) {
  const sum = (field: "commands" | (typeof POSSIBLE)[number]["field"]) =>
    possible === undefined ? null : possible.reduce((all, one) => all + one[field], 0);
  const of = POSSIBLE.map(({ field, label, definition }) => [
    `possible_${field}`,
    figure(`ordinary, ${label}`, sum(field), definition),
  ]);
  return {
    possible: figure("ordinary commands", sum("commands"), "examples from the tldr pages, judged as plain calls"),
    ...Object.fromEntries(of),
  };
}

function possibleTable(context: SectionContext, possible: readonly Possible[]) {
  const counted = ({ label, definition }: { readonly label: string; readonly definition: string }): Column => ({
    label,
    unit: "count",
    definition,
    priority: 1,
  });
  const sorted = possible.toSorted(
    (a, b) => b.open - a.open || b.commands - a.commands || compareBytes(a.program, b.program),
  );
  return rowTable(context, {
    title: "What is possible",
    about: "Ordinary commands by program; the most that no rule decides first.",
    columns: {
      program: code("program"),
      commands: { ...counted({ label: "commands", definition: "examples judged" }), priority: 0 },
      ...Object.fromEntries(POSSIBLE.map((one) => [one.field, counted(one)])),
      example: code("example", "the first that no rule decides", 2),
    },
    rows: sorted.map(
      ({ example, ...counts }): Row => ({ cells: { ...counts, example: keyCell(example) }, samples: [], filter: {} }),
    ),
  });
}
