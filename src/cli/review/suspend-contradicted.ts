/**
 * Probation of promoted rules: one whose later call the user refused is switched off, and that is said. The log tells of
 * refusals only afterwards, so this is done where the user looks at rules, not in the hook.
 */
import { readFileSync } from "node:fs";
import { contradictedRules } from "../../analyze/contradicted-rules.js";
import { parseHistory } from "../../analyze/sections/history.js";
import type { Policy } from "../../core/policy/policy.js";
import { switchRule } from "../../store/promotion/switch-rule.js";
import type { Invocation } from "../command.js";
import { policyFor } from "../judge.js";
import { openLog, readRecords } from "../open-log.js";
import { locationsOf } from "../where.js";
import { writeEffects } from "./review-answer.js";

export interface Suspended {
  readonly rule: string;
  readonly reason: string;
}

/** Rules that a person restored count from then on. Without a log nothing is suspended. */
export async function suspendContradicted(invocation: Invocation): Promise<readonly Suspended[]> {
  const { policy } = policyFor(invocation, invocation.io.cwd);
  const since = promotedSince(policy);
  if (since.size === 0) return [];
  const scan = await openLog(invocation).catch(() => null);
  if (scan === null) return [];
  const suspended: Suspended[] = [];
  try {
    const window = { since: Math.min(...since.values()) };
    const found = contradictedRules(readRecords(invocation, scan, window), new Set(since.keys()));
    const restored = restoredAt(locationsOf(invocation).history);
    for (const [rule, { timeMs, subject }] of found) {
      if (timeMs < Math.max(since.get(rule) ?? Infinity, restored.get(rule) ?? -Infinity)) continue;
      const reason = `you refused \`${subject}\` on ${new Date(timeMs).toISOString().slice(0, 10)}`;
      const change = { name: rule, event: "rule_suspended", by: "probation", reason, notice: "" } as const;
      const result = await switchRule(change, policy.settings.audit, writeEffects(invocation));
      if (result.kind === "changed") suspended.push({ rule, reason });
    }
  } finally {
    scan.close();
  }
  return suspended;
}

/** Promoted allow rules in force -> milliseconds since the epoch of their promotion. */
function promotedSince({ rules }: Policy): ReadonlyMap<string, number> {
  const own = rules.filter(({ layer, kind, provenance }) => layer === "auto" && kind === "allow" && provenance);
  return new Map(own.map(({ id, provenance }) => [id, Date.parse(provenance?.promotedAt ?? "")]));
}

function restoredAt(path: string): ReadonlyMap<string, number> {
  try {
    const { entries } = parseHistory(readFileSync(path, "utf8"));
    return new Map(entries.flatMap(({ event, rule, timeMs }) => (event === "rule_restored" ? [[rule, timeMs]] : [])));
  } catch {
    return new Map();
  }
}
