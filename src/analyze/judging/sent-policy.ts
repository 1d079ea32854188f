/**
 * Policies as they are sent to another thread: whole the first time, then by number. What differs from project to project
 * is what self-protection guards; the rules are the same ones and go once.
 */
import type { Guarded, Policy } from "../../core/policy/policy.js";

/** `whole`: a policy whose rules were not sent before. */
export type SentPolicy =
  | { readonly kind: "whole"; readonly policy: Policy }
  | { readonly kind: "guarding"; readonly like: number; readonly guarded: Guarded };

/** Numbers policies in the order in which they are first asked for. */
export class PolicySender {
  readonly #numbers = new Map<Policy, number>();
  readonly #byRules = new Map<Policy["rules"], { readonly number: number; readonly policy: Policy }>();

  /** @param send what the other side has to be told first. */
  numberOf(policy: Policy, send: (sent: SentPolicy) => void): number {
    const known = this.#numbers.get(policy);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(policy, number);
    const like = this.#byRules.get(policy.rules);
    if (like !== undefined && isLike(policy, like.policy)) {
      send({ kind: "guarding", like: like.number, guarded: policy.guarded });
    } else {
      this.#byRules.set(policy.rules, { number, policy });
      send({ kind: "whole", policy });
    }
    return number;
  }
}

/** The same in all but what is guarded. */
function isLike(one: Policy, other: Policy): boolean {
  return Object.entries({ ...one, guarded: other.guarded }).every(([key, value]) => Reflect.get(other, key) === value);
}

/** The other side: what was sent, by number. */
export class PolicyReceiver {
  readonly #policies: Policy[] = [];

  receive(sent: SentPolicy): void {
    this.#policies.push(sent.kind === "whole" ? sent.policy : { ...this.at(sent.like), guarded: sent.guarded });
  }

  at(number: number): Policy {
    const found = this.#policies[number];
    if (found === undefined) throw new Error("a policy is sent before it is named");
    return found;
  }
}
