/** The part of a policy that a call of one tool has to look at. The engine asks it, and so does the hook's cache. */
import { toolNames, toolShape } from "../tool-call.js";
import type { Policy, Rule } from "./policy.js";

/** Rules that can apply to a tool, in the policy's order. Rules for Bash are also asked about Monitor. */
export function rulesAbout(policy: Policy, tool: string): readonly Rule[] {
  if (policy.anyTool.length === policy.rules.length) return policy.rules;
  const indexes = new Set(policy.anyTool);
  for (const name of tool === "Monitor" ? ["Monitor", "Bash"] : toolNames(tool)) {
    if (Object.hasOwn(policy.byTool, name)) for (const index of policy.byTool[name] ?? []) indexes.add(index);
  }
  // Path patterns also judge what shell commands read and write, wherever the index has them.
  if (toolShape(tool)?.command !== undefined) {
    for (const [index, { pattern }] of policy.rules.entries()) if (pattern?.kind === "path") indexes.add(index);
  }
  return [...indexes].sort((a, b) => a - b).flatMap((index) => policy.rules[index] ?? []);
}

/**
 * A policy that judges calls of one tool, and of no other, as the whole one does. Rules have new indexes, so it is not
 * for explanations; hash and everything else are the whole policy's.
 */
export function narrowPolicy(policy: Policy, tool: string): Policy {
  const rules = rulesAbout(policy, tool).map((rule, index) => ({ ...rule, index }));
  return { ...policy, rules, byTool: {}, anyTool: rules.map(({ index }) => index) };
}
