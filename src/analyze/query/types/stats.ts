/** `stats` and `coverage`: how many calls were decided how, by whom, for which tool. Read from the cubes of every report. */
import type { CubeName, Key } from "../../cubes/definitions.js";
import { type Cubes, count, foldRecords, readWindow, rowsOf } from "../../cubes/fold.js";
import type { Scan } from "../../scan/open-scan.js";
import type { RecordFilter } from "../../scan/scan.js";
import { localTimestamp } from "../../zone.js";
import { filterOf, logIn, zoneIn } from "../asked-window.js";
import type { QueryOf } from "../query.schema.js";
import type { Answer, QueryWorld } from "../world.js";
import { type Span, type StatsCounts, spanOfCubes, statsOfCalls, statsOfCubes, tallyOf } from "./stats-counts.js";
import { Tally } from "./tally.js";

const TOP = 10;

export async function queryStats(asked: QueryOf<"stats">, world: QueryWorld): Promise<Answer> {
  const scan = await logIn(world);
  const filter = filterOf(asked, world, scan);
  const isWhole = filter.since === undefined;
  return {
    result: statsJson(isWhole ? statsOfCubes(countCalls(scan, filter, world)) : statsOfCalls(scan, filter), world),
  };
}

export async function queryCoverage(asked: QueryOf<"coverage">, world: QueryWorld): Promise<Answer> {
  const scan = await logIn(world);
  const shown = ["totals", "deciders", "sources_by_tool", "sources_by_project"] as const;
  const cubes = countCalls(scan, filterOf(asked, world, scan), world, shown);
  return {
    result: {
      ...spanJson(spanOfCubes(cubes), world),
      by_source: shares(tallyOf(cubes, "deciders", "source")),
      by_tool: sharesBy(cubes, "sources_by_tool", "tool"),
      by_project: sharesBy(cubes, "sources_by_project", "project"),
    },
  };
}

/** @param cubes for a window that begins somewhere: only these; all of a log may be remembered and is not read again. */
export function countCalls(scan: Scan, filter: RecordFilter, world: QueryWorld, cubes?: readonly CubeName[]): Cubes {
  const { since, until, session } = filter;
  const window = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
  const read = { ...readWindow(window), ...(session === undefined ? {} : { session }) };
  const options = { window, filter, zone: zoneIn(world), now: world.now() };
  if (since === undefined || cubes === undefined) return world.count(scan, { ...options, read });
  return foldRecords(scan.backward(read, { isLazy: true }), { ...options, cubes });
}

export function statsJson(stats: StatsCounts, world: QueryWorld): Readonly<Record<string, unknown>> {
  const { span, byDecision, bySource, byTier, byTool, denied } = stats;
  return {
    ...spanJson(span, world),
    by_decision: byDecision.record,
    by_source: bySource.record,
    by_tier: byTier.record,
    by_tool: byTool.record,
    top_denied_commands: denied.entries.slice(0, TOP).map(([command, calls]) => ({ command, count: calls })),
  };
}

function spanJson({ calls, first, last }: Span, world: QueryWorld) {
  const zone = zoneIn(world);
  const time = (timeMs: number) => (calls === 0 ? null : localTimestamp(timeMs, zone));
  return { total_decisions: calls, zone: zone.name, first: time(first), last: time(last) };
}

function shares(tally: Tally) {
  const total = tally.entries.reduce((sum, [, calls]) => sum + calls, 0);
  return Object.fromEntries(
    tally.entries.map(([source, calls]) => [
      source,
      { count: calls, share: Math.round((calls / total) * 10_000) / 10_000 },
    ]),
  );
}

function sharesBy(cubes: Cubes, cube: CubeName, key: Key) {
  const byKey = new Map<string, Tally>();
  for (const row of rowsOf(cubes, cube)) {
    const name = row.keys[key] ?? "";
    const tally = byKey.get(name) ?? new Tally();
    byKey.set(name, tally);
    tally.add(row.keys.source ?? "", count(row, "calls"));
  }
  return [...byKey]
    .map(([name, tally]) => ({ name, calls: tally.entries.reduce((sum, [, calls]) => sum + calls, 0), tally }))
    .sort((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1))
    .map(({ name, calls, tally }) => ({ [key]: name, calls, by_source: shares(tally) }));
}
