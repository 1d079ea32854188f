/**
 * What a change of policy would have meant for the newest calls of the log: each judged under the policy as it stands
 * and under the one proposed, by the hook's engine. It says how answers move and lists every call that becomes allowed.
 */
import { subjectOf } from "../../core/audit/record-call.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import { judgesHere } from "../judging/judges.js";
import type { OpenedScan } from "../scan/open-scan.js";
import { parseOnce } from "../simulate/parse-once.js";
import { Rejudge } from "../simulate/rejudge.js";
import { replayable } from "../simulate/replayable.js";
import { mayDiffer, type PolicyOf } from "./may-differ.js";

/** Decisions that are replayed: a week and more of one person's use, quick enough to wait for. */
const REPLAYED = 2_000;
const LISTED = 50;

export interface Effect {
  /** Calls that were compared under both policies. */
  readonly calls: number;
  readonly since: string | null;
  readonly unchanged: number;
  /** Too little of them was kept to judge them again. */
  readonly unknowable: number;
  readonly changes: readonly { readonly before: string; readonly after: string; readonly calls: number }[];
  /** Calls that would be allowed and were not, most frequent first; `more` counts those that are not listed. */
  readonly newly_allowed: readonly AllowedCall[];
  readonly more: number;
}

export interface AllowedCall {
  readonly tool: string;
  readonly call: string;
  readonly before: string;
  readonly rule: string;
  readonly calls: number;
}

/** `null` when there is no log. */
export function effectOnHistory(opened: OpenedScan, before: PolicyOf, after: PolicyOf): Effect | null {
  if (opened.kind === "failed") return null;
  const parseShell = parseOnce(analyzeShell);
  const judges = judgesHere("again", parseShell);
  const [judgedBefore, judgedAfter] = [new Rejudge(before, judges), new Rejudge(after, judges)];
  const differs = mayDiffer(before, after, parseShell);
  const moved = new Map<string, number>();
  const allowed = new Map<string, { -readonly [Key in keyof AllowedCall]: AllowedCall[Key] }>();
  let [calls, unchanged, unknowable] = [0, 0, 0];
  let since: string | null = null;
  for (const one of opened.scan.backward()) {
    if (one.kind === "bad" || one.record.event !== "PreToolUse" || one.record.decision === undefined) continue;
    if (calls + unknowable === REPLAYED) break;
    const { record, timeMs } = one;
    const found = replayable(record);
    if (found.kind === "unknowable") {
      unknowable++;
      continue;
    }
    if (!differs(found)) {
      calls++;
      unchanged++;
      since = record.timestamp;
      continue;
    }
    const [was, is] = [judgedBefore.judge(record, timeMs), judgedAfter.judge(record, timeMs)];
    if (was.kind === "unknowable" || is.kind === "unknowable") {
      unknowable++;
      continue;
    }
    calls++;
    since = record.timestamp;
    if (was.decision === is.decision) {
      unchanged++;
      continue;
    }
    const move = `${was.decision}\0${is.decision}`;
    moved.set(move, (moved.get(move) ?? 0) + 1);
    if (is.decision !== "allow") continue;
    const call = subjectOf(record);
    const key = [record.tool_name, call, was.decision, is.rule].join("\0");
    const known = allowed.get(key);
    if (known !== undefined) known.calls++;
    else allowed.set(key, { tool: record.tool_name ?? "", call, before: was.decision, rule: is.rule, calls: 1 });
  }
  const listed = [...allowed.values()].sort((a, b) => b.calls - a.calls || (a.call < b.call ? -1 : 1));
  return {
    calls,
    since,
    unchanged,
    unknowable,
    changes: [...moved]
      .sort(([, a], [, b]) => b - a)
      .map(([move, count]) => {
        const [from = "", to = ""] = move.split("\0");
        return { before: from, after: to, calls: count };
      }),
    newly_allowed: listed.slice(0, LISTED),
    more: Math.max(0, listed.length - LISTED),
  };
}
