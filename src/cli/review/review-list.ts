/** What waits for the user's answer: pending calls of the home and YELLOW calls of the log, with what each answer would write. */
import { wholeRecord } from "../../analyze/scan/lazy-record.js";
import { resolvePathOf } from "../../analyze/simulate/replayable.js";
import type { AuditRecord } from "../../core/audit/record.js";
import { callOfRecord, subjectOf } from "../../core/audit/record-call.js";
import type { EvaluateDeps } from "../../core/policy/evaluation.js";
import type { Policy, Settings } from "../../core/policy/policy.js";
import { approvalOf, type Offered, rejectionOf } from "../../core/promote/answer-candidates.js";
import { foldPending, isForReview, type PendingEntry, type TimedRecord } from "../../core/promote/pending.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import { readPending } from "../../store/promotion/pending-file.js";
import type { Invocation } from "../command.js";
import { cachedPolicyFor } from "../judge.js";
import { openLog, readRecords } from "../open-log.js";
import { locationsOf } from "../where.js";

export interface ReviewItem {
  readonly entry: PendingEntry;
  /** The command, path or address. */
  readonly subject: string;
  /** The changed command or path that was offered or run, "" when there is none. */
  readonly alternative: string;
  readonly approving: Offered;
  readonly rejecting: Offered;
  /** Of the policy in force where the call was made. */
  readonly settings: Settings;
}

const MAX_DAYS = 90;

/** Newest first. */
export async function reviewList(invocation: Invocation): Promise<readonly ReviewItem[]> {
  const { records } = readPending(locationsOf(invocation).pendingRules);
  const entries = foldPending([...records, ...(await loggedForReview(invocation))]);
  const policies = new Map<string, Policy>();
  const policyIn = (folder: string): Policy => {
    const policy = policies.get(folder) ?? cachedPolicyFor(invocation, folder);
    policies.set(folder, policy);
    return policy;
  };
  return entries.map((entry) => itemOf(entry, policyIn, invocation));
}

/** Records that bear on a review; without a log there are only the pending ones. */
async function loggedForReview(invocation: Invocation): Promise<readonly TimedRecord[]> {
  const isNamed = invocation.flags.list("audit").length > 0;
  const scan = isNamed ? await openLog(invocation) : await openLog(invocation).catch(() => null);
  if (scan === null) return [];
  const found: TimedRecord[] = [];
  try {
    const since = invocation.io.now() - MAX_DAYS * 86_400_000;
    for (const scanned of readRecords(invocation, scan, { since }, { isLazy: true })) {
      if (scanned.kind !== "record") continue;
      const { record, timeMs } = scanned;
      const { event } = record;
      const isOutcome = event === "PostToolUse" || event === "PostToolUseFailure";
      if (isOutcome) found.push({ record: outcomeOf(record), timeMs });
      else if (event === "review" || isForReview(record)) found.push({ record: wholeRecord(record), timeMs });
    }
  } finally {
    scan.close();
  }
  return found;
}

/** Most of a log, of which little is asked: nothing around it is kept alive. */
function outcomeOf(record: AuditRecord): AuditRecord {
  const { v, id, timestamp, event, session_id, agent_id, tool_use_id, tool_success, input_hash } = record;
  return {
    ...{ v, id, timestamp, event, session_id, auto_promoted: false },
    ...(agent_id === undefined ? {} : { agent_id }),
    ...(tool_use_id === undefined ? {} : { tool_use_id }),
    ...(tool_success === undefined ? {} : { tool_success }),
    ...(input_hash === undefined ? {} : { input_hash }),
  };
}

function itemOf(entry: PendingEntry, policyIn: (folder: string) => Policy, invocation: Invocation): ReviewItem {
  const { record } = entry;
  const call = callOfRecord(record);
  const policy = policyIn(call?.cwd || invocation.io.cwd);
  const deps: EvaluateDeps = {
    resolvePath: resolvePathOf(record),
    parseShell: analyzeShell,
    now: invocation.io.now(),
  };
  const hasSecret = (record.redacted ?? 0) > 0;
  const cut: Offered = { kind: "none", why: "the log holds only a part of this call" };
  const alternative = record.reroute?.alternative_input;
  return {
    entry,
    subject: subjectOf(record),
    alternative: alternative === undefined ? "" : subjectOf({ ...record, tool_input: alternative }),
    approving: call === null ? cut : approvalOf(call, policy, deps, hasSecret),
    rejecting: call === null ? cut : rejectionOf(call, policy, deps, hasSecret),
    settings: policy.settings,
  };
}
