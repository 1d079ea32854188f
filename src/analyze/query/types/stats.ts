/** `stats` and `coverage`: how many calls were decided how, by whom, for which tool. */

import { localTimestamp } from "../../zone.js";
import { filterOf, logIn, type Narrowing, zoneIn } from "../asked-window.js";
import type { QueryOf } from "../query.schema.js";
import type { Answer, QueryWorld } from "../world.js";
import { Tally, visitCalls } from "./calls-in.js";

const TOP = 10;

export async function queryStats(asked: QueryOf<"stats">, world: QueryWorld): Promise<Answer> {
  const [decisions, sources, tools, tiers, denied] = [new Tally(), new Tally(), new Tally(), new Tally(), new Tally()];
  const span = await visit(asked, world, ({ calling, ruling }) => {
    decisions.add(ruling.decision);
    sources.add(ruling.source);
    tiers.add(ruling.tier);
    tools.add(calling.tool);
    if (ruling.decision === "deny") for (const command of new Set(calling.commands)) denied.add(command);
  });
  return {
    result: {
      ...span,
      by_decision: decisions.record,
      by_source: sources.record,
      by_tier: tiers.record,
      by_tool: tools.record,
      top_denied_commands: denied.entries.slice(0, TOP).map(([command, count]) => ({ command, count })),
    },
  };
}

export async function queryCoverage(asked: QueryOf<"coverage">, world: QueryWorld): Promise<Answer> {
  const all = new Tally();
  const byTool = new Map<string, Tally>();
  const byProject = new Map<string, Tally>();
  const span = await visit(asked, world, ({ calling, ruling: { source } }) => {
    all.add(source);
    tallyOf(byTool, calling.tool).add(source);
    tallyOf(byProject, calling.project).add(source);
  });
  return {
    result: {
      ...span,
      by_source: shares(all),
      by_tool: sharesBy(byTool, "tool"),
      by_project: sharesBy(byProject, "project"),
    },
  };
}

async function visit(asked: Narrowing, world: QueryWorld, count: Parameters<typeof visitCalls>[2]) {
  const scan = await logIn(world);
  const filter = filterOf(asked, world, scan);
  const zone = zoneIn(world);
  let total = 0;
  let [first, last] = [Infinity, -Infinity];
  visitCalls(scan, filter, (call) => {
    total++;
    first = Math.min(first, call.calling.timeMs);
    last = Math.max(last, call.calling.timeMs);
    count(call);
  });
  return {
    total_decisions: total,
    zone: zone.name,
    first: total === 0 ? null : localTimestamp(first, zone),
    last: total === 0 ? null : localTimestamp(last, zone),
  };
}

const KEPT = 10_000;

function tallyOf(tallies: Map<string, Tally>, key: string): Tally {
  const name = tallies.has(key) || tallies.size < KEPT ? key : "(other)";
  const tally = tallies.get(name) ?? new Tally();
  tallies.set(name, tally);
  return tally;
}

function shares(tally: Tally) {
  const total = tally.entries.reduce((sum, [, count]) => sum + count, 0);
  return Object.fromEntries(
    tally.entries.map(([source, count]) => [source, { count, share: Math.round((count / total) * 10_000) / 10_000 }]),
  );
}

function sharesBy(tallies: ReadonlyMap<string, Tally>, name: string) {
  return [...tallies]
    .map(([key, tally]) => ({ key, calls: tally.entries.reduce((sum, [, count]) => sum + count, 0), tally }))
    .sort((a, b) => b.calls - a.calls || (a.key < b.key ? -1 : 1))
    .map(({ key, calls, tally }) => ({ [name]: key, calls, by_source: shares(tally) }));
}
