/**
 * `{a,b}` and `{1..5}` -> the words they stand for, where bash and zsh agree. It reads plain names and plain numbers
 * only; nesting, padding, steps, letters, empty words and whatever is quoted are left to be not known.
 */
import type { SimpleCommand, Word } from "./shell.js";

/** Words that one word may become. */
const MOST = 64;
const PLAIN = /^[\w./@%+:-]*$/;
const LIST = /^\{([\w./@%+:-]*(?:,[\w./@%+:-]*)+)\}/;
const RANGE = /^\{(0|-?[1-9]\d{0,5})\.\.(0|-?[1-9]\d{0,5})\}/;

/** The words, in order; `null` when they are not known from the text. */
export function expandBraces(word: Word): readonly Word[] | null {
  if (word.value !== null || word.quoted || !word.why.every((why) => why === "brace")) return null;
  const texts = expandText(word.raw);
  if (texts === null || texts.includes("")) return null;
  return texts.map((text) => ({ ...word, raw: text, value: text, prefix: text, why: [], splits: false }));
}

function expandText(raw: string): readonly string[] | null {
  let texts: readonly string[] = [""];
  for (let rest = raw; rest !== ""; ) {
    const open = rest.indexOf("{");
    const before = open < 0 ? rest : rest.slice(0, open);
    const found = open < 0 ? null : choicesAt(rest.slice(open));
    if (!PLAIN.test(before) || (open >= 0 && found === null)) return null;
    const choices = found?.choices ?? [""];
    if (texts.length * choices.length > MOST) return null;
    texts = texts.flatMap((text) => choices.map((choice) => text + before + choice));
    rest = rest.slice(before.length + (found?.length ?? 0));
  }
  return texts;
}

function choicesAt(text: string): { readonly choices: readonly string[]; readonly length: number } | null {
  const list = LIST.exec(text);
  if (list !== null) return { choices: (list[1] ?? "").split(","), length: list[0].length };
  const range = RANGE.exec(text);
  if (range === null) return null;
  const from = Number(range[1]);
  const to = Number(range[2]);
  const count = Math.abs(to - from) + 1;
  if (count > MOST) return null;
  const step = to < from ? -1 : 1;
  return { choices: Array.from({ length: count }, (_, index) => String(from + index * step)), length: range[0].length };
}

/** Commands after which braces may mean something else. */
const SWITCHES: ReadonlySet<string> = new Set(
  "setopt unsetopt emulate eval source . shopt options builtin command".split(" "),
);
const TAME_SET = /^(?:[-+][efux]*o?|pipefail|errexit|nounset|xtrace)$/;

/** Whether a command may switch brace expansion off, or hide one that does. */
export function mayChangeBraces({ argv }: SimpleCommand): boolean {
  const [name, ...words] = argv;
  if (name === undefined) return false;
  const program = name.value ?? expandBraces(name)?.[0]?.value;
  if (program === undefined || program === null || SWITCHES.has(program)) return true;
  return program === "set" && !words.every(({ value }) => value !== null && TAME_SET.test(value));
}
