/**
 * A rule that is not in force yet: from its table to the compiled rule, its name, and a policy that has it. Whether it
 * may come in force is for `checkPromotion`.
 */
import { formatProblem } from "../errors.js";
import { canonicalHash } from "../policy/canonical.js";
import { parsePolicyFile } from "../policy/parse-policy-file.js";
import type { Policy, Rule, RuleKind } from "../policy/policy.js";
import { conditionsOf } from "../policy/rule-identity.js";
import { indexRules } from "../policy/rule-index.js";
import type { TomlTable } from "../policy/toml.js";
import { addRule } from "../policy/toml-edit.js";

export interface Candidate {
  readonly kind: Extract<RuleKind, "allow" | "deny">;
  /** As it will be written, `name` first. */
  readonly table: TomlTable;
  readonly rule: Rule;
  /** Hash of its conditions: two candidates of one key allow the same. */
  readonly key: string;
  /** For people, one sentence: `allows exactly \`mkdir build\`, in /home/u/p`. */
  readonly summary: string;
}

export type CandidateResult =
  | { readonly kind: "candidate"; readonly candidate: Candidate }
  | { readonly kind: "refused"; readonly detail: string };

/**
 * @param title a few words for the name (`npm outdated`); the name is unique by its conditions.
 * @param what it is about, for its summary.
 */
export function compileCandidate(
  kind: Candidate["kind"],
  conditions: TomlTable,
  title: string,
  what: string,
): CandidateResult {
  const unnamed = compileOne(kind, conditions);
  if (typeof unnamed === "string") return { kind: "refused", detail: unnamed };
  const key = canonicalHash(conditionsOf(unnamed), 16);
  const name = nameOf(kind, title, key);
  const table = { name, ...conditions };
  const rule = compileOne(kind, table);
  if (typeof rule === "string") return { kind: "refused", detail: rule };
  const where = rule.cwd === undefined ? "" : `, in ${rule.cwd.join(", ")}`;
  const summary = `${kind === "allow" ? "allows" : "denies"} ${what}${where}`;
  return { kind: "candidate", candidate: { kind, table, rule, key, summary } };
}

/** The policy as it would be with this rule. */
export function withRule(policy: Policy, rule: Rule): Policy {
  const rules = [...policy.rules, rule].map((one, index) => ({ ...one, index }));
  return { ...policy, rules, ...indexRules(rules) };
}

/** The rule, or what is wrong with it. */
function compileOne(kind: Candidate["kind"], table: TomlTable): Rule | string {
  const edit = addRule("", kind, table);
  if (edit.kind === "refused") return edit.detail;
  const origin = { file: "auto-rules.toml", layer: "auto", baseFolder: "", trusted: true } as const;
  const { policyFile, problems } = parsePolicyFile(edit.text, origin);
  const error = problems.find(({ severity }) => severity === "error");
  if (error !== undefined) return formatProblem(error);
  const [fileRule] = policyFile?.rules ?? [];
  if (fileRule === undefined) return "it holds no rule";
  const { enabled: _, ...rule } = fileRule;
  return { ...rule, index: 0, id: fileRule.name ?? `${kind}-candidate` };
}

/** `auto-npm-outdated-3f2a91c0`: letters and digits, whatever the title is. */
function nameOf(kind: Candidate["kind"], title: string, key: string): string {
  const words = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, "");
  const prefix = kind === "allow" ? "auto" : "auto-deny";
  return [prefix, words, key.slice(0, 8)].filter((part) => part !== "").join("-");
}
