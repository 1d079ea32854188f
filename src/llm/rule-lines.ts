/**
 * The rules a model should know of when it judges a call of one tool, one JSON line each. INVARIANT: words of an
 * untrusted project file are not among them; they could be a message to the model.
 */

import { hasExpired } from "../core/policy/expired.js";
import type { Policy, Rule, RuleKind } from "../core/policy/policy.js";
import { conditionsOf } from "../core/policy/rule-identity.js";
import { rulesAbout } from "../core/policy/rules-about.js";

const MAX_RULES = 60;
const MAX_CHARS = 12_000;

/** What an alternative can rest on comes first, then what stands against it. */
const ORDER: readonly RuleKind[] = ["allow", "ask", "deny"];

/** @param now milliseconds since the epoch */
export function ruleLines(policy: Policy, tool: string, now: number): readonly string[] {
  const rules = rulesAbout(policy, tool)
    .filter((rule) => rule.trusted && !hasExpired(rule, now) && rule.layer !== "auto" && ORDER.includes(rule.kind))
    .toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const lines: string[] = [];
  let room = MAX_CHARS;
  for (const rule of rules.slice(0, MAX_RULES)) {
    const line = lineOf(rule);
    room -= line.length;
    if (room < 0) break;
    lines.push(line);
  }
  return lines;
}

function lineOf(rule: Rule): string {
  const { reason, id } = rule;
  return JSON.stringify({ id, ...conditionsOf(rule), ...(reason === undefined ? {} : { reason }) });
}
