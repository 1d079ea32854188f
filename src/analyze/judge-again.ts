/** A recorded call judged again, with paths leading where they led then. The policy to judge by is an argument. */
import type { AuditRecord } from "../core/audit/record.js";
import { evaluate } from "../core/policy/evaluate.js";
import type { Evaluation } from "../core/policy/evaluation.js";
import type { Policy } from "../core/policy/policy.js";
import { analyzeShell } from "../core/shell/analyze.js";
import type { ToolCall } from "../core/tool-call.js";
import type { Scanned } from "./scan/scan.js";
import { resolvePathOf } from "./simulate/replayable.js";

export type FoundRecord = Extract<Scanned, { kind: "record" }>;

/** By record id, or the newest decision for `last`; `null` when there is none. */
export function findRecord(records: Iterable<Scanned>, asked: string): FoundRecord | null {
  for (const scanned of records) {
    if (scanned.kind !== "record") continue;
    const { record } = scanned;
    if (asked === "last" ? record.decision !== undefined : record.id === asked.toLowerCase()) return scanned;
  }
  return null;
}

/** Every detail; `timeMs` stands for now, so that rules which have expired since then still count. */
export function judgeAgain(policy: Policy, record: AuditRecord, timeMs: number, call: ToolCall): Evaluation {
  return evaluate(
    policy,
    call,
    { resolvePath: resolvePathOf(record), parseShell: analyzeShell, now: timeMs },
    { detail: "full" },
  );
}
