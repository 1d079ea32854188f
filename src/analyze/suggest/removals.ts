/** Rules of a person's own files that could go: those that never hit in a window, and those that others always precede. */
import type { Policy, Problem, Rule } from "../../core/policy/policy.js";
import type { Removal } from "./suggestion.js";

/** @param hit ids with a hit in the window; empty when nothing was read, and then nothing is called dead. */
export function removalsOf(policy: Policy, hit: ReadonlySet<string>, lint: readonly Problem[]): readonly Removal[] {
  const own = policy.rules.filter(({ layer }) => layer !== "builtin" && layer !== "managed");
  const shadowed = lint.filter(({ code }) => code === "lint-shadowed" || code === "lint-subsumed");
  return own.flatMap((rule): Removal[] => {
    const found = shadowed.find((one) => one.rule === rule.id);
    if (found !== undefined) return [removal(rule, "shadowed", found.message)];
    return hit.size > 0 && !hit.has(rule.id) ? [removal(rule, "never hit", "")] : [];
  });
}

function removal({ id, kind, source }: Rule, why: Removal["why"], detail: string): Removal {
  return { rule: id, kind, why, detail, source: `${source.file}:${source.line}` };
}
