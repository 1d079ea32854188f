/**
 * What is out of the ordinary, each with its threshold and its evidence: calls left alone, bursts of denials, programs and
 * domains never seen before, calls let through after an error, slow days, unusual hours (US-9). Robust measures only.
 */
import { DEFAULT_SETTINGS } from "../../core/policy/settings.js";
import { type Cubes, count, rowsOf } from "../cubes/fold.js";
import type { CubeRow } from "../cubes/table.js";
import type { Column, Row, Section, Table } from "../report/report.schema.js";
import { compareBytes, groupRows, largestFirst, percentileOf, plural, share, total } from "../report/shape.js";
import { highThreshold } from "../statistics.js";
import { addRows } from "./add-rows.js";
import { buildTable } from "./build-table.js";
import { callsByDay } from "./days.js";
import {
  CALL_COLUMNS,
  callCells,
  code,
  DEFINITIONS,
  dayFilter,
  FIRST,
  figure,
  hourFilter,
  keyCell,
  LAST,
  whenCells,
} from "./decision-columns.js";
import type { SectionContext, SectionDefinition } from "./section.js";

/** How many robust deviations above the median are out of the ordinary. */
const DEVIATIONS = 5;
const BURST_LEAST = 5;
const LEAST_DAYS = 7;
const SLOW_LEAST_US = 2_000;
const SLOW_LEAST_MS = 1_000;
const RARE_HOUR = 0.1;
const DAY_MS = 86_400_000;

export const anomalies: SectionDefinition = {
  id: "anomalies",
  comparesWindows: true,
  build(context) {
    const { cubes, policy } = context;
    const alerts = (policy?.settings ?? DEFAULT_SETTINGS).alerts;
    const all = rowsOf(cubes, "totals")[0];
    const calls = count(all, "calls");
    const leftAlone = share(count(all, "left_alone"), calls);
    const isHigh = leftAlone !== null && calls >= alerts.minCalls && leftAlone > alerts.passthroughShare;
    const bursts = findBursts(cubes);
    const programs = firstSeen(context, programRows(cubes), programRows(context.previous), "command");
    const domains = firstSeen(context, rowsOf(cubes, "domains"), domainRows(context.previous), "domain");
    const hook = slowDays(cubes, "hook_time_by_day", "hook_us_bucket", SLOW_LEAST_US);
    const model = slowDays(cubes, "llm_time", "llm_ms_bucket", SLOW_LEAST_MS);
    const hours = unusualHours(cubes);
    const unsafe = rowsOf(cubes, "unsafe");
    return {
      title: "Anomalies",
      about: "What is out of the ordinary. Each finding names the threshold it crossed; none of them proves harm.",
      figures: {
        left_alone: figure(
          "left alone",
          leftAlone,
          `share of calls; alert above ${alerts.passthroughShare * 100} % of at least ${alerts.minCalls}`,
          { unit: "share" },
        ),
        unsafe: figure("unsafe", total(unsafe), DEFINITIONS.unsafe),
        bursts: figure("denial bursts", bursts?.rows.length ?? null, BURST),
        new_programs: figure("new programs", programs?.length ?? null, NEW),
        new_domains: figure("new domains", domains?.length ?? null, NEW),
        slow_hook_days: figure("slow days of the hook", hook?.rows.length ?? null, SLOW),
        slow_model_days: figure("slow days of the model", model?.rows.length ?? null, SLOW),
        unusual_hours: figure("unusual hours", hours?.length ?? null, HOURS),
      },
      charts: {},
      tables: {
        unsafe: unsafeTable(context, unsafe),
        bursts: hourTable(context, {
          title: "Denial bursts",
          about: bursts === null ? "" : above(bursts.threshold, "blocked calls"),
          rows: bursts?.rows ?? [],
          more: { decision: "deny" },
        }),
        new_programs: newTable(context, "New programs", "command", programs ?? []),
        new_domains: newTable(context, "New domains", "domain", domains ?? []),
        slow_hook_days: slowTable(context, "Slow days of the hook", "us", hook),
        slow_model_days: slowTable(context, "Slow days of the model", "ms", model),
        unusual_hours: hourTable(context, { title: "Unusual hours", about: HOURS, rows: hours ?? [] }),
      },
      notes: notes(isHigh, context),
    };
  },
};

const BURST = `hours with more blocked calls than the median hour with one by ${DEVIATIONS} robust deviations, and by at least ${BURST_LEAST}`;
const NEW = "seen in this window and not before; no data: nothing to compare with";
const SLOW = `days whose p95 is above the median day's by ${DEVIATIONS} robust deviations; at least ${LEAST_DAYS} days`;
const HOURS = `hours of the day in which calls are made on at most ${RARE_HOUR * 100} % of the days; at least ${LEAST_DAYS} days`;

function notes(isHigh: boolean, { cubes, previous }: SectionContext): Section["notes"] {
  return [
    ...(isHigh ? ["More calls are left alone than [settings.alerts] passthrough_share allows."] : []),
    ...(previous === undefined && span(cubes) >= LEAST_DAYS * DAY_MS
      ? ["New programs and domains: first seen in the last day of this window; the days before it are the comparison."]
      : []),
  ];
}

function above(threshold: number, what: string): string {
  return `More than ${Math.round(threshold * 10) / 10} ${what} in an hour.`;
}

function span({ first, last }: Cubes): number {
  return first === null || last === null ? 0 : last - first;
}

interface Found {
  readonly rows: readonly CubeRow[];
  readonly threshold: number;
}

function findBursts(cubes: Cubes): Found | null {
  const hours = rowsOf(cubes, "blocked_hours");
  const found = highThreshold(
    hours.map((row) => count(row, "calls")),
    DEVIATIONS,
    BURST_LEAST,
  );
  if (found === null) return null;
  return { threshold: found.threshold, rows: hours.filter((row) => count(row, "calls") > found.threshold) };
}

/** Commands folded to their program, `git` of `git push`. */
function programRows(cubes: Cubes | undefined): readonly CubeRow[] {
  if (cubes === undefined) return [];
  const named = rowsOf(cubes, "commands").map(({ keys, values, samples }) => ({
    keys: { ...keys, command: (keys.command ?? "").split(" ")[0] ?? "" },
    values,
    samples,
  }));
  return [...groupRows(named, "command").values()].map((rows) => addRows(rows));
}

function domainRows(cubes: Cubes | undefined): readonly CubeRow[] {
  return cubes === undefined ? [] : rowsOf(cubes, "domains");
}

/** New against the earlier window; without one, new in the last day of a window of a week or more. */
function firstSeen(
  { cubes, previous }: SectionContext,
  rows: readonly CubeRow[],
  before: readonly CubeRow[],
  key: "command" | "domain",
): readonly CubeRow[] | null {
  if (previous !== undefined) {
    if (count(rowsOf(previous, "totals")[0], "calls") === 0) return null;
    const known = new Set(before.map((row) => row.keys[key] ?? ""));
    return rows.filter((row) => !known.has(row.keys[key] ?? ""));
  }
  if (cubes.last === null || span(cubes) < LEAST_DAYS * DAY_MS) return null;
  const edge = cubes.last - DAY_MS;
  return rows.filter((row) => count(row, "first") > edge);
}

interface SlowDays extends Found {
  readonly p95: ReadonlyMap<string, number>;
}

function slowDays(
  cubes: Cubes,
  cube: "hook_time_by_day" | "llm_time",
  bucket: "hook_us_bucket" | "llm_ms_bucket",
  least: number,
): SlowDays | null {
  const days = groupRows(rowsOf(cubes, cube), "day");
  const p95 = new Map([...days].map(([day, rows]) => [day, percentileOf(rows, bucket, 95) ?? 0]));
  const found = p95.size < LEAST_DAYS ? null : highThreshold([...p95.values()], DEVIATIONS, least);
  if (found === null) return null;
  const slow = [...days].filter(([day]) => (p95.get(day) ?? 0) > found.threshold);
  return { p95, threshold: found.threshold, rows: slow.map(([, rows]) => addRows(rows)) };
}

function unusualHours(cubes: Cubes): readonly CubeRow[] | null {
  const hours = rowsOf(cubes, "hours");
  const days = callsByDay(hours).size;
  if (days < LEAST_DAYS) return null;
  const daysOf = new Map([...groupRows(hours, "hour")].map(([hour, rows]) => [hour, rows.length]));
  return hours.filter((row) => (daysOf.get(row.keys.hour ?? "") ?? 0) / days <= RARE_HOUR);
}

function hourTable(
  context: SectionContext,
  {
    title,
    about,
    rows,
    more = {},
  }: Pick<Table, "title" | "about"> & { rows: readonly CubeRow[]; more?: Row["filter"] },
): Table {
  return buildTable(context, {
    title,
    about,
    columns: {
      day: code("day"),
      hour: code("hour", "local hour it begins with"),
      calls: CALL_COLUMNS.calls,
      call: code("call", "the newest one", 1),
    },
    rows: largestFirst(rows, ["day", "hour"]),
    cells: (row) => ({
      day: keyCell(row.keys.day),
      hour: keyCell(row.keys.hour),
      calls: count(row, "calls"),
      call: keyCell(row.samples[0]?.subject),
    }),
    filter: ({ keys }) => ({ ...hourFilter(keys.day, keys.hour, context.zone), ...more }),
  });
}

function newTable(context: SectionContext, title: string, key: "command" | "domain", rows: readonly CubeRow[]): Table {
  return buildTable(context, {
    title,
    about: "",
    columns: {
      name: code(key === "command" ? "program" : "domain"),
      ...CALL_COLUMNS,
      first: { ...FIRST, priority: 1 },
    },
    rows: largestFirst(rows, [key]),
    cells: (row) => ({ name: keyCell(row.keys[key]), ...callCells(row), first: whenCells(row, context.zone).first }),
    filter: ({ keys }): Record<string, string> => (key === "command" ? { program: keys.command ?? "" } : {}),
  });
}

function slowTable(context: SectionContext, title: string, unit: "us" | "ms", found: SlowDays | null): Table {
  const time = (label: string, definition: string): Column => ({ label, unit, definition, priority: 0 });
  return buildTable(context, {
    title,
    about: "",
    columns: {
      day: code("day"),
      p95: time("p95", "nearest rank, to 1/64"),
      threshold: time("threshold", SLOW),
      calls: CALL_COLUMNS.calls,
    },
    rows: (found?.rows ?? []).toSorted((a, b) => compareBytes(b.keys.day ?? "", a.keys.day ?? "")),
    cells: (row) => ({
      day: keyCell(row.keys.day),
      p95: found?.p95.get(row.keys.day ?? "") ?? null,
      threshold: Math.round(found?.threshold ?? 0),
      calls: count(row, "calls"),
    }),
    filter: ({ keys }) => dayFilter(keys.day, context.zone),
  });
}

function unsafeTable(context: SectionContext, rows: readonly CubeRow[]): Table {
  return buildTable(context, {
    title: "Let through after an error",
    about: `${plural(total(rows), "call")}; the threshold is one.`,
    explained: true,
    columns: { tool: code("tool"), error: code("error"), calls: CALL_COLUMNS.calls, last: LAST },
    rows: largestFirst(rows, ["tool", "llm_error"]),
    cells: (row) => ({
      tool: keyCell(row.keys.tool),
      error: keyCell(row.keys.llm_error),
      calls: count(row, "calls"),
      last: whenCells(row, context.zone).last,
    }),
    filter: (row) => ({ decision: "error_passthrough", tool: row.keys.tool ?? "" }),
  });
}
