/**
 * Probation: a promoted allow rule that a later refusal contradicts is switched off. It leaves alone the user's own rules,
 * what was refused before the rule was there, and what a person restored since.
 */
import type { Settings } from "../../core/policy/policy.js";
import type { Contradiction } from "../../core/promote/contradiction.js";
import type { Locations } from "../locations.js";
import { readAutoRules } from "./change-auto-rules.js";
import { lastRestored } from "./rule-history.js";
import { switchRule } from "./switch-rule.js";
import type { WriteEffects } from "./write-rule.js";

export interface Suspended {
  readonly rule: string;
  /** Half a sentence: `a call of it was refused on 2026-11-21: npm test`. */
  readonly reason: string;
}

/** Promoted allow rules in force -> milliseconds since the epoch of their promotion. */
export function onProbation(places: Locations): ReadonlyMap<string, number> {
  const rules = places.configOverride === null ? readAutoRules(places) : [];
  return new Map(
    rules.flatMap(({ name, kind, enabled, provenance }) =>
      name !== undefined && kind === "allow" && enabled && provenance !== undefined
        ? [[name, Date.parse(provenance.promotedAt)] as const]
        : [],
    ),
  );
}

/**
 * @param isTold the caller tells the user itself; else a notice is left.
 * @param who a hook does not wait for the file's lock.
 */
export async function suspendContradicted(
  found: ReadonlyMap<string, Contradiction>,
  audit: Settings["audit"],
  effects: WriteEffects,
  { isTold, who }: { readonly isTold: boolean; readonly who: "command" | "hook" },
): Promise<readonly Suspended[]> {
  const { places } = effects;
  const suspended: Suspended[] = [];
  for (const [rule, promotedMs] of onProbation(places)) {
    const contradiction = found.get(rule);
    if (contradiction === undefined) continue;
    const { timeMs, subject } = contradiction;
    if (timeMs < Math.max(promotedMs, lastRestored(places.history, rule))) continue;
    const reason = `a call of it was refused on ${new Date(timeMs).toISOString().slice(0, 10)}: ${shown(subject)}`;
    const notice = isTold
      ? ""
      : `claude-permit suspended the promoted rule \`${rule}\`: ${reason}\n  To have it again: claude-permit rules restore ${rule}`;
    const change = { name: rule, event: "rule_suspended", by: "probation", reason, notice } as const;
    const result = await switchRule(change, audit, effects, who);
    if (result.kind === "changed") suspended.push({ rule, reason });
  }
  return suspended;
}

const SHOWN_CHARS = 200;

/** On one line and without what a terminal could take for more than text. */
function shown(subject: string): string {
  const line = subject
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .trim();
  return line.length > SHOWN_CHARS ? `${line.slice(0, SHOWN_CHARS).toWellFormed()}…` : line;
}
