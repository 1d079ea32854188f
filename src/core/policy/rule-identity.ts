/** What makes two rules the same: kind and conditions. Names, texts, places and examples do not decide anything. */
import { canonicalHash } from "./canonical.js";
import type { Rule } from "./policy.js";
import type { FileRule } from "./policy-file.js";

/** Everything of a rule that decides, as one value. */
export function conditionsOf(rule: FileRule | Rule): Readonly<Record<string, unknown>> {
  const { kind, tool, pattern, fields, exclude, shell, cwd, permissionMode, session, raw, sandbox, expires } = rule;
  const conditions = {
    kind,
    tool,
    pattern,
    fields,
    exclude,
    shell,
    cwd,
    permissionMode,
    session,
    raw,
    sandbox,
    expires,
  };
  return withoutLiterals(conditions);
}

/** INVARIANT: a literal follows from its regex; a better way to find it must not change ids and hashes. */
function withoutLiterals(conditions: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(conditions, (key, value: unknown) => (key === "literal" ? undefined : value)));
}

/** `deny-3f2a91c0`: the same on every machine and in every place of a file. */
export function derivedId(rule: FileRule): string {
  return `${rule.kind}-${canonicalHash(conditionsOf(rule), 8)}`;
}
