/**
 * Checks, character by character, that the walk accounted for the whole text: between commands only blanks, separators,
 * reserved words and comments; every expansion and every parenthesis visited. It trusts the paint for nothing else.
 */
import { ink, isEscaped, isInert } from "./ink.js";
import type { Walk } from "./parse-walk.js";
import { structureWords } from "./reserved.js";

const separators: ReadonlySet<string> = new Set([";", "&", "|", "&&", "||", "|&", ";;", ";&", ";;&"]);

/** Paints comments; must run before the censuses. */
export function checkCoverage(walk: Walk): void {
  const { text, paint } = walk;
  let at = 0;
  while (at < text.length) {
    const painted = paint[at];
    if (painted === ink.array) at = checkArrayGap(walk, at);
    else if (painted === ink.gap) at = checkGap(walk, at);
    else at++;
  }
}

function checkArrayGap(walk: Walk, at: number): number {
  const char = walk.text[at];
  if (char === "#") return readComment(walk, at, ink.array);
  if (char !== " " && char !== "\t" && char !== "\n") walk.refuseAt("array-assignment", at);
  return at + 1;
}

function checkGap(walk: Walk, at: number): number {
  const { text } = walk;
  const char = text[at] ?? "";
  if (char === " " || char === "\t" || char === "\n") return at + 1;
  if (char === "#") return readComment(walk, at, ink.gap);
  if (char === "\\" && text[at + 1] === "\n") return at + 2;
  if (";&|".includes(char)) {
    const end = runEnd(walk, at, (each) => ";&|".includes(each));
    const next = text[end];
    if (!separators.has(text.slice(at, end)) || (text[end - 1] === "&" && (next === "!" || next === "|")))
      walk.refuseAt("operator", at);
    return end;
  }
  const end = Math.max(
    at + 1,
    runEnd(walk, at, (each) => /[^\s;&|()#\\]/.test(each)),
  );
  const isReserved = structureWords.has(text.slice(at, end)) && endsBefore(walk, at) && startsAfter(walk, end);
  if (!isReserved) walk.refuseAt(char === "(" || char === ")" ? "unaccounted-parenthesis" : "uncovered", at);
  return end;
}

/** Does whatever is before `at` end there, so that a reserved word can start? */
function endsBefore(walk: Walk, at: number): boolean {
  const painted = at === 0 ? ink.gap : walk.paint[at - 1];
  if (painted === ink.gap || painted === ink.parenthesis) return true;
  return painted === ink.expansion && /[(`]/.test(walk.text[at - 1] ?? "");
}

function startsAfter(walk: Walk, end: number): boolean {
  const painted = end === walk.text.length ? ink.gap : walk.paint[end];
  if (painted === ink.gap || painted === ink.parenthesis) return true;
  const next = walk.text[end] ?? "";
  return painted === ink.expansion ? /[)`]/.test(next) : painted === ink.operator && /[<>]/.test(next);
}

function runEnd(walk: Walk, from: number, isMember: (char: string) => boolean): number {
  let at = from;
  while (at < walk.text.length && walk.paint[at] === ink.gap && isMember(walk.text.charAt(at))) at++;
  return at;
}

/** `#` starts a comment only after a blank, a newline or `;`, and never where a word or redirect ends. */
function readComment(walk: Walk, start: number, within: number): number {
  const { text, paint } = walk;
  let before = start - 1;
  while (text[before] === "\n" && text[before - 1] === "\\") before -= 2;
  if (before >= 0 && (paint[before] !== within || !/[\s;]/.test(text[before] ?? ""))) walk.refuseAt("comment", start);
  let end = start;
  while (end < text.length && text[end] !== "\n" && paint[end] === within) end++;
  if (end < text.length && text[end] !== "\n" && !isClosing(text[end])) walk.refuseAt("comment", start);
  paint.fill(ink.comment, start, end);
  return end;
}

/** The end of the substitution that holds the comment. */
function isClosing(char: string | undefined): boolean {
  return char === "`";
}

/** Every `$(`, backtick, `<(`, `>(`, `${` and `$[` is an expansion that was visited, or is quoted. */
export function checkExpansions(walk: Walk): void {
  const { text, paint, starts } = walk;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    const next = text[at + 1];
    const isProcess = (char === "<" || char === ">") && next === "(";
    const isOther = char === "`" || (char === "$" && (next === "(" || next === "{" || next === "["));
    if ((!isProcess && !isOther) || starts[at] === 1 || isInert(paint[at])) continue;
    if (isProcess && (paint[at] === ink.double || paint[at] === ink.body)) continue;
    if (!isEscaped(text, paint, at)) walk.refuseAt("unaccounted-expansion", at);
  }
}

const parenthesisInks: ReadonlySet<number> = new Set([
  ink.single,
  ink.double,
  ink.expansion,
  ink.arithmetic,
  ink.test,
  ink.quotedBody,
  ink.body,
  ink.comment,
  ink.parenthesis,
]);

/** Every unquoted parenthesis belongs to a structure that was visited: this removes zsh's glob qualifiers and `=(cmd)`. */
export function checkParentheses(walk: Walk): void {
  const { text, paint } = walk;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char !== "(" && char !== ")") continue;
    if (!parenthesisInks.has(paint[at] ?? ink.gap) && !isEscaped(text, paint, at))
      walk.refuseAt("unaccounted-parenthesis", at);
  }
}
