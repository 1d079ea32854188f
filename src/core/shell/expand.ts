/**
 * Static values for words that use variables the call itself assigned (`F=.env; cat $F`), `~` and `$HOME`. It refuses
 * whatever another reading of the text could change: a name that stands anywhere else, a conditional assignment, a
 * later `eval`, `source` or `read`, a value that would split.
 */
import type { ShellParse, SimpleCommand, Word } from "./shell.js";

interface Assigned {
  readonly value: string;
  /** Known from here on. */
  readonly pos: number;
}

export interface Variables {
  readonly values: ReadonlyMap<string, Assigned>;
  /** Absolute home folder, "" when not known or when the call changes it. */
  readonly home: string;
}

export const NO_VARIABLES: Variables = { values: new Map(), home: "" };

/** Builtins that may assign a variable whose name the text does not show, or run text that does. */
const HIDDEN_ASSIGNERS = new Set(
  "eval source . mapfile readarray getopts declare typeset local unset let vared zstat".split(" "),
);
/** Builtins whose assigned names are plain words; hidden only when a word is dynamic. */
const NAMED_ASSIGNERS = new Set(["read", "printf", "export", "readonly", "set"]);

/** Values that stay one word and are no pattern where they stand unquoted. */
const ONE_WORD = /^[\w./:@%+,=-]+$/;

/** What the call assigns once, plainly and unconditionally. */
export function readVariables(text: string, parse: ShellParse, home: string): Variables {
  const values = new Map<string, Assigned>();
  const knownHome = /(?<!\w)HOME\+?=/.test(text) ? "" : home;
  const changesSplitting = /(?<!\w)IFS\+?=/.test(text);
  if (parse.status !== "ok" || changesSplitting || parse.commands.some(hidesAssignments))
    return { values, home: knownHome };
  for (const command of parse.commands) {
    const isPlain = command.argv.length === 0 || command.argv[0]?.value === "export";
    if (!isPlain || command.context.length > 0 || command.redirects.length > 0) continue;
    for (const { name, value } of assignedBy(command)) {
      if (value !== null && isNamedOnce(text, name)) values.set(name, { value, pos: command.end });
    }
  }
  return { values, home: knownHome };
}

function hidesAssignments(command: SimpleCommand): boolean {
  const program = command.argv[0];
  if (program === undefined) return false;
  if (program.value === null || HIDDEN_ASSIGNERS.has(program.value)) return true;
  if (!NAMED_ASSIGNERS.has(program.value)) return false;
  if (program.value === "printf") return command.argv[1]?.value === null || command.argv[1]?.value === "-v";
  return command.argv.some((word) => word.value === null && !/^\w+=/.test(word.prefix));
}

function assignedBy(command: SimpleCommand): { name: string; value: string | null }[] {
  const assigned = command.assigns.map(({ name, value, append }) => ({ name, value: append ? null : value }));
  for (const word of command.argv.slice(1)) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word.value ?? "") ?? [];
    if (name !== undefined && value !== undefined) assigned.push({ name, value });
  }
  return assigned;
}

/** The name stands once in the whole text without `$` or `${` before it: at its assignment. */
function isNamedOnce(text: string, name: string): boolean {
  let named = 0;
  for (const match of text.matchAll(new RegExp(`(?<!\\w)${name}(?!\\w)`, "g"))) {
    const before = text.slice(Math.max(0, match.index - 2), match.index);
    const after = text[match.index + name.length];
    const isUse = before.endsWith("$") || (before === "${" && after === "}");
    if (!isUse) named++;
  }
  return named === 1;
}

/** The word with its static value when every expansion in it is known; the same word otherwise. */
export function expandWord(word: Word, variables: Variables): Word {
  if (word.value !== null || !word.why.every((each) => each === "param" || each === "tilde")) return word;
  const { text, isWhole } = expandText(word, variables);
  if (isWhole) return { ...word, value: text, prefix: text, why: [], splits: false };
  return text.length > word.prefix.length ? { ...word, prefix: text } : word;
}

/** Reads quotes, `~` at the start and `$NAME`; stops at anything else. */
function expandText({ raw, pos }: Word, { values, home }: Variables): { text: string; isWhole: boolean } {
  let text = "";
  let quote = "";
  for (let at = 0; at < raw.length; at++) {
    const char = raw[at] ?? "";
    if (quote === "'") {
      if (char === "'") quote = "";
      else text += char;
    } else if (char === '"') quote = quote === "" ? '"' : "";
    else if (char === "'" && quote === "") quote = "'";
    else if (char === "\\" || char === "`") return { text, isWhole: false };
    else if (char === "~" && quote === "") {
      if (at > 0 || home === "" || !/^~(\/|$)/.test(raw)) return { text, isWhole: false };
      text += home;
    } else if (char === "$") {
      const match = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/.exec(raw.slice(at));
      const name = match?.[1] ?? match?.[2] ?? "";
      const value = valueAt(name, pos, values) ?? (name === "HOME" && home !== "" ? home : undefined);
      if (match === null || value === undefined || (quote === "" && !ONE_WORD.test(value)))
        return { text, isWhole: false };
      text += value;
      at += match[0].length - 1;
    } else text += char;
  }
  return { text, isWhole: quote === "" };
}

function valueAt(name: string, pos: number, values: Variables["values"]): string | undefined {
  const assigned = values.get(name);
  return assigned !== undefined && assigned.pos <= pos ? assigned.value : undefined;
}

/** `$PWD/x` names a place below the folder in force; only right where the shell itself opens the path. */
export function expandTarget(word: Word, variables: Variables): Word {
  const [, rest] = /^"?\$(?:PWD|\{PWD\})\/([\w./-]*)"?$/.exec(word.raw) ?? [];
  if (word.value !== null || rest === undefined) return expandWord(word, variables);
  return { ...word, value: `./${rest}`, prefix: `./${rest}`, why: [], splits: false };
}
