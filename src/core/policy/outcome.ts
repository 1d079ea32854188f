/**
 * What judging a call comes to, and the outcome where no rule has a say. It asks no rule and decides nothing else.
 */
import type { GuardFinding } from "./builtin.js";
import type { Cover } from "./coverage.js";
import type { Answer, Evaluation } from "./evaluation.js";
import type { Facts, Subject } from "./facts.js";
import type { Rule } from "./policy.js";

/** A deny or ask rule that answers yes or unknown. */
export interface Hit {
  readonly rule: Rule;
  readonly answer: Exclude<Answer, "no">;
  readonly subject: Subject | null;
}

/** What was decided and by whom; facts about the call are added once. */
export interface Outcome {
  readonly decision: Evaluation["decision"];
  readonly tier: Evaluation["tier"];
  readonly rules: readonly Rule[];
  readonly reason: string;
  readonly open: boolean;
  readonly unknown: boolean;
}

/** Everything the decision was made from, for explanations. */
export interface Judgement {
  readonly facts: Facts;
  readonly hits: readonly Hit[];
  readonly guard: GuardFinding | null;
  readonly covers: readonly Cover[] | null;
  readonly outcome: Outcome;
}

export const LEFT_ALONE: Outcome = {
  decision: "passthrough",
  tier: "passthrough",
  rules: [],
  reason: "",
  open: true,
  unknown: false,
};

/** Nothing stands against the call and no rule is about it. */
export function undecided({ unknown, subjects }: Facts): Outcome {
  const hasDynamicProgram = subjects.some(({ part }) => part !== null && part.program === null && part.argv.length > 0);
  return unknown !== null || hasDynamicProgram ? { ...LEFT_ALONE, open: false, unknown: true } : LEFT_ALONE;
}
