/**
 * `auto-rules.history.jsonl`: one line for every change of a rule, whoever made it, never rewritten. The analyzer's
 * timeline reads `timestamp`, `event`, `rule`, `by` and `reason`; `id` names the change, so that one which was
 * interrupted is finished once and not twice.
 */
import { readFileSync } from "node:fs";
import { appendLine } from "../append.js";

export type RuleChangeEvent =
  | "rule_promoted"
  | "rule_suspended"
  | "rule_revoked"
  | "rule_restored"
  | "rule_added"
  | "rule_updated"
  | "rule_removed"
  | "settings_updated"
  | "rolled_back";

export interface RuleChange {
  /** Unique; the id of the record that tells of the same change, when there is one. */
  readonly id: string;
  /** RFC 3339. */
  readonly timestamp: string;
  readonly event: RuleChangeEvent;
  /** The rule's name; of a change of settings its key. */
  readonly rule: string;
  /** Who did it: `llm`, `review`, `user`, `apply`, `probation` ... */
  readonly by: string;
  readonly reason?: string;
  /** The file that was changed, when it is not auto-rules.toml. */
  readonly file?: string;
}

/** What went wrong as a system code, `null` when the line is in the file. */
export function appendRuleChange(path: string, { id, timestamp, event, rule, by, ...more }: RuleChange): string | null {
  const appended = appendLine(path, `${JSON.stringify({ timestamp, event, rule, by, ...more, id }).toWellFormed()}\n`);
  return appended.kind === "failed" ? appended.code : null;
}

/** Whether the history already tells of this change. */
export function tellsOf(path: string, id: string): boolean {
  try {
    return readFileSync(path, "utf8").includes(`"id":${JSON.stringify(id)}`);
  } catch {
    return false;
  }
}
