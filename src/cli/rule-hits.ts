/** How often each rule decided, from the log an invocation names. No log is no data, not zero. */
import { countRuleHits, type RuleHits } from "../analyze/rule-hits.js";
import { openScan } from "../analyze/scan/open-scan.js";
import type { Invocation } from "./command.js";
import { readRecords } from "./open-log.js";
import { locationsOf } from "./where.js";
import { filterOf, zoneFor } from "./window.js";

/** Rule id -> hits in the window; `null` when there is no log. */
export async function ruleHits(invocation: Invocation): Promise<ReadonlyMap<string, RuleHits> | null> {
  const { flags, io } = invocation;
  const given = flags.list("audit");
  const opened = await openScan(given.length > 0 ? given : [locationsOf(invocation).home], io);
  if (opened.kind === "failed") return null;
  try {
    const { since, until } = filterOf(invocation, zoneFor(invocation, "local"));
    const window = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
    return countRuleHits(readRecords(invocation, opened.scan, window, { isLazy: true }));
  } finally {
    opened.scan.close();
  }
}
