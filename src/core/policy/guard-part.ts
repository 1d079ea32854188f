/**
 * Self-protection against one part of a shell call: whether it would change our files, assign our variables, run our
 * own commands that change the policy, or switch us off. What is done about it is decided elsewhere.
 */
import type { ShellPart } from "../shell/shell.js";
import type { Facts, Subject } from "./facts.js";
import type { GuardId } from "./guard-finding.js";
import { writesGuarded } from "./guarded.js";
import { arrivesOnGuarded, isSpared, mentionsGuarded } from "./guarded-text.js";
import { mentionsUs, ownUse } from "./own-command.js";

const GUARDED_VARIABLE = /^(?:CLAUDE_PERMIT(?:_\w+)?|CLAUDE_PERMISSIONS_CONFIG|CLAUDE_CONFIG_DIR)$/;
const ASSIGNS_VARIABLE = /\b(?:CLAUDE_PERMIT(?:_(?!UNATTENDED=1\b)\w+)?|CLAUDE_PERMISSIONS_CONFIG|CLAUDE_CONFIG_DIR)=/;
/** How each of them begins, so that the regexes are compiled for few calls only. */
const VARIABLE_START = "CLAUDE_";
const VARIABLE_PROGRAMS = new Set(
  "export declare typeset readonly local unset read printf mapfile readarray env launchctl systemctl setx".split(" "),
);
const KILLERS = new Set(
  "kill pkill killall killall5 xkill skill taskkill fuser systemctl launchctl stop-process".split(" "),
);
const PACKAGERS = new Set("npm pnpm yarn bun volta brew mise asdf pip pipx apt apt-get dnf".split(" "));
const PACKAGE_CHANGE = /^(?:un\w*|rm|r|remove\w*|i|in\w*|add|up\w*|link|ln|purge|global)$/;

function isGuardedVariable(name: string): boolean {
  return name.startsWith(VARIABLE_START) && GUARDED_VARIABLE.test(name);
}

/** A variable of ours being assigned inside a word, a script or a here-document. */
export function assignsVariable(text: string): boolean {
  return text.includes(VARIABLE_START) && ASSIGNS_VARIABLE.test(text);
}

export function switchesOff(text: string): boolean {
  return text.includes("disableAllHooks") || text.includes("allowManagedHooksOnly");
}

function wordsOf(part: ShellPart): readonly string[] {
  const bodies = part.redirects.map((redirect) => redirect.body?.text ?? "");
  return [...part.argv.map((word) => word.value ?? word.raw), ...bodies];
}

/** `npm uninstall -g claude-permit`, and any other version of it. */
function changesPackage(program: string, words: readonly string[]): boolean {
  if (!PACKAGERS.has(program) || !words.some(mentionsUs)) return false;
  return PACKAGE_CHANGE.test(words.slice(1).find((word) => !word.startsWith("-")) ?? "");
}

/** `claude plugin disable …`, `claude config set …`: what Claude Code runs with is changed by the user. */
function changesClaude(words: readonly string[]): boolean {
  const [command, next] = words.slice(1).filter((word) => !word.startsWith("-"));
  if (!/^(?:plugins?|config|mcp|settings)$/.test(command ?? "")) return false;
  return !/^(?:list|ls|get|show|details|validate|help)$/.test(next ?? "");
}

/** Which guard a part of a shell call meets, `null` for none. */
export function guardPart(part: ShellPart, subject: Subject, facts: Facts): GuardId | null {
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
  if (assigned.some(({ name }) => isGuardedVariable(name))) return "builtin-variables";
  if (VARIABLE_PROGRAMS.has(program) && words.some((word) => isGuardedVariable(word) || assignsVariable(word)))
    return "builtin-variables";
  if (KILLERS.has(program.toLowerCase()) && mentionsUs(facts.whole.text)) return "builtin-processes";
  if (program === "claude" && changesClaude(words)) return "builtin-processes";
  if (subject.effect === "reads") return null;
  // What git is given is data: a commit message runs nothing.
  const runsWords = subject.effect === "runs-code" && program !== "git";
  const isOpaque = !part.accessesKnown || subject.effect === "unknown" || runsWords;
  const text = words.join("\n");
  if (subject.effect === "writes-outside" || isOpaque) {
    if (assignsVariable(text)) return "builtin-variables";
    if (switchesOff(text)) return "builtin-processes";
  }
  return isOpaque && mentionsGuarded(text, facts) ? "builtin-files" : null;
}
