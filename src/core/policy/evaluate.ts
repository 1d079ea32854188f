/**
 * The one judge of calls: the hook, `test`, `explain`, `simulate`, `suggest` and replay all ask it. It never throws;
 * what it cannot understand is never allowed, and is at least asked when a deny or ask rule may be meant.
 */
import type { ToolCall } from "../tool-call.js";
import { coverCall, isCovered } from "./coverage.js";
import type { Answer, EvaluateDeps, EvaluateOptions, Evaluation } from "./evaluation.js";
import { detailOf } from "./explain.js";
import { type Facts, readFacts } from "./facts.js";
import { judge } from "./judge.js";
import { findMatch, isForTool, readyRule } from "./match-rule.js";
import type { Outcome } from "./outcome.js";
import type { Policy, Rule } from "./policy.js";

/** Judges one call under a policy. Total: an internal error is an `ask` (unattended: `deny`) that says so. */
export function evaluate(
  policy: Policy,
  call: ToolCall,
  deps: EvaluateDeps,
  options: EvaluateOptions = {},
): Evaluation {
  try {
    return evaluateFacts(readFacts(policy, call, deps), options);
  } catch (error) {
    return internalError(call, error);
  }
}

/** The same of facts that were read, for who looks at them as well. Total. */
export function evaluateFacts(facts: Facts, options: EvaluateOptions = {}): Evaluation {
  try {
    const judgement = judge(facts, options.detail === "full");
    const evaluation = describe(facts, judgement.outcome);
    return options.detail === "full" ? { ...evaluation, detail: detailOf(judgement) } : evaluation;
  } catch (error) {
    return internalError(facts.call, error);
  }
}

/** What one rule alone says of a call: for the examples in a policy file. Total. */
export function matchRule(policy: Policy, rule: Rule, call: ToolCall, deps: EvaluateDeps): Answer {
  try {
    const facts = readFacts(policy, call, deps);
    const one = readyRule(rule);
    if (!isForTool(one, call.tool)) return "no";
    if (one.stance === "could") return findMatch(one, facts).answer;
    const answers = coverCall(facts, [one], [one]);
    if (answers === null) return "unknown";
    return isCovered(answers) ? "yes" : "no";
  } catch {
    return "unknown";
  }
}

function describe(facts: Facts, { decision, tier, rules, reason, open, unknown }: Outcome): Evaluation {
  const commands = new Set<string>();
  const paths = new Set<string>();
  for (const { part, places } of facts.subjects) {
    if (part?.certainty === "candidate") continue;
    if (part !== null && part.normalised !== "") commands.add(part.normalised);
    for (const { certain, spelled } of places) if (certain && spelled !== null && spelled !== "") paths.add(spelled);
  }
  return {
    decision,
    tier,
    rule: rules[0] ?? null,
    ruleIds: [...new Set(rules.map((rule) => rule.id))],
    reason,
    open,
    unknown,
    commands: [...commands],
    paths: [...paths],
    effect: facts.whole.effect,
    resolved: facts.atlas.resolved,
  };
}

function internalError(call: ToolCall, error: unknown): Evaluation {
  const message = error instanceof Error ? error.message : "unknown";
  return {
    decision: call?.attended === true ? "ask" : "deny",
    tier: "error",
    rule: null,
    ruleIds: [],
    reason: `claude-permit met an internal error while judging this call (${message.slice(0, 200)}), so it is not allowed.`,
    open: false,
    unknown: true,
    commands: [],
    paths: [],
    effect: undefined,
    resolved: {},
  };
}
