/**
 * Proves that an awk program only reads its input and prints: no `system`, pipe, file output, `getline`, extension or
 * indirect call. Strings and regexes are set aside first; where awks may split the text differently it is not understood.
 */
import type { ScriptFinding } from "./sed-script.js";

/** Looked for in the whole text, literals included: hiding them in a literal is no use to anyone. */
const NAMED: readonly (readonly [RegExp, string])[] = [
  [/\bsystem\b/, "awk `system` runs a command"],
  [/\bgetline\b/, "awk `getline` reads another file or command"],
  [/\b(?:ARGV|ARGC|PROCINFO|SYMTAB|FUNCTAB)\b/, "awk changes what it reads"],
  [/\bENVIRON\b/, "awk reads the environment, secrets included"],
];

export function checkAwk(script: string): ScriptFinding {
  for (const [pattern, why] of NAMED) if (pattern.test(script)) return { effect: "unknown", why };
  const code = withoutLiterals(script)?.replace(CONTINUED, "$1 ").replaceAll("||", " ");
  if (code === undefined) return { effect: "unknown", why: "the awk program is not understood" };
  if (code.includes("|")) return { effect: "unknown", why: "an awk pipe runs a command" };
  if (code.includes("@")) return { effect: "unknown", why: "awk loads or calls what is not in the script" };
  // `print (a > b)` compares; a `>` after print and outside parentheses writes.
  if (/>>|\bprintf?\b[^;{}\n]*>/.test(withoutParentheses(code)))
    return { effect: "unknown", why: "awk prints into a file" };
  return { effect: "reads", why: "" };
}

/** A statement goes on after these, on the next line. */
const CONTINUED = /([,?:]|&&|\|\||\{|\bdo|\belse|\\)[ \t\r]*\n\s*/g;

function withoutParentheses(code: string): string {
  for (let out = code, round = 0; ; round++) {
    const next = out.replace(/\([^()]*\)/g, " ");
    if (next === out || round > 20) return next;
    out = next;
  }
}

/** Strings become `""`, regexes `0`, comments vanish; `undefined` when a literal is not closed or may be read two ways. */
function withoutLiterals(script: string): string | undefined {
  let out = "";
  for (let at = 0; at < script.length; at++) {
    const char = script[at] ?? "";
    if (char === "#") {
      const end = script.indexOf("\n", at);
      at = end < 0 ? script.length : end - 1;
    } else if (char === "/" && isAmbiguousSlash(out)) return undefined;
    else if (char === '"' || (char === "/" && !isOperand(out))) {
      const end = closing(script, at, char);
      if (end === undefined) return undefined;
      out += char === '"' ? '""' : "0";
      at = end;
    } else out += char;
  }
  return out;
}

/** After `)`, `++` or `--` a slash may divide or open a regex. */
function isAmbiguousSlash(before: string): boolean {
  return /(?:\)|\+\+|--)\s*$/.test(before);
}

/** A slash after an operand divides. */
function isOperand(before: string): boolean {
  return /[\w\]"$]\s*$/.test(before) && !/\b(?:return|in|print|printf|case|else|do)\s*$/.test(before);
}

function closing(script: string, start: number, quote: string): number | undefined {
  let isInBracket = false;
  for (let at = start + 1; at < script.length; at++) {
    const char = script[at];
    if (char === "\\") at++;
    else if (char === "\n") return undefined;
    else if (char === quote) return isInBracket ? undefined : at;
    else if (quote === "/" && char === "[") isInBracket = true;
    else if (char === "]") isInBracket = false;
  }
  return undefined;
}
