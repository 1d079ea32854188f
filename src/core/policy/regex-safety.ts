/**
 * Can a regex be run on text that an attacker writes? Our own bound proves nearly every regex people write; only for
 * the rest the checker `recheck` is loaded, which is exact but heavy (about 70 ms to load, up to 400 ms a regex).
 * What neither proves is refused.
 */
import { createRequire } from "node:module";
import type { Diagnostics, Parameters } from "recheck";
import { backtrackingDegree } from "./regex-degree.js";
import type { RegexAst } from "./regex-syntax.js";

export type RegexSafety =
  | { readonly kind: "fast" }
  | { readonly kind: "exponential" }
  | { readonly kind: "polynomial"; readonly degree: number }
  | { readonly kind: "unproven" };

/** Time in the square of the text's length is accepted: matched text is capped. */
const MAX_DEGREE = 2;

/**
 * How often the heavy checker may still be asked, and how long each time: a file full of slow regexes must not stop
 * the hook. The time is far above what an answer takes, so that a busy machine gives the same answer.
 */
export interface CheckBudget {
  checks: number;
  readonly timeoutMs: number;
}

/** For regexes that must be proven without it. */
export const NO_CHECKS: CheckBudget = Object.freeze({ checks: 0, timeoutMs: 0 });

const verdicts = new Map<string, RegexSafety>();
const MAX_VERDICTS = 10_000;

export function regexSafety(tree: RegexAst.Pattern, flags: string, budget: CheckBudget): RegexSafety {
  const degree = backtrackingDegree(tree, flags);
  if (degree !== null && degree <= MAX_DEGREE) return { kind: "fast" };
  const key = `${flags}/${tree.raw}`;
  const known = verdicts.get(key);
  if (known !== undefined) return known;
  if (budget.checks <= 0) return degree === null ? { kind: "unproven" } : { kind: "polynomial", degree };
  budget.checks--;
  const verdict = toSafety(check(tree.raw, flags, budget.timeoutMs), degree);
  if (verdicts.size >= MAX_VERDICTS) verdicts.clear();
  verdicts.set(key, verdict);
  return verdict;
}

function toSafety(found: Diagnostics | undefined, degree: number | null): RegexSafety {
  if (found?.status === "safe") return { kind: "fast" };
  if (found?.status === "vulnerable") {
    if (found.complexity.type === "exponential") return { kind: "exponential" };
    return found.complexity.degree <= MAX_DEGREE
      ? { kind: "fast" }
      : { kind: "polynomial", degree: found.complexity.degree };
  }
  return degree === null ? { kind: "unproven" } : { kind: "polynomial", degree };
}

type CheckSync = (source: string, flags: string, parameters: Parameters) => Diagnostics;

/**
 * The pure JavaScript build, so that nothing is started and nothing is looked up in the environment. Only its proof
 * by automaton counts, not its search by fuzzing: that one finds attacks, it cannot show that there is none.
 */
function check(source: string, flags: string, timeout: number): Diagnostics | undefined {
  try {
    const loaded: unknown = createRequire(import.meta.url)("#packages/recheck");
    if (!hasCheckSync(loaded)) return undefined;
    return loaded.checkSync(source, flags, { checker: "automaton", timeout, recallLimit: 0 });
  } catch {
    return undefined;
  }
}

function hasCheckSync(loaded: unknown): loaded is { readonly checkSync: CheckSync } {
  return (
    typeof loaded === "object" && loaded !== null && "checkSync" in loaded && typeof loaded.checkSync === "function"
  );
}
