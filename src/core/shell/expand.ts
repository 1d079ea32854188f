/** A word with the variables it uses put in, where all are known; the same word, or one that knows more of its start, otherwise. */
import type { Word } from "./shell.js";
import type { Variables } from "./variables.js";

/** Values that stay one word and are no pattern where they stand unquoted. */
const ONE_WORD = /^[\w./:@%+,=-]+$/;

export function expandWord(word: Word, variables: Variables): Word {
  if (word.value !== null || !word.why.every((why) => why === "param" || why === "tilde" || why === "glob"))
    return word;
  // INVARIANT: `~` under another home must not be read as the user's.
  if (variables.movesHome && word.why.includes("tilde")) return { ...word, why: [...word.why, "param"] };
  const pattern = expandPattern(word, variables);
  if (pattern !== null) return pattern;
  const { text, isWhole } = expandText(word, variables);
  if (isWhole) return { ...word, value: text, prefix: text, why: [], splits: false };
  return text.length > word.prefix.length ? { ...word, prefix: text } : word;
}

/** `"$f"`, `$f` and `"$f/x"` where `f` goes through the names of a pattern: that pattern, one name at a time. */
function expandPattern(word: Word, { patterns }: Variables): Word | null {
  const [, before = "", braced, plain, after = ""] =
    /^"?([\w./-]*)\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))([\w./-]*)"?$/.exec(word.raw) ?? [];
  const choice = patterns.get(braced ?? plain ?? "");
  if (choice === undefined) return null;
  return { ...word, raw: before + choice.raw + after, why: ["glob"], prefix: before + choice.prefix, splits: false };
}

/** Reads quotes, backslashes, `~` at the start and `$NAME`; stops at anything else. */
function expandText({ raw, pos }: Word, variables: Variables): { text: string; isWhole: boolean } {
  const { home } = variables;
  let text = "";
  let quote = "";
  for (let at = 0; at < raw.length; at++) {
    const char = raw[at] ?? "";
    if (quote === "'") {
      if (char === "'") quote = "";
      else text += char;
    } else if (char === '"') quote = quote === "" ? '"' : "";
    else if (char === "'" && quote === "") quote = "'";
    else if (char === "\\") {
      const next = raw[at + 1] ?? "\n";
      if (next === "\n") return { text, isWhole: false };
      text += quote === "" || /[$`"\\]/.test(next) ? next : `\\${next}`;
      at++;
    } else if (char === "`" || (quote === "" && /[*?[{]/.test(char))) return { text, isWhole: false };
    else if (char === "~" && quote === "" && (at === 0 || /[:=]/.test(raw[at - 1] ?? ""))) {
      if (at > 0 || home === "" || !/^~(\/|$)/.test(raw)) return { text, isWhole: false };
      text += home;
    } else if (char === "$") {
      const match = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/.exec(raw.slice(at));
      const value = match === null ? undefined : valueAt(match[1] ?? match[2] ?? "", pos, variables);
      if (match === null || value === undefined || (quote === "" && !ONE_WORD.test(value)))
        return { text, isWhole: false };
      text += value;
      at += match[0].length - 1;
    } else text += char;
  }
  return { text, isWhole: quote === "" };
}

function valueAt(name: string, pos: number, { values, home, movesHome }: Variables): string | undefined {
  const assigned = values.get(name);
  if (assigned !== undefined) return assigned.pos <= pos ? assigned.value : undefined;
  return name === "HOME" && home !== "" && !movesHome ? home : undefined;
}

/** `$PWD/x` names a place below the folder in force; only right where the shell itself opens the path. */
export function expandTarget(word: Word, variables: Variables): Word {
  const [, rest] = /^"?\$(?:PWD|\{PWD\})\/([\w./-]*)"?$/.exec(word.raw) ?? [];
  if (word.value !== null || rest === undefined) return expandWord(word, variables);
  return { ...word, value: `./${rest}`, prefix: `./${rest}`, why: [], splits: false };
}
