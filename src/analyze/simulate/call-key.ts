/**
 * What a call's judgement depends on beside the policy, as one short text: calls with the same key are judged alike. It
 * leaves out who made the call and when; what time changes is said by `expiredBy`.
 */
import { createHash } from "node:crypto";
import type { AuditRecord } from "../../core/audit/record.js";
import type { Policy } from "../../core/policy/policy.js";
import type { ToolCall } from "../../core/tool-call.js";

export function callKey(call: ToolCall, { resolved = {} }: Pick<AuditRecord, "resolved">): string {
  const { tool, input, cwd, project, home, permissionMode = null, attended } = call;
  const paths = Object.entries(resolved).sort(([a], [b]) => (a < b ? -1 : 1));
  const whole = JSON.stringify([tool, input, cwd, project, home, permissionMode, attended, paths]);
  return createHash("sha256").update(whole).digest("base64url");
}

const ends = new WeakMap<Policy, readonly number[]>();

/** How many of the policy's rules have expired by then. */
export function expiredBy(policy: Policy, timeMs: number): number {
  let known = ends.get(policy);
  if (known === undefined) {
    known = policy.rules.flatMap(({ expires }) => expires ?? []);
    ends.set(policy, known);
  }
  return known.filter((end) => end <= timeMs).length;
}

/** All that what a policy says of a call depends on beside the policy. */
export function judgedKey(policy: Policy, { key, timeMs }: { readonly key: string; readonly timeMs: number }): string {
  const expired = expiredBy(policy, timeMs);
  return expired === 0 ? key : `${key} ${expired}`;
}
