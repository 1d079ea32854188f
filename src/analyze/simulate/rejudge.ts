/**
 * One past call under another policy, by the engine the hook asks. It consults no model: a call that would be given to
 * one is `open`.
 */

import type { AuditRecord } from "../../core/audit/record.js";
import type { Decision } from "../../core/decision.js";
import { evaluate } from "../../core/policy/evaluate.js";
import type { Policy } from "../../core/policy/policy.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import { OncePerCall } from "./once-per-call.js";
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
  readonly #calls = new OncePerCall<Rejudged>();
  readonly #epochs = new Map<Policy, readonly number[]>();

  constructor(policyFor: PolicyFor) {
    this.#policyFor = policyFor;
  }

  /** Distinct calls judged. */
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
    const more = `${policy.hash} ${this.#epoch(policy, timeMs)}`;
    return this.#calls.find(call, record, more, () => {
      const { decision, tier, rule, reason, open } = evaluate(policy, call, {
        resolvePath,
        parseShell: analyzeShell,
        now: timeMs,
      });
      const { unattended, llm } = policy.settings;
      return {
        kind: "judged",
        decision: asGiven(decision, tier === "error", unattended),
        rule: rule?.id ?? "",
        ruleSource: rule === null ? "" : `${rule.source.file}:${rule.source.line}`,
        reason,
        consults: open && llm.enabled,
      };
    });
  }

  /** How many of the policy's rules have expired. */
  #epoch(policy: Policy, timeMs: number): number {
    const ends = this.#epochs.get(policy) ?? policy.rules.flatMap(({ expires }) => expires ?? []);
    this.#epochs.set(policy, ends);
    return ends.filter((end) => end <= timeMs).length;
  }
}

/** As the hook turns the engine's answer into its own. */
function asGiven(decision: Rejudged["decision"], isError: boolean, isUnattended: boolean): Decision {
  if (decision === "passthrough" && isError) return "error_passthrough";
  return decision === "ask" && isUnattended ? "deny" : decision;
}
