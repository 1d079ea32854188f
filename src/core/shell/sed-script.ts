/**
 * Proves that a sed script only prints: addresses and a closed list of commands. Anything else (`w`, `r`, `e`, unknown
 * letters, unreadable text) is answered with what it may do; it never guesses.
 */
import type { PartEffect } from "./shell.js";

export interface ScriptFinding {
  readonly effect: PartEffect;
  /** In plain words; "" when the script only reads. */
  readonly why: string;
}

const ONLY_PRINTS: ScriptFinding = { effect: "reads", why: "" };
const UNREADABLE: ScriptFinding = { effect: "unknown", why: "the sed script is not understood" };

/** An address or a range of them, with `!`. The delimiters of regexes are read by `skipDelimited`. */
const LINE_ADDRESS = /^(?:\d+(?:~\d+)?|\$|[+~]\d+)/;

export function checkSed(script: string): ScriptFinding {
  let at = 0;
  const skip = (pattern: RegExp): void => {
    at += pattern.exec(script.slice(at))?.[0].length ?? 0;
  };
  while (at < script.length) {
    skip(/^[\s;{}]+/);
    if (script[at] === "#") {
      skip(/^[^\n]*/);
      continue;
    }
    const afterAddress = skipAddresses(script, at);
    if (afterAddress === null) return UNREADABLE;
    at = afterAddress;
    skip(/^\s*!?\s*/);
    const command = script[at];
    if (command === undefined) return ONLY_PRINTS;
    at++;
    if (/[{}]/.test(command)) continue;
    if (/[pdDnNgGhHxPlFz=]/.test(command)) skip(/^[ \t]*\d*/);
    else if (/[qQ]/.test(command)) skip(/^[ \t]*\d*/);
    // GNU sed ends a label at a blank, and goes on with the next command.
    else if (/[btT:]/.test(command)) skip(/^[ \t]*[\w.-]*/);
    else if (/[aic]/.test(command)) skip(/^(?:\\\n|[^\n\\]|\\.)*/s);
    else if (command === "s" || command === "y") {
      const end = skipSubstitution(script, at);
      if (end === null) return UNREADABLE;
      at = end;
      const flags = /^[\w]*/.exec(script.slice(at))?.[0] ?? "";
      if (command === "s" && flags.includes("e")) return { effect: "unknown", why: "the sed flag `e` runs a command" };
      if (command === "s" && flags.includes("w")) return { effect: "unknown", why: "the sed flag `w` writes a file" };
      if (!/^[gpIiMm\d]*$/.test(flags)) return UNREADABLE;
      at += flags.length;
    } else if (command === "e") return { effect: "unknown", why: "the sed command `e` runs a command" };
    else if (/[wW]/.test(command)) return { effect: "unknown", why: "the sed command `w` writes a file" };
    else return UNREADABLE;
    if (!/^[ \t]*(?:$|[;\n}#])/.test(script.slice(at))) return UNREADABLE;
  }
  return ONLY_PRINTS;
}

/** Position after the addresses, `null` when one is not closed. */
function skipAddresses(script: string, start: number): number | null {
  let at = start;
  for (let count = 0; count < 2; count++) {
    const line = LINE_ADDRESS.exec(script.slice(at));
    if (line !== null) at += line[0].length;
    else if (script[at] === "/" || script[at] === "\\") {
      const end = skipDelimited(script, script[at] === "/" ? at : at + 1);
      if (end === null) return null;
      at = end + (/^[IM]*/.exec(script.slice(end))?.[0].length ?? 0);
    } else return at;
    const comma = /^\s*,\s*/.exec(script.slice(at));
    if (comma === null) return at;
    at += comma[0].length;
  }
  return at;
}

/** From a delimiter to just after its partner; escapes are respected. */
function skipDelimited(script: string, start: number): number | null {
  const delimiter = script[start];
  if (delimiter === undefined || /[\\\n]/.test(delimiter)) return null;
  let isInBracket = false;
  for (let at = start + 1; at < script.length; at++) {
    const char = script[at];
    if (char === "\\") at++;
    else if (char === "\n") return null;
    // Seds disagree whether a delimiter inside brackets ends the regex.
    else if (char === delimiter) return isInBracket ? null : at + 1;
    else if (char === "[") {
      // A first `]` is one of the characters for some seds, and ends the brackets for others.
      if (/^\^?\]/.test(script.slice(at + 1))) return null;
      isInBracket = true;
    } else if (char === "]") isInBracket = false;
  }
  return null;
}

function skipSubstitution(script: string, start: number): number | null {
  const middle = skipDelimited(script, start);
  if (middle === null) return null;
  // INVARIANT: the second half starts at the delimiter that closed the first one.
  return skipReplacement(script, middle - 1);
}

function skipReplacement(script: string, start: number): number | null {
  const delimiter = script[start];
  for (let at = start + 1; at < script.length; at++) {
    if (script[at] === "\\") at++;
    else if (script[at] === delimiter) return at + 1;
  }
  return null;
}
