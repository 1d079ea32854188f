/** How often each rule took part in a decision, and when last, counted over records as they come. */
import type { Scanned } from "./scan/scan.js";

export interface RuleHits {
  hits: number;
  /** Milliseconds since the epoch. */
  lastMs: number;
}

const NONE: readonly string[] = [];

/** Rule id -> hits among the decisions of these records. */
export function countRuleHits(scanned: Iterable<Scanned>): ReadonlyMap<string, RuleHits> {
  const hits = new Map<string, RuleHits>();
  for (const one of scanned) {
    if (one.kind !== "record" || one.record.event !== "PreToolUse") continue;
    const { rule_id: id, rule_ids: ids = NONE } = one.record;
    if (id !== undefined && !ids.includes(id)) note(id, one.timeMs);
    for (const [index, rule] of ids.entries()) if (ids.indexOf(rule) === index) note(rule, one.timeMs);
  }
  return hits;

  function note(rule: string, timeMs: number): void {
    const known = hits.get(rule);
    if (known === undefined) hits.set(rule, { hits: 1, lastMs: timeMs });
    else {
      known.hits++;
      known.lastMs = Math.max(known.lastMs, timeMs);
    }
  }
}
