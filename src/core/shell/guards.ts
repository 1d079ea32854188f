/**
 * What shells read differently, or run in spite of quotes, and no structure shows: checked on the whole text after the
 * walk. Each guard has its vectors in the tests; a guard refuses, it never explains away.
 */
import { checkEvaluatedOutput } from "./evaluated-output.js";
import { ink, isEscaped, isInert } from "./ink.js";
import type { Walk } from "./parse-walk.js";
import type { SimpleCommand } from "./shell.js";

export function checkGuards(walk: Walk): void {
  checkContinuations(walk);
  checkNumericGlobs(walk);
  checkIndirectSubscripts(walk);
  checkEvaluatedOutput(walk);
  for (const command of walk.found) if (command !== null) checkShellState(walk, command);
}

/** A backslash at a line's end may stand between words or inside double quotes, never inside a word or an operator. */
function checkContinuations(walk: Walk): void {
  const { text, paint } = walk;
  for (let at = text.indexOf("\\\n"); at >= 0; at = text.indexOf("\\\n", at + 2)) {
    const painted = paint[at];
    if (isInert(painted) || isEscaped(text, paint, at)) continue;
    if (painted === ink.double && text[at - 1] !== "$") continue;
    const before = text[at - 1] ?? "\n";
    const after = text[at + 2] ?? "\n";
    const isApart = /\s/.test(before) || /\s/.test(after) || (/[;&|]/.test(before) && !/[;&|()<>]/.test(after));
    if (painted !== ink.gap || !isApart) walk.refuseAt("line-continuation", at);
  }
  const last = text.length - 1;
  if (text.endsWith("\\") && !isEscaped(text, paint, last)) walk.refuseAt("final-backslash", last);
}

/** zsh: `<5-10>` is a pattern, not two redirects. */
function checkNumericGlobs(walk: Walk): void {
  if (!walk.text.includes("<")) return;
  for (const match of walk.text.matchAll(/<\d*-\d*>/g)) {
    const painted = walk.paint[match.index];
    if (painted !== ink.double && painted !== ink.body && !isInert(painted))
      walk.refuseAt("redirect-target", match.index);
  }
}

const evaluatesNames: ReadonlySet<string> = new Set(
  "test [ let declare typeset local export readonly read printf unset mapfile readarray getopts wait exit return break continue shift logout bye".split(
    " ",
  ),
);

/** `[[ -v 'a[$(rm)]' ]]`: a subscript is evaluated although it is quoted. */
function checkIndirectSubscripts(walk: Walk): void {
  const at = findSubstitutionInSubscript(walk.text) ?? findInValues(walk.found);
  if (at === null) return;
  const evaluates =
    SLICE.test(walk.text) ||
    walk.paint.some((painted) => painted === ink.arithmetic || painted === ink.test) ||
    walk.found.some((command) => command?.argv.some((word) => evaluatesNames.has(word.value ?? "")));
  if (evaluates) walk.refuseAt("indirect-subscript", at);
}

/** `${x:n}`: the offset is arithmetic. */
const SLICE = /\$\{\w+:[^-=?+}]/;

/** `x=a[\$\(id\)]`: as words, without their backslashes. */
function findInValues(found: readonly (SimpleCommand | null)[]): number | null {
  for (const command of found) {
    const values = [...(command?.assigns ?? []), ...(command?.argv ?? [])].map(({ value }) => value);
    const isOdd = values.some((value) => value?.includes("[") && findSubstitutionInSubscript(value) !== null);
    if (command !== null && isOdd) return command.pos;
  }
  return null;
}

/** Quotes do not count here: that is the point. A quote after `$` may hide what another word adds. */
function findSubstitutionInSubscript(text: string): number | null {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "[" && (depth > 0 || /\w/.test(text[at - 1] ?? ""))) depth++;
    else if (char === "]" && depth > 0) depth--;
    else if (depth > 0 && (char === "`" || (char === "$" && /[('"\\]/.test(text[at + 1] ?? "'")))) return at;
  }
  return null;
}

const changesReading: ReadonlySet<string> = new Set("alias unalias enable setopt unsetopt emulate zmodload".split(" "));

/** Aliases and shell options change how the text after them is read. */
function checkShellState(walk: Walk, command: SimpleCommand): void {
  const values = command.argv.map((word) => word.value);
  const start = values.findIndex((value) => value !== "builtin" && value !== "command");
  const [name, ...words] = start < 0 ? [] : values.slice(start);
  const isUnsafe =
    (typeof name === "string" && changesReading.has(name)) ||
    (name === "hash" && words.some((word) => word === null || /^-\w*p/.test(word))) ||
    (name === "shopt" && words.some((word) => word === null || /^(expand_aliases|extglob)$/.test(word))) ||
    (name === "set" && words.some((word) => word !== null && /^[-+]\w*k|^keyword$/.test(word)));
  if (isUnsafe) walk.refuseAt("shell-state", command.pos);
}
