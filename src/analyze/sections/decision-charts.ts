/** Charts of decisions that several sections draw: parts, days, hours of the week, one bar a tool. Values only. */
import { count } from "../cubes/fold.js";
import type { CubeRow } from "../cubes/table.js";
import type { Chart } from "../report/report.schema.js";
import { compareBytes, largestFirst } from "../report/shape.js";
import { daysBetween } from "./days.js";
import { callCells } from "./decision-columns.js";

const SERIES: Chart["series"] = [
  { label: "approved", tone: "good" },
  { label: "asked", tone: "notice" },
  { label: "blocked", tone: "bad" },
  { label: "left alone", tone: "quiet" },
  { label: "unsafe", tone: "alarm" },
];
/** Figure of the scorecard -> measure of the `days` cube and the tone of its sparkline. */
const SPARKS = {
  calls: "quiet",
  approved: "good",
  asked: "notice",
  blocked: "bad",
  left_alone: "quiet",
  unsafe: "alarm",
} as const;
const BARS = 10;
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

export function decisionShares(all: CubeRow | undefined): Chart {
  return {
    kind: "share",
    title: "Decisions",
    unit: "count",
    series: SERIES,
    points: [{ label: "all", values: of(all) }],
  };
}

/** Every day from the first to the last; a single day is a single column. */
export function decisionsByDay(days: readonly CubeRow[]): Chart {
  return { kind: "stacked", title: "Decisions by day", unit: "count", series: SERIES, points: dayPoints(days, of) };
}

/** One sparkline for each headline figure; none for a single day. */
export function daySparks(days: readonly CubeRow[]): Record<string, Chart> {
  const known = days.filter(({ keys }) => daysBetween([keys.day ?? ""]).length > 0);
  if (known.length < 2) return {};
  const charts = Object.entries(SPARKS).map(([name, tone]): [string, Chart] => {
    const label = name.replaceAll("_", " ");
    const points = dayPoints(known, (row) => [count(row, name as keyof typeof SPARKS)]);
    return [name, { kind: "spark", title: `${label} by day`, unit: "count", series: [{ label, tone }], points }];
  });
  return Object.fromEntries(charts);
}

/** Weekday × local hour of all days in the window. */
export function hoursOfWeek(hours: readonly CubeRow[], weekStart: "monday" | "sunday"): Chart {
  const first = weekStart === "sunday" ? 6 : 0;
  const grid = WEEKDAYS.map(() => Array.from({ length: 24 }, () => 0));
  for (const row of hours) {
    const weekday = (new Date(`${row.keys.day ?? ""}T00:00:00Z`).getUTCDay() + 6) % 7;
    const cells = grid[weekday];
    const hour = Number.parseInt(row.keys.hour ?? "", 10);
    if (cells?.[hour] !== undefined) cells[hour] += count(row, "calls");
  }
  const points = grid.map((values, index) => ({ label: WEEKDAYS[index] ?? "", values }));
  const series = Array.from({ length: 24 }, (_, hour) => ({
    label: String(hour).padStart(2, "0"),
    tone: "quiet" as const,
  }));
  return {
    kind: "heat",
    title: "Decisions by weekday and hour",
    unit: "count",
    series,
    points: hours.length === 0 ? [] : [...points.slice(first), ...points.slice(0, first)],
  };
}

/** The rows with most calls, one bar each. */
export function largestBars(title: string, rows: readonly CubeRow[], key: "tool" | "project"): Chart {
  const points = largestFirst(rows, [key])
    .slice(0, BARS)
    .map((row) => ({ label: row.keys[key] || "unknown", values: of(row) }));
  return { kind: "bars", title, unit: "count", series: SERIES, points: points.length > 1 ? points : [] };
}

function of(row: CubeRow | undefined): number[] {
  return row === undefined ? SERIES.map(() => 0) : Object.values(callCells(row)).slice(1);
}

function dayPoints(rows: readonly CubeRow[], values: (row: CubeRow | undefined) => number[]): Chart["points"] {
  const byDay = new Map(rows.map((row) => [row.keys.day ?? "", row]));
  const odd = [...byDay.keys()].filter((day) => daysBetween([day]).length === 0).toSorted(compareBytes);
  return [...daysBetween([...byDay.keys()]), ...odd].map((label) => ({ label, values: values(byDay.get(label)) }));
}
