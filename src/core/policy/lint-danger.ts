/**
 * Allow rules that cover more than people mean by them: calls one option or one argument away from everyday ones, each
 * judged under the whole policy, so that what another rule denies or asks about is not told of.
 */
import { problem } from "../errors.js";
import { dangerousCalls } from "../generalise/dangerous-neighbours.js";
import { analyzeShell } from "../shell/analyze.js";
import { evaluate } from "./evaluate.js";
import type { Policy, Problem } from "./policy.js";

const DEPS = { resolvePath: (path: string) => path, parseShell: analyzeShell, now: 0 };
const SHOWN = 3;

/** @param known ids of rules that are told of already as covering very much. */
export function dangerousRules(policy: Policy, known: ReadonlySet<string>): readonly Problem[] {
  const admitted = new Map<string, string[]>();
  for (const { text, call } of dangerousCalls("").filter(({ isWide }) => !isWide)) {
    const { decision, ruleIds } = evaluate(policy, call, DEPS);
    if (decision !== "allow") continue;
    for (const id of ruleIds) admitted.set(id, [...(admitted.get(id) ?? []), text]);
  }
  return policy.rules.flatMap((rule) => {
    const texts = rule.kind === "allow" && rule.layer !== "builtin" && !known.has(rule.id) && admitted.get(rule.id);
    if (!texts) return [];
    const more = texts.length > SHOWN ? ` and ${texts.length - SHOWN} more like them` : "";
    const witnesses = `${texts
      .slice(0, SHOWN)
      .map((text) => `\`${text}\``)
      .join(", ")}${more}`;
    return [problem("lint-danger", { witnesses }, { ...rule.source, rule: rule.id })];
  });
}
