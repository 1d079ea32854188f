/**
 * `gaps`: what no deterministic rule decided, alike calls together, the most frequent first, each with the closed rule
 * that history speaks for and how that rule does on the very calls. What may not be proposed gets a reason and no rule.
 */
import { filterOf, logIn } from "../asked-window.js";
import type { QueryOf } from "../query.schema.js";
import type { Answer, QueryWorld } from "../world.js";
import { visitCalls } from "./calls-in.js";
import { type GapCluster, GapClusters } from "./gap-clusters.js";
import { gapRules } from "./gap-rules.js";

const SUGGESTIONS = 20;

export async function queryGaps(asked: QueryOf<"gaps">, world: QueryWorld): Promise<Answer> {
  const scan = await logIn(world);
  const found = new GapClusters();
  visitCalls(scan, filterOf(asked, world, scan), (call) => found.add(call));
  const sorted = found.sorted;
  const shown = sorted.slice(0, asked.limit ?? SUGGESTIONS);
  const ruleFor = gapRules(shown, world.policyFor(world.cwd));
  return {
    result: {
      total_decisions: found.total,
      total_gaps: found.gaps,
      total_patterns: sorted.length,
      suggestions: shown.map((cluster) => ({ ...told(cluster), ...ruleFor(cluster), examples: cluster.subjects })),
    },
  };
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
