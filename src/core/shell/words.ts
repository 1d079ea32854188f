/**
 * A word of the parser's tree -> its static value, or why there is none; every command inside it is walked. The parts
 * must tile the word exactly: a hole or an overlap is a misreading, and refuses the text.
 */

import { walkArithmeticExpansion } from "./arithmetic.js";
import type { AstWord, WordPart } from "./ast.js";
import { type Ink, ink } from "./ink.js";
import { type Place, readAnsiC, readDoubleQuoted, readUnquoted } from "./literals.js";
import { walkParameter } from "./parameters.js";
import type { Frame, Walk } from "./parse-walk.js";
import type { Dynamic, Word } from "./shell.js";
import { walkSubstitution } from "./substitutions.js";
import { WordDraft } from "./word-draft.js";

/** What surrounds the parts: nothing, double quotes, or a here-document body. */
export type Quoting = "none" | "double" | "body";

/** `literal` is the paint of unquoted text: a word's own, or that of the structure the word is an operand of. */
export function walkWord(walk: Walk, frame: Frame, word: AstWord, literal: Ink = ink.word): Word {
  const draft = new WordDraft();
  const raw = frame.source.slice(word.pos, word.end);
  if (walk.spend(frame, word.pos)) {
    walk.mark(frame, word.pos, word.end, literal);
    const parts = word.parts;
    if (parts === undefined) {
      if (!readUnquoted(raw, draft, { isFirst: true, isWhole: true, isEnclosed: literal !== ink.word }))
        walk.refuse("word-structure", frame, word.pos);
    } else walkParts(walk, frame, parts, word.pos, word.end, draft, "none", literal);
  } else draft.addDynamic("zsh");
  const { pos, end } = walk.place(frame, word);
  return draft.finish(raw, pos, end);
}

/** Parts that must tile `pos` to `end`. */
export function walkParts(
  walk: Walk,
  frame: Frame,
  parts: readonly WordPart[],
  pos: number,
  end: number,
  draft: WordDraft,
  quoting: Quoting,
  literal: Ink,
): void {
  let at = pos;
  for (const part of parts) {
    if (part.pos !== at) walk.refuse("word-structure", frame, at);
    at = part.end;
    if (!walk.spend(frame, part.pos)) return;
    walkPart(walk, frame, part, draft, quoting, literal, {
      isFirst: part.pos === pos,
      isWhole: part.pos === pos && part.end === end,
      isEnclosed: literal !== ink.word,
    });
  }
  if (at !== end) walk.refuse("word-structure", frame, at);
}

function walkPart(
  walk: Walk,
  frame: Frame,
  part: WordPart,
  draft: WordDraft,
  quoting: Quoting,
  literal: Ink,
  place: Place,
): void {
  const text = frame.source.slice(part.pos, part.end);
  const isQuoted = quoting !== "none";
  const check = (isSound: boolean): void => {
    if (!isSound) walk.refuse("word-structure", frame, part.pos);
  };
  switch (part.type) {
    case "Literal":
      check(isQuoted ? readDoubleQuoted(text, draft, quoting === "body") : readUnquoted(text, draft, place));
      return;
    case "SingleQuoted":
      check(text.length >= 2 && text.startsWith("'") && text.indexOf("'", 1) === text.length - 1);
      walk.mark(frame, part.pos, part.end, ink.single);
      draft.isQuoted = true;
      draft.addText(text.slice(1, -1));
      return;
    case "AnsiCQuoted":
      check(text.startsWith("$'") && text.length >= 3 && text.endsWith("'") && readAnsiC(text.slice(2, -1), draft));
      walk.mark(frame, part.pos, part.end, ink.single);
      draft.isQuoted = true;
      return;
    case "DoubleQuoted":
    case "LocaleString": {
      const open = part.type === "DoubleQuoted" ? 1 : 2;
      check(text.length > open && text[open - 1] === '"' && text.endsWith('"'));
      walk.mark(frame, part.pos, part.end, ink.double);
      draft.isQuoted = true;
      if (part.type === "LocaleString") draft.addDynamic("locale");
      walkParts(walk, frame, part.parts, part.pos + open, part.end - 1, draft, "double", ink.double);
      return;
    }
    case "SimpleExpansion":
      check(/^\$([A-Za-z_]\w*|[0-9@*#?$!-])$/.test(text));
      walk.mark(frame, part.pos, part.end, ink.expansion);
      if (text === "$@") draft.addSplit();
      addDynamic(draft, "param", isQuoted, text);
      return;
    case "ParameterExpansion":
      walkParameter(walk, frame, part, isQuoted);
      if (/[@*]/.test(text)) draft.addSplit();
      addDynamic(draft, "param", isQuoted, text);
      return;
    case "CommandExpansion":
      walkSubstitution(walk, frame, part);
      addDynamic(draft, "cmdsub", isQuoted, text);
      return;
    case "ProcessSubstitution":
      walkSubstitution(walk, frame, part);
      addDynamic(draft, "procsub", isQuoted, text);
      return;
    case "ArithmeticExpansion":
      walkArithmeticExpansion(walk, frame, part);
      addDynamic(draft, "arith", isQuoted, text);
      return;
    case "Glob":
      addDynamic(draft, "glob", isQuoted, text);
      walkInner(walk, frame, part.parts, literal);
      return;
    case "BraceExpansion":
      addDynamic(draft, "brace", isQuoted, text);
      walkInner(walk, frame, part.parts, literal);
      return;
    case "ExtendedGlob":
      walk.refuse("extglob", frame, part.pos);
      addDynamic(draft, "glob", isQuoted, text);
      walkInner(walk, frame, part.parts, literal);
      return;
    default:
      part satisfies never;
      walk.refuse("unknown-syntax", frame, frame.anchor?.pos ?? 0);
  }
}

function addDynamic(draft: WordDraft, why: Dynamic, isQuoted: boolean, text: string): void {
  draft.addDynamic(why, isQuoted);
  draft.addText(text);
}

/** Parts of a glob or brace: the word is dynamic already, only quotes and commands inside count; the census finds what is missing. */
function walkInner(walk: Walk, frame: Frame, parts: readonly WordPart[] | undefined, literal: Ink): void {
  if (parts === undefined) return;
  const draft = new WordDraft();
  for (const part of parts) {
    if (!walk.spend(frame, part.pos)) return;
    walkPart(walk, frame, part, draft, "none", literal, {
      isFirst: false,
      isWhole: false,
      isEnclosed: literal !== ink.word,
    });
  }
}
