/** Two sessions or windows as one section of a Report, so that every format renders it: what differs, what is new, what is gone (US-15). */

import type { Key } from "../cubes/definitions.js";
import { type Cubes, count, rowsOf } from "../cubes/fold.js";
import type { CubeRow } from "../cubes/table.js";
import { buildReport, type ReportMeta } from "../report/build.js";
import { formatValue } from "../report/render/format.js";
import type { Report, Section, Table } from "../report/report.schema.js";
import { compareBytes, groupRows, plural, timeOf } from "../report/shape.js";
import { addRows } from "../sections/add-rows.js";
import { rowTable } from "../sections/build-table.js";
import { CALL_COLUMNS, code, DEFINITIONS, figure } from "../sections/decision-columns.js";
import type { SectionContext } from "../sections/section.js";
import { differenceTable } from "./difference-table.js";
import { differences, inWords, TEST_DEFINITION } from "./differences.js";

export interface Side {
  /** As typed: `last-1`, an id, `2026-11-01..2026-11-08`. */
  readonly name: string;
  readonly cubes: Cubes;
}

export function buildComparison(a: Side, b: Side, meta: ReportMeta): Report {
  const report = buildReport(bothSides(a.cubes, b.cubes), meta, [
    { id: "compare", build: (context) => comparisonSection(a, b, context) },
  ]);
  // Both sides were read separately: the account of their lines is the sum.
  const { quality: one } = a.cubes;
  const { quality: other } = b.cubes;
  const unusable = one.unusable + other.unusable;
  return {
    ...report,
    completeness: {
      ...report.completeness,
      complete: report.completeness.complete && unusable === 0,
      lines: one.lines + other.lines,
      records: one.records + other.records,
      unusable,
    },
  };
}

/** B's cubes under a header that spans both. */
function bothSides(a: Cubes, b: Cubes): Cubes {
  const least = (x: number | null, y: number | null) => (x === null || y === null ? (x ?? y) : Math.min(x, y));
  const most = (x: number | null, y: number | null) => (x === null || y === null ? (x ?? y) : Math.max(x, y));
  const since = least(a.window.since ?? null, b.window.since ?? null);
  const until = most(a.window.until ?? null, b.window.until ?? null);
  const isOpen = a.window.since === undefined || b.window.since === undefined;
  return {
    ...b,
    first: least(a.first, b.first),
    last: most(a.last, b.last),
    window: {
      ...(since === null || isOpen ? {} : { since }),
      ...(until === null || a.window.until === undefined || b.window.until === undefined ? {} : { until }),
    },
  };
}

function comparisonSection(a: Side, b: Side, context: SectionContext): Section {
  const all = differences(a.cubes, b.cubes);
  const calls = ({ cubes }: Side) => count(rowsOf(cubes, "totals")[0], "calls");
  const words = inWords(all, "A", "B");
  const isEmpty = calls(a) === 0 || calls(b) === 0;
  return {
    title: "Comparison",
    about: `A is ${nameOf(a, context)}; B is ${nameOf(b, context)}.`,
    figures: {
      calls_a: figure("decisions in A", calls(a), DEFINITIONS.calls),
      calls_b: figure("decisions in B", calls(b), DEFINITIONS.calls),
      different: figure(
        "differ by more than chance",
        all.filter((one) => one.isMoreThanChance).length,
        TEST_DEFINITION,
      ),
    },
    charts: {},
    tables: {
      differences: differenceTable(context, all, "What differs", "A", "B"),
      tools: sideTable(context, "Calls by tool", "tool", rowsOf(a.cubes, "tools"), rowsOf(b.cubes, "tools")),
      new_commands: onlyTable(context, "New commands, in B only", "command", a.cubes, b.cubes),
      gone_commands: onlyTable(context, "Gone commands, in A only", "command", b.cubes, a.cubes),
      denials: sideTable(context, "Blocked by rule", "rule", rowsOf(a.cubes, "denials"), rowsOf(b.cubes, "denials")),
    },
    notes: isEmpty
      ? [`Nothing was decided in ${calls(a) === 0 ? "A" : "B"}: there is nothing to compare.`]
      : [
          ...(words.length === 0 ? ["Nothing differs by more than chance."] : words),
          "Calls of one session are alike, so a difference by more than chance is a hint, not a proof.",
        ],
  };
}

function nameOf({ name, cubes }: Side, { zone }: SectionContext): string {
  const [first, last] = [timeOf(cubes.first, zone), timeOf(cubes.last, zone)];
  return `${name} (${first === null || last === null ? "no records" : `${formatValue(first, "time")} to ${formatValue(last, "time")}`})`;
}

function sideTable(
  context: SectionContext,
  title: string,
  key: Key,
  a: readonly CubeRow[],
  b: readonly CubeRow[],
): Table {
  const sums = (rows: readonly CubeRow[]) =>
    new Map([...groupRows(rows, key)].map(([name, same]) => [name, count(addRows(same), "calls")]));
  const [inA, inB] = [sums(a), sums(b)];
  const names = [...new Set([...inA.keys(), ...inB.keys()])];
  const most = (name: string) => Math.max(inA.get(name) ?? 0, inB.get(name) ?? 0);
  return rowTable(context, {
    title,
    about: "",
    columns: {
      name: code(key),
      a: { ...CALL_COLUMNS.calls, label: "A" },
      b: { ...CALL_COLUMNS.calls, label: "B" },
    },
    rows: names
      .toSorted((x, y) => most(y) - most(x) || compareBytes(x, y))
      .map((name) => ({
        cells: { name: name === "" ? null : name, a: inA.get(name) ?? 0, b: inB.get(name) ?? 0 },
        samples: [],
        filter: {},
      })),
  });
}

function onlyTable(context: SectionContext, title: string, key: "command", without: Cubes, having: Cubes): Table {
  const known = new Set(rowsOf(without, "commands").map((row) => row.keys[key] ?? ""));
  const rows = rowsOf(having, "commands").filter((row) => !known.has(row.keys[key] ?? ""));
  return rowTable(context, {
    title,
    about: plural(rows.length, key),
    columns: { name: code(key), calls: CALL_COLUMNS.calls },
    rows: rows
      .toSorted((x, y) => count(y, "calls") - count(x, "calls") || compareBytes(x.keys[key] ?? "", y.keys[key] ?? ""))
      .map((row) => ({ cells: { name: row.keys[key] ?? "", calls: count(row, "calls") }, samples: [], filter: {} })),
  });
}
