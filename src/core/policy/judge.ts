/**
 * From facts to a decision. INVARIANT: without rules the decision is what `judgeByRules` would say; it is told here as
 * well, because most calls of a file tool meet no rule and the hook then does without the half of the engine that asks them.
 */
import { builtinFinding } from "./builtin.js";
import type { Facts } from "./facts.js";
import { judgeByRules } from "./judge-rules.js";
import { type Judgement, undecided } from "./outcome.js";

/** `isFull`: also ask what could not change the decision any more. */
export function judge(facts: Facts, isFull: boolean): Judgement {
  const { rules, state } = facts.policy;
  const guard = builtinFinding(facts);
  if (rules.length > 0 || guard !== null || state === "broken" || isFull) return judgeByRules(facts, guard, isFull);
  return { facts, hits: [], guard, covers: null, outcome: undecided(facts) };
}
