/**
 * Where a shell calculates it also runs: `x=$(cat f); echo $((x))` runs what `f` holds in a subscript. So a value that comes
 * from what a command printed, from a file or from a file's name may only be calculated with when who prints it prints
 * nothing but a number.
 */
import { ink } from "./ink.js";
import type { Walk } from "./parse-walk.js";
import type { Assignment, SimpleCommand, Word } from "./shell.js";

/** What is calculated with, as written. */
export interface Evaluated {
  readonly text: string;
  readonly pos: number;
}

export function checkEvaluatedOutput(walk: Walk): void {
  const evaluated = [...walk.evaluated, ...expansionsOf(walk), ...walk.found.flatMap(builtinWords)];
  if (evaluated.length === 0) return;
  const filled = filledNames(walk);
  const found = evaluated.find(({ text }) => isFilled(text.replace(NUMBERS, "0"), filled));
  if (found !== undefined) walk.refuseAt("evaluated-output", found.pos);
}

/** `wc -l`, `date +%s`: stages before them do not matter, commands beside them do. */
const PRINTS_NUMBER = [
  String.raw`wc\s+-[clmwL]+(?:\s*<\s*[\w./-]+)?(?:\s*\|\s*(?:tr -d (?:' '|" "|'\[:space:\]')|xargs))?`,
  String.raw`date\s+["']?\+%[sYmdHMSjuNy]+["']?`,
  String.raw`seq(?:\s+[\w"$\{\}]+)+`,
  String.raw`grep\s+-[EFivw]*c[EFivw]*\s+(?:'[^']*'|"[^"$\x60]*"|[\w.-]+)`,
  "nproc",
].join("|");
const NUMBER = String.raw`\$\(\s*(?:(?:[^()\x60;&\n|]|2>&1)+\|)*\s*(?:${PRINTS_NUMBER})\s*\)|\$[#?$!]|\$\{#\w+(?:\[[@*]\])?\}`;
const NUMBERS = new RegExp(NUMBER, "g");
const IS_NUMBER = new RegExp(String.raw`^(["']?)(?:\d|${NUMBER}|\$\(\((?:[^()]|\([^()]*\))*\)\))+\1(?![^\s;&|)])`);
const OUTPUT = /\$\((?!\()|`|[<>]\(/;
/** Names, and the parameters of a function or of `set`. */
const NAMES = /[A-Za-z_]\w*|\$\{?[\d@*]/g;
const PARAMETER = "$";

function isFilled(text: string, filled: ReadonlySet<string>): boolean {
  if (OUTPUT.test(text)) return true;
  return (text.match(NAMES) ?? []).some((name) => filled.has(name.startsWith("$") ? PARAMETER : name));
}

/** Names of which the text does not tell that they hold a number or nothing of a command's output. */
function filledNames({ found, functions, text }: Walk): ReadonlySet<string> {
  const filled = new Set<string>(functions.length > 0 ? [PARAMETER] : []);
  for (const command of found) {
    for (const assign of command?.assigns ?? []) if (isOpen(assign, text)) filled.add(assign.name);
    const words = command?.argv ?? [];
    for (const { value, raw } of words) {
      const end = value === null ? raw.indexOf("=") : -1;
      if (end > 0 && !IS_NUMBER.test(raw.slice(end + 1))) filled.add(raw.slice(0, end).replace(/\+$/, ""));
    }
    if (words[0]?.value === "set") filled.add(PARAMETER);
    for (const [index, { value }] of words.entries()) if (words[index - 1]?.value === "-v") filled.add(value ?? "");
    const reads = words.findIndex(({ value }) => READS.has(value ?? ""));
    if (reads < 0) continue;
    for (const name of ["REPLY", "MAPFILE", "OPTARG"]) filled.add(name);
    for (const { value } of words.slice(reads + 1)) filled.add(value ?? "");
  }
  return filled;
}

const READS: ReadonlySet<string> = new Set(["read", "mapfile", "readarray", "getopts", "vared"]);

function isOpen({ name, value, choices, pos }: Assignment, text: string): boolean {
  if (choices !== undefined) return choices.some(isOpenChoice);
  if (value !== null) return false;
  const written = text.slice(pos);
  const start = /^\w+\+?=/.exec(written)?.[0] ?? "";
  return !start.startsWith(name) || !IS_NUMBER.test(written.slice(start.length));
}

function isOpenChoice({ value, why, raw }: Word): boolean {
  return value === null && why.some((each) => each !== "brace") && !IS_NUMBER.test(raw);
}

/** Offsets of slices, and subscripts; in what no quotes protect. */
function expansionsOf({ text, paint }: Walk): readonly Evaluated[] {
  const matches = [...text.matchAll(/\$\{\w+:([^-=?+}][^}]*)\}/g), ...text.matchAll(/\w\[([^[\]]*)\]/g)];
  return matches
    .filter(({ index }) => READ_AS_CODE.has(paint[index] ?? ink.gap))
    .map((match) => ({ text: match[1] ?? "", pos: match.index }));
}

const READ_AS_CODE: ReadonlySet<number> = new Set([ink.expansion, ink.gap, ink.array, ink.word]);

/** Words that a builtin calculates with, or reads as the name of a variable, whose subscript counts. */
function builtinWords(command: SimpleCommand | null): readonly Evaluated[] {
  const argv = command?.argv ?? [];
  const start = argv.findIndex(({ value }) => value !== "builtin" && value !== "command");
  const [name, ...words] = argv.slice(Math.max(start, 0));
  const told = (some: readonly Word[]) => some.map(({ raw, pos }) => ({ text: raw, pos }));
  const behind = (option: string) => words.filter((_, index) => words[index - 1]?.value === option);
  if (CALCULATES.has(name?.value ?? "")) return told(words);
  if (NAMES_VARIABLES.has(name?.value ?? "")) return told(words.filter(isOpenWord));
  if (NAMES_A_VARIABLE.has(name?.value ?? "")) return told(behind("-v").filter(isOpenWord));
  if (!DECLARES.has(name?.value ?? "")) return [];
  const isNumber = words.some(({ value }) => /^-\w*i/.test(value ?? ""));
  // `declare x=…` reads `x` as it is written; `declare "$x=1"` what it holds.
  return told(words.filter(({ raw }) => isNumber || /^[^=]*[$`]/.test(raw)));
}

function isOpenWord({ value }: Word): boolean {
  return value === null;
}

const CALCULATES: ReadonlySet<string> = new Set("let exit return break continue shift logout bye".split(" "));
const NAMES_VARIABLES: ReadonlySet<string> = new Set(["read", "mapfile", "readarray", "unset", "getopts"]);
const NAMES_A_VARIABLE: ReadonlySet<string> = new Set(["test", "[", "printf"]);
const DECLARES: ReadonlySet<string> = new Set(["declare", "typeset", "local", "export", "readonly"]);
