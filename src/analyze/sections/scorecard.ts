/** How many calls were approved, asked about, blocked; who decided; what it spared and what it cost. */
import { differenceTable } from "../compare/difference-table.js";
import { type Difference, differences, inWords } from "../compare/differences.js";
import { type Cubes, count, rowsOf } from "../cubes/fold.js";
import { keyText } from "../cubes/kept-row.js";
import type { CubeRow } from "../cubes/table.js";
import { compareBytes, largestFirst, percentileOf, share, total } from "../report/shape.js";
import { buildTable } from "./build-table.js";
import { daySparks, decisionShares, decisionsByDay } from "./decision-charts.js";
import {
  CALL_COLUMNS,
  COVERED,
  callCells,
  code,
  covered,
  DEFINITIONS,
  dayFilter,
  figure,
  keyCell,
  refusedByUser,
} from "./decision-columns.js";
import { percentilesChart } from "./latency-charts.js";
import type { SectionContext, SectionDefinition } from "./section.js";

export const scorecard: SectionDefinition = {
  id: "scorecard",
  comparesWindows: true,
  build(context) {
    const { cubes, previous } = context;
    const now = previous === undefined ? null : differences(previous, cubes);
    const all = rowsOf(cubes, "totals")[0];
    const calls = count(all, "calls");
    const ran = count(all, "succeeded") + count(all, "failed");
    const hookTime = rowsOf(cubes, "hook_time");
    const distinct = (key: "session" | "project") =>
      new Set(
        rowsOf(cubes, "sessions")
          .map((row) => keyText(row, key))
          .filter((text) => text !== ""),
      ).size;
    const known = (value: number, isKnown: boolean) => (isKnown ? value : null);
    const hook = (p: number) =>
      figure(`hook time p${p}`, percentileOf(hookTime, "hook_us_bucket", p), HOOK_TIME, { unit: "us" });
    return {
      title: "Scorecard",
      about: "What was decided in this window, and by whom.",
      figures: {
        calls: figure("decisions", calls, DEFINITIONS.calls),
        approved: figure("approved", count(all, "approved"), DEFINITIONS.approved),
        asked: figure("asked", count(all, "asked"), DEFINITIONS.asked),
        blocked: figure("blocked", count(all, "blocked"), DEFINITIONS.blocked),
        left_alone: figure("left alone", count(all, "left_alone"), DEFINITIONS.left_alone),
        unsafe: figure("unsafe", count(all, "unsafe"), DEFINITIONS.unsafe),
        covered: figure("decided by rules", share(count(all, "by_rule"), calls), DEFINITIONS.covered, {
          unit: "share",
        }),
        prompts: figure("prompts", known(total(rowsOf(cubes, "prompts")), cubes.live > 0), DEFINITIONS.prompts),
        prompts_saved: figure("prompts saved", known(count(all, "saved"), cubes.live > 0), DEFINITIONS.saved, {
          basis: "estimated",
        }),
        rejected: refusedByUser(cubes),
        succeeded: figure("succeeded", known(count(all, "succeeded"), ran > 0), DEFINITIONS.succeeded),
        failed: figure("failed", known(count(all, "failed"), ran > 0), DEFINITIONS.failed),
        sessions: figure("sessions", distinct("session"), "distinct sessions with a decision"),
        projects: figure("projects", distinct("project"), "distinct projects with a decision"),
        hook_p50: hook(50),
        hook_p95: hook(95),
        hook_p99: hook(99),
      },
      charts: {
        decisions: decisionShares(all),
        days: decisionsByDay(rowsOf(cubes, "days")),
        ...daySparks(rowsOf(cubes, "days")),
        hook_time: percentilesChart({
          title: "Hook time by who decided",
          unit: "us",
          bucket: "hook_us_bucket",
          rows: hookTime,
          by: "source",
        }),
      },
      tables: {
        by_decider: byDecider(context, calls),
        by_mode: byKey(context, "modes", "mode", "By permission mode"),
        by_effect: byKey(context, "effects", "effect", "By effect"),
        by_day: byDay(context),
        ...(previous === undefined || now === null
          ? {}
          : { previous: differenceTable(context, now, "Against before", "before", "now") }),
      },
      notes: [
        ...(cubes.live > 0 ? [] : ["No record of the hook itself in this window: prompts are not known."]),
        ...beforeNotes(previous, now),
      ],
    };
  },
};

function beforeNotes(previous: Cubes | undefined, found: readonly Difference[] | null): string[] {
  if (previous === undefined || found === null) return [];
  const calls = count(rowsOf(previous, "totals")[0], "calls");
  if (calls === 0) return ["Nothing was decided in the window of the same length before: there is nothing to compare."];
  const words = inWords(found, "the window before", "this one");
  return words.length > 0 ? words : ["Nothing differs from the window of the same length before by more than chance."];
}

const HOOK_TIME = "from reading the event to the answer, the model's time not included; nearest rank, to 1/64";

function inOrder(days: readonly CubeRow[]): CubeRow[] {
  return days.toSorted((a, b) => compareBytes(a.keys.day ?? "", b.keys.day ?? ""));
}

function byDecider(context: SectionContext, calls: number) {
  return buildTable(context, {
    title: "Who decided",
    about: "By decision and tier.",
    columns: {
      decision: code("decision"),
      tier: code("tier", "who gave the decision"),
      source: code("source", "rule, llm, claude, user or none", 2),
      calls: CALL_COLUMNS.calls,
      share: { label: "share", unit: "share", definition: "of all decisions", priority: 1 },
    },
    rows: largestFirst(rowsOf(context.cubes, "deciders"), ["decision", "tier", "source"]),
    cells: (row) => ({
      decision: keyCell(row.keys.decision),
      tier: keyCell(row.keys.tier),
      source: keyCell(row.keys.source),
      calls: count(row, "calls"),
      share: share(count(row, "calls"), calls),
    }),
    filter: (row) => ({ decision: row.keys.decision ?? "", tier: row.keys.tier ?? "" }),
    before: { cube: "deciders", keys: ["decision", "tier", "source"] },
  });
}

function byKey(context: SectionContext, cube: "modes" | "effects", key: "mode" | "effect", title: string) {
  return buildTable(context, {
    title,
    about: "",
    columns: { [key]: code(key), ...CALL_COLUMNS, covered: COVERED },
    rows: largestFirst(rowsOf(context.cubes, cube), [key]),
    cells: (row) => ({ [key]: keyCell(row.keys[key]), ...callCells(row), covered: covered(row) }),
    filter: (row) => ({ [key]: row.keys[key] ?? "" }),
    before: { cube, keys: [key] },
  });
}

function byDay(context: SectionContext) {
  const prompts = new Map(
    rowsOf(context.cubes, "prompts_by_day").map((row) => [row.keys.day ?? "", count(row, "calls")]),
  );
  const isKnown = context.cubes.live > 0;
  return buildTable(context, {
    title: "By day",
    about: "Local days of the report's zone.",
    columns: {
      day: code("day"),
      ...CALL_COLUMNS,
      prompts: { label: "prompts", unit: "count", definition: DEFINITIONS.prompts, priority: 3 },
      saved: { label: "saved", unit: "count", definition: `estimate: ${DEFINITIONS.saved}`, priority: 4 },
    },
    rows: inOrder(rowsOf(context.cubes, "days")).reverse(),
    cells: (row) => ({
      day: keyCell(row.keys.day),
      ...callCells(row),
      prompts: isKnown ? (prompts.get(row.keys.day ?? "") ?? 0) : null,
      saved: isKnown ? count(row, "saved") : null,
    }),
    filter: ({ keys }) => dayFilter(keys.day, context.zone),
  });
}
