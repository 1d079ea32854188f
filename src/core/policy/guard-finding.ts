/**
 * What self-protection has found, put as the rule it stands for; and the looks that few calls need, at tools we know
 * nothing about and at text that was not understood. It decides nothing.
 */
import { currentToolName } from "../tool-call.js";
import type { GuardFinding } from "./builtin.js";
import type { Facts, Subject } from "./facts.js";
import { assignsVariable, switchesOff } from "./guard-part.js";
import { writesGuarded } from "./guarded.js";
import { mentionsGuarded } from "./guarded-text.js";
import type { Rule } from "./policy.js";
import { quoted } from "./reasons.js";

const DESCRIPTIONS = {
  "builtin-files": "claude-permit's own files and the Claude Code settings that register it are changed by the user.",
  "builtin-variables": "Variables that move claude-permit or Claude Code's settings are set by the user.",
  "builtin-commands": "claude-permit's commands that change the policy are run by the user.",
  "builtin-processes": "claude-permit is not killed, removed or switched off from inside a session.",
} as const;

export type GuardId = keyof typeof DESCRIPTIONS;

function builtinRule(id: GuardId): Rule {
  return {
    index: -1,
    id,
    kind: "ask",
    name: id,
    description: DESCRIPTIONS[id],
    reason: DESCRIPTIONS[id],
    layer: "builtin",
    trusted: true,
    source: { file: "<builtin>", line: 1, column: 1 },
    fields: [],
    exclude: [],
    raw: false,
  };
}

const IDS = ["builtin-files", "builtin-variables", "builtin-commands", "builtin-processes"] as const;

/** What is built in, for `rules list`. Their conditions are code, so they are in no policy file. */
export function builtinRules(): readonly Rule[] {
  return IDS.map(builtinRule);
}

/** Tools whose text is no file and no command. */
const TALKING_TOOL =
  /^(?:Agent|Skill|Todo\w*|Task\w*|AskUserQuestion|(?:Enter|Exit)\w+|Web(?:Fetch|Search)|Send\w+|List\w+|ToolSearch|Report\w+|Schedule\w+|Cron\w+)$/;

function strings(value: unknown, depth: number, found: string[]): readonly string[] {
  if (found.length < 500 && depth < 6) {
    if (typeof value === "string") found.push(value);
    else if (typeof value === "object" && value !== null)
      for (const inner of Object.values(value)) strings(inner, depth + 1, found);
  }
  return found;
}

/** A tool whose effect we do not know (MCP): any string that names a guarded path. */
export function guardUnknownTool(facts: Facts): GuardId | null {
  if (TALKING_TOOL.test(currentToolName(facts.tool))) return null;
  const isNamed = strings(facts.call.input, 0, []).some((text) => {
    if (mentionsGuarded(text, facts) || switchesOff(text)) return true;
    if (text.length > 4096 || /[\n ]/.test(text)) return false;
    const place = facts.atlas.place(
      { path: text, mode: "write", raw: text, from: "field", certain: true },
      facts.call.cwd,
    );
    return writesGuarded(place, facts);
  });
  return isNamed ? "builtin-files" : null;
}

/** Shell text that was not fully understood may hold anything: what it mentions counts. */
export function guardText(text: string, facts: Facts): GuardId | null {
  const seen = text.slice(0, 131_072);
  if (mentionsGuarded(seen, facts) || assignsVariable(seen) || switchesOff(seen)) return "builtin-files";
  return /claude-permit\s+(?:init|apply|trust|rules|review|suggest|import)\b/.test(seen) ? "builtin-commands" : null;
}

export function guardFinding(id: GuardId, subject: Subject): GuardFinding {
  const rule = builtinRule(id);
  const what = subject.text === "" ? "this call" : quoted(subject.text);
  return {
    rule,
    subject,
    reason: `claude-permit protects itself (${id}): ${what}. ${DESCRIPTIONS[id]} Ask the user to do it.`,
  };
}
