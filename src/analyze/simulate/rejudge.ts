/**
 * One past call under another policy, by the engine the hook asks. It consults no model: a call that would be given to
 * one is `open`.
 */

import type { AuditRecord } from "../../core/audit/record.js";
import type { Decision } from "../../core/decision.js";
import { evaluate } from "../../core/policy/evaluate.js";
import type { Evaluation } from "../../core/policy/evaluation.js";
import type { Policy } from "../../core/policy/policy.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import type { ParseShell } from "../../core/shell/shell.js";
import { expiredBy } from "./call-key.js";
import { JudgeOnce } from "./judge-once.js";
import { replayable, type Unknowable } from "./replayable.js";

/** What the other policy says of a call. */
export interface Rejudged {
  readonly kind: "judged";
  readonly decision: Decision;
  /** "" when no rule decides. */
  readonly rule: string;
  /** `file:line`, "" without a rule. */
  readonly ruleSource: string;
  readonly reason: string;
  /** No rule decides, and a model would be asked. */
  readonly consults: boolean;
}

export type Answer = Rejudged | { readonly kind: "unknowable"; readonly why: Unknowable };

/** The policy that a project's calls are judged under, `null` when it is not known. */
export type PolicyFor = (project: string) => Policy | null;

export class Rejudge {
  readonly #policyFor: PolicyFor;
  readonly #parseShell: ParseShell;
  readonly #calls = new JudgeOnce<Rejudged>();

  constructor(policyFor: PolicyFor, parseShell: ParseShell = analyzeShell) {
    this.#policyFor = policyFor;
    this.#parseShell = parseShell;
  }

  /** Calls judged: those that differ in something the policies look at. */
  get distinct(): number {
    return this.#calls.size;
  }

  /** @param timeMs when the call was made: rules that had expired by then are gone. */
  judge(record: AuditRecord, timeMs: number): Answer {
    const found = replayable(record);
    if (found.kind === "unknowable") return found;
    const { call, resolvePath } = found;
    const policy = this.#policyFor(call.project);
    if (policy === null) return { kind: "unknowable", why: "no-policy" };
    const more = `${policy.hash} ${expiredBy(policy, timeMs)}`;
    const deps = { resolvePath, parseShell: this.#parseShell, now: timeMs };
    return this.#calls.find(call, record, more, (seen) => rejudged(policy, evaluate(policy, seen, deps)));
  }
}

function rejudged({ settings }: Policy, { decision, tier, rule, reason, open }: Evaluation): Rejudged {
  return {
    kind: "judged",
    decision: asGiven(decision, tier === "error", settings.unattended),
    rule: rule?.id ?? "",
    ruleSource: rule === null ? "" : `${rule.source.file}:${rule.source.line}`,
    reason,
    consults: open && settings.llm.enabled,
  };
}

/** As the hook turns the engine's answer into its own. */
function asGiven(decision: Rejudged["decision"], isError: boolean, isUnattended: boolean): Decision {
  if (decision === "passthrough" && isError) return "error_passthrough";
  return decision === "ask" && isUnattended ? "deny" : decision;
}
