/**
 * What a policy says of past calls: each distinct one is judged once, however often it was made. It decides nothing of
 * its own, and what is known from before need not be judged at all.
 */
import { evaluate } from "../../core/policy/evaluate.js";
import type { Evaluation } from "../../core/policy/evaluation.js";
import type { Policy } from "../../core/policy/policy.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import { expiredBy } from "../simulate/call-key.js";
import type { PastCall } from "./past-call.js";

/** Whether no rule decides a call. */
export type IsOpen = (past: PastCall) => boolean;

/** All that the answer to a past call depends on beside the policy. */
export function pastKey(policy: Policy, { key, timeMs }: PastCall): string {
  return `${key} ${expiredBy(policy, timeMs)}`;
}

export function judgePast(policy: Policy, { call, resolvePath, timeMs }: PastCall): Evaluation {
  return evaluate(policy, call, { resolvePath, parseShell: analyzeShell, now: timeMs });
}

/** @param answer asked once for each distinct call. */
export function oncePerCall<T>(policy: Policy, answer: (past: PastCall) => T): (past: PastCall) => T {
  const known = new Map<string, { readonly value: T }>();
  return (past) => {
    const key = pastKey(policy, past);
    const met = known.get(key) ?? { value: answer(past) };
    known.set(key, met);
    return met.value;
  };
}

export function openUnder(policy: Policy): IsOpen {
  return oncePerCall(policy, (past) => {
    const { decision, rule } = judgePast(policy, past);
    return decision === "passthrough" && rule === null;
  });
}
