/** `src/{a,b}.ts` is two words that are known. Only plain lists are read; what else braces may mean stays dynamic. */
import type { Word } from "./shell.js";

const PLAIN = /^[\w./@%+-]*(?:\{[\w./@%+-]*(?:,[\w./@%+-]*)+\}[\w./@%+-]*){1,3}$/;
const MOST = 16;

/** The words that a shell makes of one, in order; the word itself when it has no such braces or too many. */
export function expandBraces(word: Word): readonly Word[] {
  if (word.value !== null || word.quoted || word.why.some((why) => why !== "brace") || !PLAIN.test(word.raw))
    return [word];
  let texts = [""];
  for (const piece of word.raw.split(/(\{[^}]*\})/)) {
    const choices = piece.startsWith("{") ? piece.slice(1, -1).split(",") : [piece];
    texts = texts.flatMap((text) => choices.map((choice) => text + choice));
    if (texts.length > MOST) return [word];
  }
  // Words without a character are dropped by the shell.
  const made = texts.filter((text) => text !== "");
  return made.map((text) => ({ ...word, raw: text, value: text, prefix: text, why: [], splits: false }));
}
