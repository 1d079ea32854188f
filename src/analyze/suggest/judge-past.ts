/**
 * What a policy says of past calls: each distinct one is judged once, however often it was made. It decides nothing of
 * its own, and what is known from before need not be judged at all.
 */
import { judgedPartsOf } from "../../core/generalise/generalise-calls.js";
import { withRules } from "../../core/generalise/with-rules.js";
import { evaluate, evaluateFacts } from "../../core/policy/evaluate.js";
import type { EvaluateDeps, Evaluation } from "../../core/policy/evaluation.js";
import { type Facts, readFacts } from "../../core/policy/facts.js";
import type { Policy, Rule } from "../../core/policy/policy.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import type { ToolCall } from "../../core/tool-call.js";
import { judgedKey } from "../simulate/call-key.js";
import type { PastCall } from "./past-call.js";

/** Plain data, so that it can be remembered. */
export interface PastJudgement {
  /** No rule decides. */
  readonly isOpen: boolean;
  /** Commands that do more than read; all of them when none does. */
  readonly acting: readonly ActingCommand[];
}

export interface ActingCommand {
  readonly program: string;
  readonly subcommand: string;
  /** Each with the name it is told by first, then its other names. */
  readonly flags: readonly (readonly string[])[];
}

export type JudgedPast = (past: PastCall) => PastJudgement;

export function judgePast(policy: Policy, past: PastCall): Evaluation {
  return evaluate(policy, past.call, depsOf(past));
}

/** @param answer asked once for each distinct call. */
export function oncePerCall<T>(policy: Policy, answer: (past: PastCall) => T): (past: PastCall) => T {
  const known = new Map<string, { readonly value: T }>();
  return (past) => {
    const key = judgedKey(policy, past);
    const met = known.get(key) ?? { value: answer(past) };
    known.set(key, met);
    return met.value;
  };
}

export function judgeUnder(policy: Policy): JudgedPast {
  return (past) => judgeOpen(policy, past.call, depsOf(past));
}

export function judgeOpen(policy: Policy, call: ToolCall, deps: EvaluateDeps): PastJudgement {
  const facts = readFacts(policy, call, deps);
  const { decision, rule } = evaluateFacts(facts);
  return { isOpen: decision === "passthrough" && rule === null, acting: actingCommands(facts) };
}

/**
 * What would be said of open calls with these allow rules beside the policy's own; `null`: nothing else. INVARIANT: asked of
 * open calls only, which no deny or ask rule says anything to, so that these need not be asked again.
 */
export function judgeWith(policy: Policy, added: readonly Rule[]): (past: PastCall) => Evaluation | null {
  if (added.length === 0) return () => null;
  const others = policy.rules.filter(({ kind }) => kind !== "deny" && kind !== "ask");
  const after = withRules({ ...policy, rules: others }, added);
  return oncePerCall(after, (past) => judgePast(after, past));
}

function depsOf({ resolvePath, timeMs }: PastCall): EvaluateDeps {
  return { resolvePath, parseShell: analyzeShell, now: timeMs };
}

function actingCommands(facts: Facts): readonly ActingCommand[] {
  if (facts.commandField === null) return [];
  const judged = judgedPartsOf(facts);
  if (judged.kind === "none") return [];
  const known = judged.subjects.flatMap(({ part, effect }) => {
    if (part === null || part.program === null || part.subcommand === null) return [];
    const { program, subcommand } = part;
    const flags = part.flags.map(({ name, names }) => [name, ...names]);
    return [{ effect, command: { program, subcommand, flags } }];
  });
  const acting = known.filter(({ effect }) => effect !== "reads");
  return (acting.length > 0 ? acting : known).map(({ command }) => command);
}
