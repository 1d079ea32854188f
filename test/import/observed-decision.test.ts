import { describe, expect, it } from "vitest";
import { observeDecision } from "../../src/analyze/import/observed-decision.js";
import type { PermissionDecision, TranscriptResult } from "../../src/analyze/import/transcript-line.js";

const result = (fields: Partial<TranscriptResult>): TranscriptResult => ({
  toolUseId: "toolu_1",
  isError: true,
  text: "",
  ...fields,
});
const told = (decision: string, source: string, more: Partial<PermissionDecision> = {}) =>
  result({ isError: decision === "reject", permissionDecision: { decision, source, ...more } });

/** `decision tier asked`, from the table of observed combinations. */
const TOLD: readonly [TranscriptResult, string][] = [
  [told("accept", "config", { reasonType: "mode" }), "allow claude_mode false"],
  [told("accept", "config", { reasonType: "rule", ruleSource: "projectSettings" }), "allow claude_rule false"],
  [told("accept", "config", { reasonType: "subcommandResults" }), "allow claude_rule false"],
  [told("accept", "config", { reasonType: "classifier" }), "allow auto_mode false"],
  [told("accept", "hook", { reasonType: "hook", reasonCode: "bashMiss:no-rule-match" }), "allow claude_rule false"],
  [told("accept", "user_temporary", { grantScope: "once" }), "allow user true"],
  [told("accept", "user_permanent"), "allow user true"],
  [told("accept", "user_permanent", { reasonCode: "bashMiss:no-rule-match" }), "allow user true"],
  [told("accept", "user_permanent", { reasonType: "rule", ruleSource: "userSettings" }), "allow claude_rule false"],
  [
    told("accept", "user_temporary", { ruleSource: "userSettings", reasonCode: "rule:userSettings" }),
    "allow user true",
  ],
  [told("accept", "config"), "allow claude_mode false"],
  [told("accept", "something-new"), "passthrough passthrough false"],
  [told("reject", "hook", { reasonCode: "hook:PreToolUse" }), "deny claude_rule false"],
  [told("reject", "config", { reasonType: "rule", reasonCode: "rule:projectSettings" }), "deny claude_rule false"],
  [told("reject", "config", { reasonCode: "bashMiss:too-complex" }), "deny claude_mode false"],
  [told("reject", "config", { reasonCode: "mode:dontAsk" }), "deny claude_mode false"],
  [told("reject", "config", { reasonType: "classifier" }), "deny auto_mode false"],
  [told("reject", "config", { reasonCode: "classifier:auto-mode:unsafe" }), "deny auto_mode false"],
  [told("reject", "user_reject"), "deny user true"],
  [
    told("reject", "user_reject", { reasonType: "rule", ruleSource: "userSettings", reasonCode: "rule:userSettings" }),
    "deny claude_rule false",
  ],
  [told("reject", "user_abort"), "deny user true"],
];

const REJECTED = "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if ...).";

const FROM_TEXT: readonly [string, Partial<TranscriptResult>, string][] = [
  ["plain No", { text: `${REJECTED} STOP what you are doing`, summary: "User rejected tool use" }, "deny user true"],
  ["No with a comment", { text: `${REJECTED} To tell you how to proceed, the user said:\nsecret` }, "deny user true"],
  ["deny rule", { text: "Permission to use Bash with command rm x has been denied." }, "deny claude_rule false"],
  [
    "a command of many lines",
    { text: "Permission to use Bash with command cat <<E\na\nE\n has been denied." },
    "deny claude_rule false",
  ],
  [
    "don't ask mode",
    { text: "Permission to use Bash has been denied because Claude Code is running in don't ask mode. x" },
    "deny claude_mode false",
  ],
  [
    "headless",
    { text: "Claude requested permissions to use Bash, but you haven't granted it yet." },
    "deny claude_mode false",
  ],
  ["headless write", { text: "Claude requested permissions to write to /a, but ..." }, "deny claude_mode false"],
  ["headless command", { text: "This command requires approval" }, "deny claude_mode false"],
  [
    "headless compound",
    { text: "This Bash command contains multiple operations. The following part requires approval: x" },
    "deny claude_mode false",
  ],
  ["hook", { text: "PreToolUse:Bash hook error: [guard.sh]: no" }, "deny claude_rule false"],
  ["hook, older", { text: "Hook PreToolUse:Bash denied this tool" }, "deny claude_rule false"],
  ["lost host", { text: "Tool permission request failed: Error: Stream closed" }, "deny claude_mode false"],
  [
    "auto mode",
    { text: "Permission for this action was denied by the Claude Code auto mode classifier. Reason: x" },
    "deny auto_mode false",
  ],
  [
    "auto mode away",
    { text: "claude-x[1m] is temporarily unavailable, so auto mode cannot determine the safety of Bash right now." },
    "deny auto_mode false",
  ],
  [
    "denied folder",
    { text: "<tool_use_error>File is in a directory that is denied by your permission settings.</tool_use_error>" },
    "deny claude_rule false",
  ],
  ["kind: rule", { denialKind: "permission-rule", text: "no" }, "deny claude_rule false"],
  ["kind: user", { denialKind: "user-rejected", text: REJECTED }, "deny user true"],
  [
    "kind: user, nobody there",
    { denialKind: "user-rejected", text: "This command requires approval" },
    "deny claude_mode false",
  ],
  ["kind: classifier", { denialKind: "automode-blocked", text: "x" }, "deny auto_mode false"],
  ["kind: classifier away", { denialKind: "automode-unavailable", text: "x" }, "deny auto_mode false"],
  ["kind: unknown", { denialKind: "new-kind", text: "x" }, "deny claude_mode false"],
  // Neighbours that are no denials.
  ["validation", { text: "<tool_use_error>File does not exist.</tool_use_error>" }, "passthrough passthrough false"],
  ["failure", { text: "Exit code 1\nPermission to use x has been denied" }, "passthrough passthrough false"],
  ["interrupt", { text: "[Request interrupted by user for tool use]" }, "passthrough passthrough false"],
  ["output that quotes a denial", { isError: false, text: REJECTED }, "passthrough passthrough false"],
];

const short = (one: TranscriptResult | undefined) => {
  const { decision, tier, asked } = observeDecision(one);
  return `${decision} ${tier} ${asked}`;
};

describe("observeDecision", () => {
  it.each(TOLD)("reads Claude Code's own account %#", (one, expected) => expect(short(one)).toBe(expected));
  it.each(FROM_TEXT)("reads %s from kind and text", (_, fields, expected) =>
    expect(short(result(fields))).toBe(expected),
  );

  it("keeps Claude Code's word for why", () => {
    expect(observeDecision(told("accept", "hook", { reasonType: "hook", reasonCode: "safetyCheck" })).code).toBe(
      "safetyCheck",
    );
    expect(observeDecision(result({ denialKind: "automode-blocked", text: "x" })).code).toBe("automode-blocked");
  });

  it("says nothing about a call without result", () => {
    expect(observeDecision(undefined)).toEqual({ decision: "passthrough", tier: "passthrough", asked: false });
  });

  it("never takes a person's comment over", () => {
    const comment = { text: `${REJECTED} To tell you how to proceed, the user said:\nmy private words` };
    for (const fields of [comment, { ...comment, denialKind: "user-rejected" }]) {
      expect(JSON.stringify(observeDecision(result(fields)))).not.toContain("private");
    }
  });
});
