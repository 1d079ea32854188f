/**
 * Self-protection (SPEC section 4): a call that would change claude-permit's files, the settings that register it, its
 * variables or its policy is asked about, whatever the rules say; unattended it is denied. Only the managed layer can
 * relax it. It guards against calls, not against what a program does once it runs.
 */
import type { ShellPart } from "../shell/shell.js";
import { currentToolName } from "../tool-call.js";
import type { Facts, Subject } from "./facts.js";
import { arrivesOnGuarded, isSpared, mentionsGuarded, writesGuarded } from "./guarded.js";
import { ownUse } from "./own-command.js";
import type { Rule } from "./policy.js";
import { quoted } from "./reasons.js";

export interface GuardFinding {
  readonly rule: Rule;
  readonly subject: Subject;
  readonly reason: string;
}

const DESCRIPTIONS = {
  "builtin-files": "claude-permit's own files and the Claude Code settings that register it are changed by the user.",
  "builtin-variables": "Variables that move claude-permit or Claude Code's settings are set by the user.",
  "builtin-commands": "claude-permit's commands that change the policy are run by the user.",
  "builtin-processes": "claude-permit is not killed, removed or switched off from inside a session.",
} as const;

type GuardId = keyof typeof DESCRIPTIONS;

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

const RULES: Readonly<Record<GuardId, Rule>> = {
  "builtin-files": builtinRule("builtin-files"),
  "builtin-variables": builtinRule("builtin-variables"),
  "builtin-commands": builtinRule("builtin-commands"),
  "builtin-processes": builtinRule("builtin-processes"),
};

/** What is built in, for `rules list`. Their conditions are code, so they are in no policy file. */
export function builtinRules(): readonly Rule[] {
  return Object.values(RULES);
}

const GUARDED_VARIABLE = /^(?:CLAUDE_PERMIT(?:_\w+)?|CLAUDE_PERMISSIONS_CONFIG|CLAUDE_CONFIG_DIR)$/;
/** A variable of ours being assigned inside a word, a script or a here-document. */
const ASSIGNS_VARIABLE = /\b(?:CLAUDE_PERMIT(?:_(?!UNATTENDED=1\b)\w+)?|CLAUDE_PERMISSIONS_CONFIG|CLAUDE_CONFIG_DIR)=/;
const VARIABLE_PROGRAM =
  /^(?:export|declare|typeset|readonly|local|unset|read|printf|mapfile|readarray|env|launchctl|systemctl|setx)$/;
const KILLER = /^(?:kill|pkill|killall|killall5|xkill|skill|taskkill|fuser|systemctl|launchctl|stop-process)$/i;
const PACKAGER = /^(?:npm|pnpm|yarn|bun|volta|brew|mise|asdf|pipx?|apt|apt-get|dnf)$/;
const PACKAGE_CHANGE = /^(?:un\w*|rm|r|remove\w*|i|in\w*|add|up\w*|link|ln|purge|global)$/;
const SWITCHES_OFF = /disableAllHooks|allowManagedHooksOnly/;
const OWN_WORD = /claude-permit/i;

function wordsOf(part: ShellPart): readonly string[] {
  const bodies = part.redirects.map((redirect) => redirect.body?.text ?? "");
  return [...part.argv.map((word) => word.value ?? word.raw), ...bodies];
}

/** `npm uninstall -g claude-permit`, and any other version of it. */
function changesPackage(program: string, words: readonly string[]): boolean {
  if (!PACKAGER.test(program) || !words.some((word) => OWN_WORD.test(word))) return false;
  return PACKAGE_CHANGE.test(words.slice(1).find((word) => !word.startsWith("-")) ?? "");
}

/** `claude plugin disable …`, `claude config set …`: what Claude Code runs with is changed by the user. */
function changesClaude(words: readonly string[]): boolean {
  const [command, next] = words.slice(1).filter((word) => !word.startsWith("-"));
  if (!/^(?:plugins?|config|mcp|settings)$/.test(command ?? "")) return false;
  return !/^(?:list|ls|get|show|details|validate|help)$/.test(next ?? "");
}

function guardPart(part: ShellPart, subject: Subject, facts: Facts): GuardId | null {
  const program = part.program ?? "";
  const words = wordsOf(part);
  if (changesPackage(program, words)) return "builtin-processes";
  if (ownUse(part) === "changes") return "builtin-commands";
  if (
    subject.places.some((place) => writesGuarded(place, facts) && !isSpared(part, place, facts)) ||
    arrivesOnGuarded(subject, facts)
  )
    return "builtin-files";
  const assigned = part.assigns.filter(({ name, value }) => !(name === "CLAUDE_PERMIT_UNATTENDED" && value === "1"));
  if (assigned.some(({ name }) => GUARDED_VARIABLE.test(name))) return "builtin-variables";
  if (
    VARIABLE_PROGRAM.test(program) &&
    words.some((word) => GUARDED_VARIABLE.test(word) || ASSIGNS_VARIABLE.test(word))
  ) {
    return "builtin-variables";
  }
  if (KILLER.test(program) && OWN_WORD.test(facts.whole.text)) return "builtin-processes";
  if (program === "claude" && changesClaude(words)) return "builtin-processes";
  if (subject.effect === "reads") return null;
  // What git is given is data: a commit message runs nothing.
  const runsWords = subject.effect === "runs-code" && program !== "git";
  const isOpaque = !part.accessesKnown || subject.effect === "unknown" || runsWords;
  const text = words.join("\n");
  if (subject.effect === "writes-outside" || isOpaque) {
    if (ASSIGNS_VARIABLE.test(text)) return "builtin-variables";
    if (SWITCHES_OFF.test(text)) return "builtin-processes";
  }
  return isOpaque && mentionsGuarded(text, facts) ? "builtin-files" : null;
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

/** A tool we know nothing about (MCP): any string that names a guarded path. */
function guardUnknownTool(subject: Subject, facts: Facts): GuardId | null {
  if (subject.effect !== "unknown" || TALKING_TOOL.test(currentToolName(facts.tool))) return null;
  const isNamed = strings(facts.call.input, 0, []).some((text) => {
    if (mentionsGuarded(text, facts) || SWITCHES_OFF.test(text)) return true;
    if (text.length > 4096 || /[\n ]/.test(text)) return false;
    const place = facts.atlas.place(
      { path: text, mode: "write", raw: text, from: "field", certain: true },
      facts.call.cwd,
    );
    return writesGuarded(place, facts);
  });
  return isNamed ? "builtin-files" : null;
}

/** What self-protection says of a call; candidates count, because they may be what runs. */
export function builtinFinding(facts: Facts): GuardFinding | null {
  for (const subject of facts.subjects) {
    const { part } = subject;
    const isWrite = subject.places.some((place) => writesGuarded(place, facts));
    const id =
      part !== null ? guardPart(part, subject, facts) : isWrite ? "builtin-files" : guardUnknownTool(subject, facts);
    if (id !== null) return finding(id, subject);
  }
  const { text } = facts.whole;
  if (facts.commandField === null || facts.unknown === null) return null;
  const seen = text.slice(0, 131_072);
  if (mentionsGuarded(seen, facts) || ASSIGNS_VARIABLE.test(seen) || SWITCHES_OFF.test(seen))
    return finding("builtin-files", facts.whole);
  return /claude-permit\s+(?:init|apply|trust|rules|review|suggest|import)\b/.test(seen)
    ? finding("builtin-commands", facts.whole)
    : null;
}

function finding(id: GuardId, subject: Subject): GuardFinding {
  const rule = RULES[id];
  const what = subject.text === "" ? "this call" : quoted(subject.text);
  return {
    rule,
    subject,
    reason: `claude-permit protects itself (${id}): ${what}. ${DESCRIPTIONS[id]} Ask the user to do it.`,
  };
}
