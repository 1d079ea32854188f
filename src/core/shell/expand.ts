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
  /** Absolute home folder, "" when not known. */
  readonly home: string;
  /** The call assigns `HOME`: `~` is somewhere else. */
  readonly movesHome: boolean;
}

export const NO_VARIABLES: Variables = { values: new Map(), home: "", movesHome: false };

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
  const movesHome = /(?<!\w)HOME\+?=/.test(text);
  const changesSplitting = /(?<!\w)IFS\+?=/.test(text);
  const none = { values: new Map<string, Assigned>(), home, movesHome };
  if (parse.status !== "ok" || changesSplitting) return none;
  for (const command of parse.commands) {
    const isPlain = command.argv.length === 0 || command.argv[0]?.value === "export";
    if (!isPlain || command.context.length > 0 || command.redirects.length > 0) continue;
    for (const { name, value } of assignedBy(command)) {
      if (value !== null && isNamedOnce(text, name)) values.set(name, { value, pos: command.end });
    }
  }
  const variables = { values, home, movesHome };
  return parse.commands.some((command) => hidesAssignments(command, variables)) ? none : variables;
}

function hidesAssignments(command: SimpleCommand, variables: Variables): boolean {
  const [name] = command.argv;
  if (name === undefined) return false;
  const program = expandWord(name, variables);
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
  if (word.value !== null || !word.why.every((each) => each === "param" || each === "tilde" || each === "glob"))
    return word;
  // INVARIANT: `~` under another home must not be read as the user's.
  if (variables.movesHome && word.why.includes("tilde")) return { ...word, why: [...word.why, "param"] };
  const { text, isWhole } = expandText(word, variables);
  if (isWhole) return { ...word, value: text, prefix: text, why: [], splits: false };
  return text.length > word.prefix.length ? { ...word, prefix: text } : word;
}

/** Reads quotes, `~` at the start and `$NAME`; stops at anything else. */
function expandText({ raw, pos }: Word, { values, home, movesHome }: Variables): { text: string; isWhole: boolean } {
  let text = "";
  let quote = "";
  for (let at = 0; at < raw.length; at++) {
    const char = raw[at] ?? "";
    if (quote === "'") {
      if (char === "'") quote = "";
      else text += char;
    } else if (char === '"') quote = quote === "" ? '"' : "";
    else if (char === "'" && quote === "") quote = "'";
    else if (char === "\\" || char === "`" || (quote === "" && /[*?[{]/.test(char))) return { text, isWhole: false };
    else if (char === "~" && quote === "") {
      if (at > 0 || home === "" || !/^~(\/|$)/.test(raw)) return { text, isWhole: false };
      text += home;
    } else if (char === "$") {
      const match = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/.exec(raw.slice(at));
      const name = match?.[1] ?? match?.[2] ?? "";
      const value = valueAt(name, pos, values) ?? (name === "HOME" && home !== "" && !movesHome ? home : undefined);
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
