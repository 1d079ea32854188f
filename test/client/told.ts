/** What can be known afterwards of each call of the busy session. */
import type { Json } from "./stage.js";

/** What the transcript tells of each call: decision and who took it, in the order of the script. */
export const TOLD: Readonly<Record<string, string>> = {
  toolu_lists: "allow claude_rule",
  toolu_echoes: "allow claude_rule",
  toolu_denied: "deny claude_rule",
  toolu_allowed: "allow claude_rule",
  toolu_agent: "allow claude_mode",
  "toolu_sub-allowed": "allow claude_rule",
  "toolu_sub-denied": "deny claude_rule",
  "toolu_rule-path": "deny claude_rule",
  "toolu_no-tool": "passthrough passthrough",
  "toolu_no-schema": "passthrough passthrough",
  "toolu_rule-shell": "deny claude_rule",
  "toolu_no-file": "allow claude_mode",
  toolu_asked: "deny claude_rule",
  toolu_left: "deny claude_mode",
  toolu_fails: "allow claude_rule",
  toolu_unasked: "deny claude_mode",
  toolu_ruled: "allow claude_rule",
  "toolu_no-edit": "passthrough passthrough",
};

/** Calls that Claude Code refuses before any hook is asked: only the batch they were in tells of them. */
export const UNSEEN = ["toolu_rule-path", "toolu_no-tool", "toolu_no-schema", "toolu_no-edit"];

/** Decision and decider of each call in imported records, by its id. */
export function toldIn(records: readonly Json[]): Readonly<Record<string, string>> {
  const decisions = records.filter(({ event }) => event === "PreToolUse");
  return Object.fromEntries(decisions.map(({ tool_use_id: id, decision, tier }) => [id, `${decision} ${tier}`]));
}
