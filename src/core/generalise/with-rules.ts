/** A policy with proposed rules beside its own, for replay: what would be decided if they were accepted. */
import type { Policy, Rule } from "../policy/policy.js";
import { indexRules } from "../policy/rule-index.js";

export function withRules(policy: Policy, added: readonly Rule[]): Policy {
  const rules = [...policy.rules, ...added].map((rule, index) => ({ ...rule, index }));
  return { ...policy, hash: `${policy.hash}+${added.length}`, rules, ...indexRules(rules) };
}
