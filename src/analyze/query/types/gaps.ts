/**
 * `gaps`: what no deterministic rule decided, alike calls together, the most frequent first, each with the closed rule
 * that would cover it and how that rule does on the very calls. What may not be proposed gets a reason and no rule.
 */

import type { AuditRecord } from "../../../core/audit/record.js";
import { admittedDangers } from "../../../core/generalise/dangerous-neighbours.js";
import { generaliseCalls } from "../../../core/generalise/generalise-calls.js";
import { compileDrafts, type RuleDraft, renderDraft } from "../../../core/generalise/rule-draft.js";
import { evaluate } from "../../../core/policy/evaluate.js";
import type { Policy } from "../../../core/policy/policy.js";
import { analyzeShell } from "../../../core/shell/analyze.js";
import { currentToolName, type ToolCall } from "../../../core/tool-call.js";
import { readWindow } from "../../cubes/fold.js";
import { clusterOf } from "../../gaps/cluster.js";
import { type Cluster, GapTally } from "../../gaps/gap-tally.js";
import type { Scanned } from "../../scan/scan.js";
import { replayable } from "../../simulate/replayable.js";
import { filterOf, logIn } from "../asked-window.js";
import type { QueryOf } from "../query.schema.js";
import type { Answer, QueryWorld } from "../world.js";

const SUGGESTIONS = 20;
/** Different calls of one cluster that its rule is made of and tried on, the newest. */
const KEPT = 20;
const CLUSTERS = 5_000;

interface PastCall {
  readonly call: ToolCall;
  readonly resolvePath: (absolute: string) => string | null;
  readonly timeMs: number;
}

export async function queryGaps(asked: QueryOf<"gaps">, world: QueryWorld): Promise<Answer> {
  const scan = await logIn(world);
  const filter = filterOf(asked, world, scan);
  const { since, until, session } = filter;
  const policy = world.policyFor(world.cwd);
  const kept = new Map<string, PastCall[]>();
  const tally = new GapTally((record, timeMs) => {
    keep(kept, record, timeMs);
    return null;
  }, filter);
  const window = readWindow({ ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) });
  const read = { ...window, ...(session === undefined ? {} : { session }) };
  drain(tally.passing(scan.backward(read, { isLazy: true })));
  const { calls, gaps, clusters } = tally.result;
  const sorted = clusters.toSorted((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1));
  return {
    result: {
      total_decisions: calls,
      total_gaps: gaps,
      total_patterns: sorted.length,
      suggestions: sorted
        .slice(0, asked.limit ?? SUGGESTIONS)
        .map((cluster) => suggestion(cluster, kept.get(`${cluster.tool}\0${cluster.name}`) ?? [], policy)),
    },
  };
}

function drain(scanned: Iterable<Scanned>): void {
  for (const _ of scanned);
}

function keep(kept: Map<string, PastCall[]>, record: AuditRecord, timeMs: number): void {
  const key = `${currentToolName(record.tool_name ?? "")}\0${clusterOf(record, [])}`;
  const known = kept.get(key);
  if (known === undefined ? kept.size >= CLUSTERS : known.length >= KEPT) return;
  const found = replayable(record);
  if (found.kind === "unknowable") return;
  const { call, resolvePath } = found;
  if (known?.some((one) => isSame(one.call, call))) return;
  if (known === undefined) kept.set(key, [{ call, resolvePath, timeMs }]);
  else known.push({ call, resolvePath, timeMs });
}

function isSame(a: ToolCall, b: ToolCall): boolean {
  return a.project === b.project && a.cwd === b.cwd && JSON.stringify(a.input) === JSON.stringify(b.input);
}

function suggestion(cluster: Cluster, past: readonly PastCall[], policy: Policy) {
  const { tool, name, calls, prompts, refused, effects, samples } = cluster;
  const proposed = propose(past, refused, policy);
  return {
    pattern: tool === "Bash" ? name : `${tool}(${name})`,
    tool,
    count: calls,
    prompts,
    refused,
    risk: riskOf(effects),
    effects: Object.fromEntries([...effects].sort(([, a], [, b]) => b - a)),
    ...proposed,
    examples: samples.map(({ subject }) => subject),
  };
}

/** @param refused how often a person said no to such a call: then nothing is proposed. */
function propose(past: readonly PastCall[], refused: number, policy: Policy) {
  const open = past.filter((one) => judged(policy, one).decision === "passthrough");
  const replay = { calls: past.length, decided_by_now: past.length - open.length, covered: 0 };
  const none = (why: string) => ({ suggested_rule: null, why_none: why, replay });
  const [newest] = open;
  if (past.length === 0) return none("too little of the calls was kept");
  if (newest === undefined) return none("the policy in force decides these by now");
  if (refused > 0) return none("a person refused such calls");
  const { project } = newest.call;
  if (project === "") return none("the project they were made in is not known");
  const deps = { resolvePath: newest.resolvePath, parseShell: analyzeShell, now: newest.timeMs };
  const own = open.filter(({ call }) => call.project === project);
  const found = generaliseCalls(
    own.map(({ call }) => call),
    project,
    policy,
    deps,
  );
  if (found.kind === "refused") return none(found.why);
  const drafts = compileDrafts(found.drafts);
  if (drafts === null) return none("no sound rule covers them");
  const dangers = drafts.rules.flatMap((rule) => admittedDangers(drafts, rule, project, deps));
  if (dangers.length > 0) return none(`the rule would also allow \`${dangers[0] ?? ""}\``);
  const covered = open.filter((one) => judged(drafts, one).decision === "allow").length;
  if (covered === 0) return none("no closed rule covers them");
  return {
    suggested_rule: found.drafts.map((draft: RuleDraft) => renderDraft(draft)).join("\n"),
    replay: { ...replay, covered },
  };
}

function judged(policy: Policy, { call, resolvePath, timeMs }: PastCall) {
  return evaluate(policy, call, { resolvePath, parseShell: analyzeShell, now: timeMs });
}

const HIGH = ["runs-code", "network", "writes-outside", "unknown", ""];

/** By the worst that the calls do. */
function riskOf(effects: ReadonlyMap<string, number>): "low" | "medium" | "high" {
  if (HIGH.some((effect) => effects.has(effect))) return "high";
  return effects.has("writes-project") ? "medium" : "low";
}
