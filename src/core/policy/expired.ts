/** Rules whose time is over: the engine skips them, and people are told. */
import { problem } from "../errors.js";
import type { Problem, Rule } from "./policy.js";

/** @param now milliseconds since the epoch, as `expires` is */
export function hasExpired({ expires }: Pick<Rule, "expires">, now: number): boolean {
  return expires !== undefined && now >= expires;
}

export function expiredRules(rules: readonly Rule[], now: number): readonly Problem[] {
  return rules.flatMap((rule) => {
    if (rule.expires === undefined || !hasExpired(rule, now)) return [];
    return [problem("expired", { date: new Date(rule.expires).toISOString() }, { ...rule.source, rule: rule.id })];
  });
}
