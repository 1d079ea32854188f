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

/** When a person last restored the rule: milliseconds since the epoch, -Infinity for never. */
export function lastRestored(path: string, rule: string): number {
  const lines = readHistory(path).split("\n");
  return lines.reduce((last, line) => {
    const change = line.includes('"rule_restored"') ? parseChange(line) : null;
    const isMeant = change?.event === "rule_restored" && change.rule === rule;
    return isMeant ? Math.max(last, Date.parse(String(change.timestamp)) || -Infinity) : last;
  }, -Infinity);
}

function parseChange(line: string): Partial<Record<keyof RuleChange, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

/** "" when there is none. */
function readHistory(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Whether the history already tells of this change. */
export function tellsOf(path: string, id: string): boolean {
  return readHistory(path).includes(`"id":${JSON.stringify(id)}`);
}
