/**
 * A sample of past calls judged again with every detail: which deny and ask rules nearly applied, which allow rules
 * matched and were overruled. Judging is an argument; what could not be judged is counted. Evidence, never proof.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import type { Sample } from "../cubes/fact.js";
import { callingOf } from "../cubes/open-call.js";
import type { Scanned } from "../scan/scan.js";

/** What judging one record again found, `null` when its input or its policy was not kept. */
export type JudgeAgain = (record: AuditRecord, timeMs: number) => JudgedAgain | null;

export interface JudgedAgain {
  /** Id of the rule that decides, "" when none does. */
  readonly decidedBy: string;
  readonly decision: string;
  /** Allow rules that say yes. */
  readonly allows: readonly string[];
  readonly nearMisses: readonly { readonly rule: string; readonly kind: string; readonly failed: string }[];
}

export interface Replay {
  /** Distinct calls judged, the newest ones. */
  readonly judged: number;
  /** Calls of which too little was kept. */
  readonly skipped: number;
  readonly nearMisses: readonly MissedRule[];
  /** Every allow rule that matched a judged call. */
  readonly allows: readonly AllowSeen[];
}

export interface MissedRule {
  readonly rule: string;
  readonly kind: string;
  /** The one condition that said no. */
  readonly failed: string;
  readonly calls: number;
  /** The newest ones. */
  readonly samples: readonly Sample[];
}

export interface AllowSeen {
  readonly rule: string;
  /** Judged calls it matched. */
  readonly matched: number;
  /** Of these, calls that a stricter rule decided. */
  readonly overruled: number;
  /** The newest overruled call and the rule that decided it. */
  readonly witness: { readonly sample: Sample; readonly by: string; readonly decision: string } | null;
}

export const REPLAYED = 500;
const SAMPLES = 3;
const STRICTER: ReadonlySet<string> = new Set(["deny", "ask"]);

type Found = Extract<Scanned, { kind: "record" }>;

/** Shown the records, newest first, it keeps the newest distinct calls among them. */
export class CallSample {
  readonly #calls = new Map<string, Found>();
  readonly #wanted: (found: Found) => boolean;

  constructor(wanted: (found: Found) => boolean) {
    this.#wanted = wanted;
  }

  line(one: Scanned): void {
    if (one.kind === "record") this.#keep(one);
  }

  /** It keeps no more. */
  get isFull(): boolean {
    return this.#calls.size >= REPLAYED;
  }

  /** Newest first. */
  get calls(): readonly Found[] {
    return [...this.#calls.values()];
  }

  #keep(found: Found): void {
    const { record } = found;
    if (this.#calls.size >= REPLAYED || record.event !== "PreToolUse" || !this.#wanted(found)) return;
    const what = record.input_hash ?? JSON.stringify(record.tool_input ?? null);
    const key = `${record.tool_name ?? ""}\0${record.project ?? ""}\0${record.permission_mode ?? ""}\0${what}`;
    if (!this.#calls.has(key)) this.#calls.set(key, found);
  }
}

export function replayCalls(calls: readonly Found[], judge: JudgeAgain): Replay {
  const misses = new Map<string, MissedRule>();
  const allows = new Map<string, AllowSeen>();
  let judged = 0;
  for (const found of calls) {
    const again = judge(found.record, found.timeMs);
    if (again === null) continue;
    judged++;
    const sample = sampleOfRecord(found);
    for (const { rule, kind, failed } of again.nearMisses) {
      const key = `${rule}\0${failed}`;
      const met = misses.get(key) ?? { rule, kind, failed, calls: 0, samples: [] };
      const samples = met.samples.length < SAMPLES ? [...met.samples, sample] : met.samples;
      misses.set(key, { ...met, calls: met.calls + 1, samples });
    }
    const isOverruled = STRICTER.has(again.decision);
    for (const rule of again.allows) {
      const met = allows.get(rule) ?? { rule, matched: 0, overruled: 0, witness: null };
      const witness = isOverruled ? { sample, by: again.decidedBy, decision: again.decision } : null;
      allows.set(rule, {
        rule,
        matched: met.matched + 1,
        overruled: met.overruled + (isOverruled ? 1 : 0),
        witness: met.witness ?? witness,
      });
    }
  }
  return {
    judged,
    skipped: calls.length - judged,
    nearMisses: [...misses.values()],
    allows: [...allows.values()],
  };
}

function sampleOfRecord({ record, timeMs, at }: Found): Sample {
  const { session, subject } = callingOf(record, timeMs, at);
  const place = `${at.file}:${at.offset}`;
  return {
    at: place,
    timeMs,
    session,
    subject,
    reason: record.reason ?? "",
    ruleSource: record.rule_source ?? "",
    alternative: "",
  };
}
