/**
 * Past calls under another policy, by the engine the hook asks. It consults no model: a call that would be given to one
 * is `open`.
 */
import { createHash } from "node:crypto";
import type { AuditRecord } from "../../core/audit/record.js";
import type { Policy } from "../../core/policy/policy.js";
import { type Judges, judgesHere } from "../judging/judges.js";
import { expiredBy } from "./call-key.js";
import { JudgeOnce, type Known } from "./judge-once.js";
import type { Rejudged } from "./rejudged.js";
import { replayable, type Unknowable } from "./replayable.js";

export type Answer = Rejudged | { readonly kind: "unknowable"; readonly why: Unknowable };

/** The policy that a project's calls are judged under, `null` when it is not known. */
export type PolicyFor = (project: string) => Policy | null;

export class Rejudge {
  readonly #policyFor: PolicyFor;
  readonly #judges: Judges<"again">;
  readonly #calls: JudgeOnce<Rejudged>;

  constructor(
    policyFor: PolicyFor,
    judges: Judges<"again"> = judgesHere("again"),
    known: Known<Rejudged> | null = null,
  ) {
    this.#policyFor = policyFor;
    this.#judges = judges;
    this.#calls = new JudgeOnce(known);
  }

  /** Calls judged: those that differ in something the policies look at. */
  get distinct(): number {
    return this.#calls.size;
  }

  /**
   * @param timeMs when the call was made: rules that had expired by then are gone.
   * @param answered called once, now or before `settle` returns.
   */
  ask(record: AuditRecord, timeMs: number, answered: (answer: Answer) => void): void {
    const found = replayable(record);
    if (found.kind === "unknowable") {
      answered(found);
      return;
    }
    const { call } = found;
    const policy = this.#policyFor(call.project);
    if (policy === null) {
      answered({ kind: "unknowable", why: "no-policy" });
      return;
    }
    const { resolved } = record;
    const more = `${scopeOf(policy)} ${expiredBy(policy, timeMs)}`;
    this.#calls.ask(
      call,
      record,
      more,
      (judged) => this.#judges.ask({ call, resolved, timeMs, policy }, judged),
      answered,
    );
  }

  settle(): void {
    this.#judges.settle();
  }

  /** One alone. */
  judge(record: AuditRecord, timeMs: number): Answer {
    const found: Answer[] = [];
    this.ask(record, timeMs, (answer) => found.push(answer));
    this.settle();
    const [answer] = found;
    if (answer === undefined) throw new Error("what is settled is answered");
    return answer;
  }
}

const scopes = new WeakMap<Policy, string>();

/** The policy, and what it guards in this project. */
function scopeOf(policy: Policy): string {
  let scope = scopes.get(policy);
  if (scope === undefined) {
    const guarded = createHash("sha1").update(JSON.stringify(policy.guarded)).digest("base64url");
    scope = `${policy.hash} ${guarded}`;
    scopes.set(policy, scope);
  }
  return scope;
}
