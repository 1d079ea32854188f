/**
 * A regex against the words of one part of a shell call, as a person would have typed them. Deny and ask see every
 * spelling and what a dynamic word may become; allow sees only what is written, and never another program's name.
 */
import type { ShellPart, Word } from "../shell/shell.js";
import type { Answer } from "./evaluation.js";
import type { Facts, Subject } from "./facts.js";
import { couldMatch, GAP, type Shape } from "./match-shape.js";
import { anyOf, matchText, type Stance } from "./match-text.js";
import type { Regex } from "./policy.js";
import { wordShape } from "./word-shape.js";

export interface TextOptions {
  readonly ignoreCase: boolean;
  /** Made from a pattern with wildcards, so that a stand-in proves a wildcard. */
  readonly isGlob: boolean;
}

/** Where programs of the system live: a full path there is the program itself. */
const SYSTEM_FOLDER = /^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]+$|^\/opt\/homebrew\/bin\/[^/]+$/;

/** Whether the program was called by its name, or by the path the system has it under. */
export function isPlainProgram(part: ShellPart): boolean {
  return part.programPath === null || SYSTEM_FOLDER.test(part.programPath);
}

/** What a dynamic word or another program may be: no pattern names it, so only a wildcard covers it. */
const SOMETHING = "\uE000";

function joined(words: readonly (string | null)[]): string {
  return words.join(" ");
}

interface Typed {
  readonly texts: readonly string[];
  readonly shape: Shape | null;
}

const cache = new WeakMap<ShellPart, Typed>();

/** Every text that deny and ask look at, and the shape of the words when some are dynamic. */
function typedTexts(part: ShellPart, text: string): Typed {
  const known = cache.get(part);
  if (known !== undefined) return known;
  const { argv, program } = part;
  const values = argv.map((word) => word.value ?? word.raw);
  const texts = [joined(values), text];
  if (program !== null) {
    texts.push(joined([program, ...values.slice(1)]));
    if (program !== program.toLowerCase()) texts.push(joined([program.toLowerCase(), ...values.slice(1)]));
  }
  const isOpen = argv.some((word) => word.value === null);
  const typed = { texts: [...new Set(texts)], shape: isOpen ? shapeOfWords(argv, program) : null };
  cache.set(part, typed);
  return typed;
}

function shapeOfWords(words: readonly Word[], program: string | null): Shape {
  const tokens: (string | number)[] = [];
  words.forEach((word, index) => {
    if (index > 0 && tokens.at(-1) !== GAP) tokens.push(" ");
    tokens.push(...(index === 0 && program !== null ? program : wordShape(word)));
    if (word.splits) tokens.push(GAP);
  });
  return tokens;
}

/** A match in the words before a dynamic one stays one whatever follows, if the regex looks neither ahead nor at the end. */
function isDecidedByStart(regex: Regex): boolean {
  return !/\(\?[=!<]|\$|\\b/i.test(regex.source);
}

interface Proof {
  /** The words before the first dynamic one, `null` when that is the first. */
  readonly start: string | null;
  readonly isOpen: boolean;
  /** Texts with a stand-in for the first dynamic word and all that follow. */
  readonly texts: readonly string[];
}

const proofs = new WeakMap<readonly Word[], Proof>();

/** INVARIANT: a blank inside a word is no blank between words, and a dynamic word is covered by a last wildcard only. */
function proofOf(words: readonly Word[]): Proof {
  const known = proofs.get(words);
  if (known !== undefined) return known;
  const first = words.findIndex((word) => word.value === null);
  const fixed = first < 0 ? words : words.slice(0, first);
  const values = fixed.map((word) => unbroken(word.value ?? ""));
  const tail = first < 0 ? [] : [`${words[first]?.prefix ?? ""}${SOMETHING}`];
  const texts = [joined([...values, ...tail]), joined([...fixed.map((word) => word.raw), ...tail])];
  const start = first === 0 ? null : joined(values);
  const proof = { start, isOpen: first >= 0, texts: [...new Set(texts)] };
  proofs.set(words, proof);
  return proof;
}

/** A regex would have to be compiled first, for words that hardly ever hold a blank. */
function unbroken(value: string): string {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (code <= 32 || code > 127) return value.replace(/\s/g, "\u00a0");
  }
  return value;
}

function proves(regex: Regex, words: readonly Word[], { ignoreCase, isGlob }: TextOptions): Answer {
  const { start, isOpen, texts } = proofOf(words);
  if (isOpen && !isGlob) {
    if (start === null || !isDecidedByStart(regex)) return "unknown";
    return matchText(regex, start, "must", ignoreCase) === "yes" ? "yes" : "unknown";
  }
  let answer: Answer = "no";
  for (const text of texts) {
    const one = matchText(regex, text, "must", ignoreCase);
    if (one === "yes") return one;
    if (one === "unknown") answer = one;
  }
  return answer;
}

function wordOf(text: string): Word {
  return { raw: text, pos: 0, end: 0, value: text, why: [], prefix: text, quoted: false, splits: false };
}

/** `A=1 npm test`: the text with its assignments, when all are static. */
function assignedWords({ assigns, argv }: ShellPart): readonly Word[] | null {
  if (assigns.length === 0 || assigns.some((assign) => assign.value === null || assign.append)) return null;
  return [...assigns.map(({ name, value }) => wordOf(`${name}=${value}`)), ...argv];
}

/** Whether a regex names the variables a part assigns, not only allows for some. */
export function namesAssignments(regex: Regex, part: ShellPart, options: TextOptions): boolean {
  const words = assignedWords(part);
  if (words === null || proves(regex, words, options) !== "yes") return false;
  return part.assigns.every((_, index) => !provesWithout(regex, words, index, options));
}

/** The regex holds even when this word is another one: it does not name it. */
function provesWithout(regex: Regex, words: readonly Word[], index: number, options: TextOptions): boolean {
  return proves(regex, words.with(index, wordOf(SOMETHING)), options) !== "no";
}

/** Whether a regex names this word of a part, and does not only allow for some word there. */
export function namesWord(regex: Regex, { argv }: ShellPart, index: number, options: TextOptions): boolean {
  return proves(regex, argv, options) === "yes" && !provesWithout(regex, argv, index, options);
}

/** Where a part's words stand at the end of another's (`npx tsc` in `sudo npx tsc`), -1 when they do not. */
function tailIndex(inner: ShellPart, outer: ShellPart): number {
  const words = inner.argv.filter((word) => word.end > word.pos);
  const index = outer.argv.length - words.length;
  if (index < 1) return -1;
  const isTail = words.every((word, at) => {
    const other = outer.argv[index + at];
    return other !== undefined && other.pos === word.pos && other.raw === word.raw;
  });
  return isTail ? index : -1;
}

/** `npx tsc *` covers the tsc it names; `npx *` covers npx and not what it runs. */
function namedByOuter(regex: Regex, part: ShellPart, facts: Facts, options: TextOptions): Answer {
  if (part.via.length === 0) return "no";
  return facts.subjects.some(({ part: outer }) => {
    if (outer === null || outer === part || outer.certainty !== "certain") return false;
    const index = tailIndex(part, outer);
    if (index < 1) return false;
    const words = [...outer.argv, ...part.argv.filter((word) => word.end === word.pos)];
    return proves(regex, words, options) === "yes" && !provesWithout(regex, words, index, options);
  })
    ? "yes"
    : "no";
}

function mustMatch(regex: Regex, part: ShellPart, facts: Facts, options: TextOptions): Answer {
  const { argv, program, programPath } = part;
  if (argv.length === 0 || program === null) return "no";
  const own = proves(regex, argv, options);
  if (own === "yes") return own;
  const answers: Answer[] = [own];
  if (programPath !== null && isPlainProgram(part)) {
    answers.push(proves(regex, [wordOf(program), ...argv.slice(1)], options));
  }
  if (namesAssignments(regex, part, options)) return "yes";
  return anyOf([...answers, namedByOuter(regex, part, facts, options)]);
}

/** A regex on the text of one part, or on the whole text when the subject is the call. */
export function matchPartText(
  regex: Regex,
  subject: Subject,
  facts: Facts,
  stance: Stance,
  options: TextOptions,
): Answer {
  const { part } = subject;
  if (part === null) return matchText(regex, subject.text, stance, options.ignoreCase);
  if (stance === "must") return mustMatch(regex, part, facts, options);
  const { texts, shape } = typedTexts(part, subject.text);
  let answer: Answer = "no";
  for (const text of texts) {
    const one = matchText(regex, text, stance, options.ignoreCase);
    if (one === "yes") return one;
    if (one === "unknown") answer = one;
  }
  if (answer !== "no" || shape === null) return answer;
  return couldMatch(regex, shape, options.ignoreCase) ? "unknown" : "no";
}
