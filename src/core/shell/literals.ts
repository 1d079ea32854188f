/**
 * Static text of unquoted, double-quoted and `$'…'` parts after quote removal. A character that only some shells treat
 * as special makes the word dynamic; escapes whose meaning differs between shells are never decoded.
 */
import { consistsOf } from "./plain-chars.js";
import type { WordDraft } from "./word-draft.js";

/** Where an unquoted part stands: at the start of its word, alone in it, or where operators and blanks are plain text (`[[ ]]`, `${x:-…}`). */
export interface Place {
  readonly isFirst: boolean;
  readonly isWhole: boolean;
  readonly isEnclosed: boolean;
}

/** False when a character cannot stand in unquoted text, so the structure was misread. */
export function readUnquoted(text: string, draft: WordDraft, { isFirst, isWhole, isEnclosed }: Place): boolean {
  if (isWhole && (text === "[" || text === "]")) {
    draft.addText(text);
    return true;
  }
  if (consistsOf(text, "./@%+,:!^#-")) {
    draft.addText(text);
    return true;
  }
  const refused = isEnclosed ? /['"`]/ : /['"`;&|<>\s]/;
  let before = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "\\") {
      draft.isQuoted = true;
      at++;
      if (text[at] !== "\n") draft.addText(text[at] ?? "");
      before = "\\";
      continue;
    }
    if (char === "{" && text[at + 1] === "}") {
      draft.addText("{}");
      at++;
      before = "}";
      continue;
    }
    // `HEAD@{1}`, `v1^{commit}`: no list and no range, so the shell leaves it alone.
    const braced = char === "{" && /[@^]/.test(before) ? /^\{(?:(?!\.\.)[\w.+-])+\}/.exec(text.slice(at)) : null;
    if (braced !== null) {
      draft.addText(braced[0]);
      at += braced[0].length - 1;
      before = "}";
      continue;
    }
    if (refused.test(char)) return false;
    const starts = isFirst && at === 0;
    if (char === "~" && (starts || before === "=" || before === ":")) draft.addDynamic("tilde");
    else if (char === "*" || char === "?") draft.addDynamic("glob");
    else if (char === "$" && isWhole && at > 0 && at === text.length - 1) {
      // Nothing follows that it could expand: `-run TestX$`.
    } else if (char === "$" || (char === "=" && starts) || /[(){}[\]]/.test(char)) draft.addDynamic("zsh");
    draft.addText(char);
    before = char;
  }
  return true;
}

/** Text between double quotes, or of a here-document body. False as above. */
export function readDoubleQuoted(text: string, draft: WordDraft, isBody: boolean): boolean {
  if (!/[\\$`"]/.test(text)) {
    draft.addText(text);
    return true;
  }
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    const next = text[at + 1];
    if (char === "\\") {
      if (next === undefined) return false;
      if (next === "\n") at++;
      else if (next === "$" || next === "`" || next === "\\" || (next === '"' && !isBody)) {
        draft.addText(next);
        at++;
      } else draft.addText(char);
      continue;
    }
    if (char === "`" || (char === '"' && !isBody)) return false;
    // zsh expands `$=x`, `$+x`, `$^x`, `$~x` inside quotes too.
    if (char === "$" && next !== undefined && !/[\s|)/\\.,;%]/.test(next)) draft.addDynamic("zsh", true);
    draft.addText(char);
  }
  return true;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "?": "?",
};

/** The inside of `$'…'`. False when it holds a quote that is not escaped. */
export function readAnsiC(text: string, draft: WordDraft): boolean {
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "'") return false;
    if (char !== "\\") {
      draft.addText(char);
      continue;
    }
    at++;
    const decoded = simpleEscapes[text[at] ?? ""];
    if (decoded === undefined) draft.addDynamic("ansi-c");
    else draft.addText(decoded);
  }
  return true;
}
