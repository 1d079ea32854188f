/**
 * Probation where the user looks at rules: the whole log since the oldest promotion is searched for refused calls of
 * promoted rules. The hook does the same at the end of each session, for that session.
 */
import { contradictedRules } from "../../analyze/contradicted-rules.js";
import { onProbation, type Suspended, suspendContradicted } from "../../store/promotion/suspend-contradicted.js";
import type { Invocation } from "../command.js";
import { policyFor } from "../judge.js";
import { openLog, readRecords } from "../open-log.js";
import { safeText } from "../print.js";
import { mayWrite } from "../refuse.js";
import { locationsOf } from "../where.js";
import { writeEffects } from "./review-answer.js";

/** Says on standard error what it suspends. Without a log, with --read-only, or run by Claude it does nothing. */
export async function suspendRefused(invocation: Invocation): Promise<readonly Suspended[]> {
  const { io, flags } = invocation;
  const rules = onProbation(locationsOf(invocation));
  if (rules.size === 0 || flags.on("readOnly")) return [];
  const { settings } = policyFor(invocation, io.cwd).policy;
  if (!mayWrite(io, settings)) return [];
  const scan = await openLog(invocation).catch(() => null);
  if (scan === null) return [];
  try {
    const window = { since: Math.min(...rules.values()) };
    const found = contradictedRules(readRecords(invocation, scan, window), new Set(rules.keys()));
    const how = { isTold: true, who: "command" } as const;
    const suspended = await suspendContradicted(found, settings.audit, writeEffects(invocation), how);
    for (const { rule, reason } of suspended) {
      const text = `suspended \`${rule}\`: ${reason}; to have it again: claude-permit rules restore ${rule}`;
      io.stderr.write(`${safeText(text)}\n`);
    }
    return suspended;
  } finally {
    scan.close();
  }
}
