/**
 * Rules of a person's own files that could go: those that never hit in a window, those written twice, those that others
 * always precede, and those that others cover.
 */
import { canonicalText } from "../../core/policy/canonical.js";
import type { Policy, Problem, Rule } from "../../core/policy/policy.js";
import { conditionsOf } from "../../core/policy/rule-identity.js";
import type { Removal } from "./suggestion.js";

/**
 * @param hit ids with a hit in the window; empty when nothing was read, and then nothing is called dead.
 * @param redundant what `redundantRules` found.
 */
export function removalsOf(
  policy: Policy,
  hit: ReadonlySet<string>,
  redundant: readonly Problem[],
): readonly Removal[] {
  const own = policy.rules.filter(({ layer }) => layer !== "builtin" && layer !== "managed");
  const keys = new Map(policy.rules.map((rule) => [rule, canonicalText(conditionsOf(rule))]));
  return own.flatMap((rule): Removal[] => {
    const found = redundant.find((one) => one.rule === rule.id);
    if (found === undefined) return hit.size > 0 && !hit.has(rule.id) ? [removal(rule, "never hit", "")] : [];
    if (found.code === "lint-subsumed") return [removal(rule, "covered", found.message)];
    const isTwice = policy.rules.some((other) => other !== rule && keys.get(other) === keys.get(rule));
    return [removal(rule, isTwice ? "duplicate" : "shadowed", found.message)];
  });
}

function removal({ id, kind, source }: Rule, why: Removal["why"], detail: string): Removal {
  return { rule: id, kind, why, detail, source: `${source.file}:${source.line}` };
}
