/** How often each rule took part in a decision, and when last, counted over records as they come. */
import type { Scanned } from "./scan/scan.js";

export interface RuleHits {
  hits: number;
  /** Milliseconds since the epoch. */
  lastMs: number;
}

/** Rule id -> hits among the decisions of these records. */
export function countRuleHits(scanned: Iterable<Scanned>): ReadonlyMap<string, RuleHits> {
  const hits = new Map<string, RuleHits>();
  for (const one of scanned) {
    if (one.kind !== "record" || one.record.event !== "PreToolUse") continue;
    const { rule_id: id, rule_ids: ids = [] } = one.record;
    for (const rule of new Set(id === undefined ? ids : [id, ...ids])) {
      const known = hits.get(rule);
      if (known === undefined) hits.set(rule, { hits: 1, lastMs: one.timeMs });
      else {
        known.hits++;
        known.lastMs = Math.max(known.lastMs, one.timeMs);
      }
    }
  }
  return hits;
}
