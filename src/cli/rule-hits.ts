/** How often each rule decided, from the log: hits and the newest one. No log is no data, not zero. */
import { openScan } from "../analyze/scan/open-scan.js";
import type { Invocation } from "./command.js";
import { readRecords } from "./open-log.js";
import { locationsOf } from "./where.js";
import { filterOf, zoneFor } from "./window.js";

export interface RuleHits {
  hits: number;
  /** Milliseconds since the epoch. */
  lastMs: number;
}

/** Rule id -> hits in the window; `null` when there is no log. */
export async function ruleHits(invocation: Invocation): Promise<ReadonlyMap<string, RuleHits> | null> {
  const { flags, io } = invocation;
  const given = flags.list("audit");
  const opened = await openScan(given.length > 0 ? given : [locationsOf(invocation).home], { stdin: io.stdin });
  if (opened.kind === "failed") return null;
  const hits = new Map<string, RuleHits>();
  try {
    const { since, until } = filterOf(invocation, zoneFor(invocation, "local"));
    const window = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
    for (const scanned of readRecords(invocation, opened.scan, window)) {
      if (scanned.kind !== "record" || scanned.record.event !== "PreToolUse") continue;
      const { rule_id: id, rule_ids: ids = [] } = scanned.record;
      for (const one of new Set(id === undefined ? ids : [id, ...ids])) {
        const known = hits.get(one);
        if (known === undefined) hits.set(one, { hits: 1, lastMs: scanned.timeMs });
        else {
          known.hits++;
          known.lastMs = Math.max(known.lastMs, scanned.timeMs);
        }
      }
    }
  } finally {
    opened.scan.close();
  }
  return hits;
}
