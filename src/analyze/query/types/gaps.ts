/**
 * `gaps`: what no deterministic rule decided, alike calls together, what is still open before what rules decide by now and the
 * most frequent first, each with the closed rule that history speaks for and how that rule does on the very calls. What may
 * not be proposed gets a reason and no rule.
 */
import { filterOf, logIn } from "../asked-window.js";
import type { QueryOf } from "../query.schema.js";
import type { Answer, QueryWorld } from "../world.js";
import { visitCalls } from "./calls-in.js";
import { type GapCluster, GapClusters } from "./gap-clusters.js";
import { gapRules } from "./gap-rules.js";
import { OpenCalls } from "./open-calls.js";

const SUGGESTIONS = 20;
/** Clusters for each that is asked for, in the search for open ones. */
const LOOKED_AT = 20;
const PROBED = 3;

export async function queryGaps(asked: QueryOf<"gaps">, world: QueryWorld): Promise<Answer> {
  const scan = await logIn(world);
  const found = new GapClusters();
  visitCalls(scan, filterOf(asked, world, scan), (call) => found.add(call));
  const sorted = found.sorted;
  const policy = world.policyFor(world.cwd);
  const openCalls = new OpenCalls(policy, world.judgements(policy));
  const shown = await openFirst(sorted, asked.limit ?? SUGGESTIONS, openCalls);
  const open = new Set(await openCalls.among(shown.flatMap(({ past }) => past)));
  openCalls.keep();
  const ruleFor = gapRules(shown, policy, (one) => open.has(one));
  return {
    result: {
      total_decisions: found.total,
      total_gaps: found.gaps,
      total_patterns: sorted.length,
      suggestions: shown.map((cluster) => ({ ...told(cluster), ...ruleFor(cluster), examples: cluster.subjects })),
    },
  };
}

/** What is never reached of a long list is not judged. */
async function openFirst(
  clusters: readonly GapCluster[],
  limit: number,
  openCalls: OpenCalls,
): Promise<readonly GapCluster[]> {
  const open: GapCluster[] = [];
  const closed: GapCluster[] = [];
  for (const cluster of clusters.slice(0, limit * LOOKED_AT)) {
    if (open.length >= limit) break;
    ((await isClosed(cluster, openCalls)) ? closed : open).push(cluster);
  }
  return [...open, ...closed].slice(0, limit);
}

/** As far as its newest calls tell. */
async function isClosed({ past }: GapCluster, openCalls: OpenCalls): Promise<boolean> {
  const newest = past.slice(0, PROBED);
  return newest.length > 0 && (await openCalls.among(newest)).length === 0;
}

function told({ tool, name, calls, prompts, refused, effects }: GapCluster) {
  return {
    pattern: tool === "Bash" ? name : `${tool}(${name})`,
    tool,
    count: calls,
    prompts,
    refused,
    risk: riskOf(effects),
    effects: Object.fromEntries([...effects].sort(([, a], [, b]) => b - a)),
  };
}

const HIGH = ["runs-code", "network", "writes-outside", "unknown", ""];

/** By the worst that the calls do. */
function riskOf(effects: ReadonlyMap<string, number>): "low" | "medium" | "high" {
  if (HIGH.some((effect) => effects.has(effect))) return "high";
  return effects.has("writes-project") ? "medium" : "low";
}
