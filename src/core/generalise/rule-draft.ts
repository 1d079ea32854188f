/**
 * A rule that nobody has accepted yet: the values of its TOML table, its text, and the rule the engine would make of
 * it. A draft that the policy reader refuses is no rule; the reason is told, nothing is repaired.
 */
import { compilePolicy } from "../policy/compile.js";
import { parsePolicyFile } from "../policy/parse-policy-file.js";
import type { Guarded, Policy, Problem, Rule, RuleKind } from "../policy/policy.js";
import type { FileOrigin } from "../policy/policy-file.js";
import { tomlRule } from "../policy/toml-write.js";

export interface RuleDraft {
  readonly kind: RuleKind;
  /** As in TOML, in the order they are written. */
  readonly table: Readonly<Record<string, unknown>> & { readonly name: string };
}

export interface CompiledDraft {
  readonly kind: "rule";
  readonly rule: Rule;
  /** Holds this rule only. */
  readonly policy: Policy;
}

export type DraftResult = CompiledDraft | { readonly kind: "refused"; readonly problems: readonly Problem[] };

const NOTHING_GUARDED: Guarded = { folders: [], files: [] };
const ORIGIN: FileOrigin = { file: "draft.toml", layer: "user", baseFolder: "", trusted: true };

/** TOML text of a rule, with its line end; "" for values that TOML cannot say. */
export function renderDraft({ kind, table }: RuleDraft): string {
  const lines = tomlRule(kind, table);
  return lines === undefined ? "" : `${lines.join("\n")}\n`;
}

/** Through the same reader as every policy file. */
export function compileDraft(draft: RuleDraft): DraftResult {
  const { policyFile, problems } = parsePolicyFile(renderDraft(draft), ORIGIN);
  if (policyFile === null || !policyFile.sound) return { kind: "refused", problems };
  const policy = compilePolicy([policyFile], { engine: "", guarded: NOTHING_GUARDED });
  const [rule] = policy.rules;
  return rule === undefined ? { kind: "refused", problems: policy.problems } : { kind: "rule", rule, policy };
}

/** Several drafts as one policy, for replay. */
export function compileDrafts(drafts: readonly RuleDraft[]): Policy | null {
  const { policyFile } = parsePolicyFile(drafts.map(renderDraft).join("\n"), ORIGIN);
  return policyFile?.sound === true ? compilePolicy([policyFile], { engine: "", guarded: NOTHING_GUARDED }) : null;
}
