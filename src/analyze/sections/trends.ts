/** Is it getting better? Decisions by tier, prompts and promotions per day and week, and whether prompts fall (US-3). */
import { count, rowsOf } from "../cubes/fold.js";
import type { CubeRow } from "../cubes/table.js";
import type { Chart, Column, Figure, Row, Table } from "../report/report.schema.js";
import { change, compareBytes, groupRows, share, total } from "../report/shape.js";
import { type Trend, trendOf } from "../statistics.js";
import { rowTable } from "./build-table.js";
import { callsByDay, daysBetween, weekOf } from "./days.js";
import { hoursOfWeek } from "./decision-charts.js";
import { CALL_COLUMNS, code, DEFINITIONS, dayFilter, figure, weekFilter } from "./decision-columns.js";
import type { SectionContext, SectionDefinition } from "./section.js";

const SLOPE = "median of the slopes between all days with a call (Theil-Sen), per such day; 95 % interval by ranks";

interface Period {
  readonly name: string;
  readonly calls: number;
  readonly tiers: ReadonlyMap<string, number>;
  readonly prompts: number;
  readonly saved: number;
  readonly promotions: number;
}

export const trends: SectionDefinition = {
  id: "trends",
  build(context) {
    const { cubes, policy, zone } = context;
    const isKnown = cubes.live > 0;
    const days = dayPeriods(context);
    const active = days.filter(({ calls }) => calls > 0);
    const calls = active.reduce((sum, day) => sum + day.calls, 0);
    const prompts = total(rowsOf(cubes, "prompts"));
    const trend = isKnown ? trendOf(active.map((day) => day.prompts / day.calls)) : null;
    const weekStart = policy?.settings.report.weekStart ?? "monday";
    return {
      title: "Trends",
      about: "What changes from day to day, and whether it is more than chance.",
      figures: {
        days: figure("days with a call", active.length, "local days of the report's zone"),
        prompt_rate: figure("prompts per call", isKnown ? share(prompts, calls) : null, "prompts / decisions", {
          unit: "share",
        }),
        ...trendFigures(trend),
        promotions: figure(
          "promotions",
          days.reduce((sum, day) => sum + day.promotions, 0),
          PROMOTIONS,
        ),
      },
      charts: { prompts: promptChart(days, isKnown), hours: hoursOfWeek(rowsOf(cubes, "hours"), weekStart) },
      tables: {
        by_week: periodTable(
          context,
          "Trend by week",
          weeks(days, weekStart),
          code("week", "the day it begins with"),
          (week) => weekFilter(week, zone),
        ),
        by_day: periodTable(context, "Trend by day", days, code("day"), (day) => dayFilter(day, zone)),
      },
      notes: [
        ...(isKnown ? [inWords(trend, active.length)] : ["No record of the hook itself: prompts are not known."]),
      ],
    };
  },
};

const PROMOTIONS = "verdicts that became a rule (rule_promoted records)";

function trendFigures(trend: Trend | null): Record<string, Figure> {
  const slope = (value: number | undefined) => (value === undefined ? null : change(value));
  return {
    prompt_slope: figure("change of prompts per call", slope(trend?.slope), SLOPE, { unit: "share" }),
    prompt_slope_low: figure("at least", slope(trend?.low), "lower end of its 95 % interval", { unit: "share" }),
    prompt_slope_high: figure("at most", slope(trend?.high), "upper end of its 95 % interval", { unit: "share" }),
  };
}

function inWords(trend: Trend | null, days: number): string {
  if (trend === null) return `Prompts: ${days} days with a call are too few to tell a trend.`;
  if (trend.direction === "falling") return "Prompts per call are falling by more than chance.";
  if (trend.direction === "rising") return "Prompts per call are rising by more than chance.";
  return "Prompts per call show no trend beyond chance: the interval of the slope holds 0.";
}

/** Oldest first, the empty days too. */
function dayPeriods({ cubes }: SectionContext): Period[] {
  const calls = callsByDay(rowsOf(cubes, "days"));
  const saved = new Map(rowsOf(cubes, "days").map((row) => [row.keys.day ?? "", count(row, "saved")]));
  const prompts = callsByDay(rowsOf(cubes, "prompts_by_day"));
  const promotions = callsByDay(rowsOf(cubes, "changes_by_day").filter((row) => row.keys.event === "rule_promoted"));
  const tiers = groupRows(rowsOf(cubes, "tiers_by_day"), "day");
  return daysBetween([...calls.keys(), ...prompts.keys(), ...promotions.keys()]).map((name) => ({
    name,
    calls: calls.get(name) ?? 0,
    tiers: tierCounts(tiers.get(name) ?? []),
    prompts: prompts.get(name) ?? 0,
    saved: saved.get(name) ?? 0,
    promotions: promotions.get(name) ?? 0,
  }));
}

function tierCounts(rows: readonly CubeRow[]): ReadonlyMap<string, number> {
  return new Map(rows.map((row) => [row.keys.tier ?? "", count(row, "calls")]));
}

function weeks(days: readonly Period[], weekStart: "monday" | "sunday"): Period[] {
  const sums = new Map<string, Period>();
  for (const day of days) {
    const name = weekOf(day.name, weekStart);
    const met = sums.get(name) ?? { name, calls: 0, tiers: new Map(), prompts: 0, saved: 0, promotions: 0 };
    const tiers = new Map(met.tiers);
    for (const [tier, calls] of day.tiers) tiers.set(tier, (tiers.get(tier) ?? 0) + calls);
    sums.set(name, {
      name,
      calls: met.calls + day.calls,
      tiers,
      prompts: met.prompts + day.prompts,
      saved: met.saved + day.saved,
      promotions: met.promotions + day.promotions,
    });
  }
  return [...sums.values()];
}

/** Newest first, one column for each tier that decided anything. */
function periodTable(
  context: SectionContext,
  title: string,
  periods: readonly Period[],
  name: Column,
  filter: (name: string) => Row["filter"],
): Table {
  const isKnown = context.cubes.live > 0;
  const tiers = [...new Set(periods.flatMap((period) => [...period.tiers.keys()]))].toSorted(compareBytes);
  const number = (label: string, definition: string, priority: number): Column => ({
    label,
    unit: "count",
    definition,
    priority,
  });
  const rows = periods.toReversed().map(
    (period): Row => ({
      cells: {
        name: period.name,
        calls: period.calls,
        prompts: isKnown ? period.prompts : null,
        rate: isKnown ? share(period.prompts, period.calls) : null,
        ...Object.fromEntries(tiers.map((tier) => [`tier_${tier}`, period.tiers.get(tier) ?? 0])),
        saved: isKnown ? period.saved : null,
        promotions: period.promotions,
      },
      samples: [],
      filter: filter(period.name),
    }),
  );
  return rowTable(context, {
    title,
    about: "",
    columns: {
      name,
      calls: CALL_COLUMNS.calls,
      prompts: number("prompts", DEFINITIONS.prompts, 1),
      rate: { label: "per call", unit: "share", definition: "prompts / decisions", priority: 1 },
      ...Object.fromEntries(
        tiers.map((tier) => [`tier_${tier}`, number(tierLabel(tier), "calls this tier decided", 3)]),
      ),
      saved: number("saved", `estimate: ${DEFINITIONS.saved}`, 4),
      promotions: number("promoted", PROMOTIONS, 4),
    },
    rows,
  });
}

function tierLabel(tier: string): string {
  return tier === "" ? "tier unknown" : `by ${tier}`;
}

function promptChart(days: readonly Period[], isKnown: boolean): Chart {
  return {
    kind: "stacked",
    title: "Prompts by day",
    unit: "count",
    series: [{ label: "prompts", tone: "notice" }],
    points: isKnown ? days.map(({ name, prompts }) => ({ label: name, values: [prompts] })) : [],
  };
}
