/**
 * The files whose names a pipeline prints, as words: `find src -name x | grep y | head` prints names below `src`. Only
 * programs are known here that print nothing but names; whatever may change a name ends in "not known".
 */
import { optionTable } from "./option-table.js";
import { findProgram } from "./programs/index.js";
import { type ReadWords, readWords } from "./read-words.js";
import type { SimpleCommand, Word } from "./shell.js";

const MOST_STARTS = 8;
const MOST_NAMES = 4;
const PLAIN_NAME = /^[\w.*?@%+,-]+$/;
const PLAIN_START = /^[\w./@~][\w./@%+,:~-]*$/;

/** A name that `tree` stands for (`src/**` and what ends it), in place of `word`. */
export function wordBelow(tree: string, word: Word): Word {
  const start = tree.slice(0, tree.indexOf("**"));
  return { ...word, raw: tree, value: null, why: ["glob"], prefix: start, splits: false };
}

/** Trees in which `find` finds: `src/**` + `/`, or + `/*.ts` where it looks for such names. `null`: not known. */
export function foundBy(read: ReadWords): readonly string[] | null {
  const starts = startsOf(read.operands);
  const names = read.uses.flatMap(({ option, value }) =>
    option.names.some((name) => name === "-name" || name === "-iname") ? [value?.value ?? ""] : [],
  );
  const isPlain = names.length <= MOST_NAMES && names.every((name) => PLAIN_NAME.test(name));
  if (starts === null || names.length === 0 || !isPlain || has(read, "!", "-not")) return starts;
  return starts.flatMap((start) => names.map((name) => `${start}${name}`));
}

/** The trees below the places that a search starts from; `null` when one of them is not static and plain. */
export function startsOf(operands: readonly Word[]): readonly string[] | null {
  if (operands.length === 0) return ["./**/"];
  if (operands.length > MOST_STARTS) return null;
  const starts = operands.map(({ value }) =>
    value === null || !PLAIN_START.test(value) || value.startsWith("~") ? "" : `${value.replace(/\/*$/, "/")}**/`,
  );
  return starts.includes("") ? null : starts;
}

/** Print some of the lines they read, and nothing else. */
const FILTERS: Readonly<Record<string, RegExp>> = {
  grep: /^-(?:[vivEFPw]+|-invert-match)$/,
  rg: /^-[vivF]+$/,
  head: /^-(?:n|\d+|n\d+)$/,
  tail: /^-(?:n|\d+|n\d+)$/,
  sort: /^-[uruVz]+$/,
  uniq: /^$/,
};

/** Options that make a search print something else than names below where it starts. */
const ODD = {
  find: /^-(?:printf|ls|exec|execdir|ok|okdir|fprint|fprint0|fls|fprintf|files0-from|follow)$|^-L$/,
  fd: /^-(?:x|X|l|L|-exec|-exec-batch|-list-details|-follow|-format|-base-directory|-search-path)$/,
  rg: /^-(?:-follow|L|-replace|r|-pre|-json|-null-data|-search-zip|z)$/,
} as const;

/** The stages of the pipeline before `command`, first to last; none when a stage is more than one command. */
export function stagesBefore(command: SimpleCommand, commands: readonly SimpleCommand[]): readonly SimpleCommand[] {
  const stages: SimpleCommand[] = [];
  let { pipeSources } = command;
  while (pipeSources.length > 0) {
    const source = commands[pipeSources[0] ?? -1];
    if (source === undefined || pipeSources.length > 1 || stages.length === commands.length) return [];
    stages.unshift(source);
    pipeSources = source.pipeSources;
  }
  return stages;
}

/**
 * Names that the last of `chain` prints; `chain` are the stages of a pipeline before the one that reads, in order.
 * `null`: not known.
 */
export function listedFiles(chain: readonly SimpleCommand[]): readonly string[] | null {
  const [source, ...filters] = chain;
  if (source === undefined || !filters.every(isFilter)) return null;
  if (chain.some(({ assigns, redirects }) => assigns.length > 0 || redirects.some(({ effect }) => effect === "read")))
    return null;
  const [program, ...words] = source.argv;
  const knowledge = findProgram(program?.value ?? "");
  if (knowledge === undefined) return null;
  const read = readWords(words, optionTable(knowledge.options ?? ""), knowledge.style ?? "gnu");
  if (read.hidden !== null || read.unlisted.length > 0) return null;
  switch (program?.value) {
    case "find":
      return uses(read, ODD.find) ? null : foundBy(read);
    case "fd":
    case "fdfind":
      return uses(read, ODD.fd) ? null : startsOf(read.operands.slice(1));
    case "rg":
      return startsOfRipgrep(read);
    case "grep":
      return startsOfGrep(read);
    case "git":
      return printsNames(words) ? ["./**/"] : null;
    case "ls":
      return words.every(({ value }) => /^-[1rtSA]+$/.test(value ?? "")) ? ["./**/"] : null;
    default:
      return null;
  }
}

function uses({ flags }: ReadWords, odd: RegExp): boolean {
  return flags.some(({ names }) => names.some((name) => odd.test(name)));
}

function has({ flags }: ReadWords, ...wanted: readonly string[]): boolean {
  return flags.some(({ names }) => names.some((name) => wanted.includes(name)));
}

function startsOfRipgrep(read: ReadWords): readonly string[] | null {
  if (uses(read, ODD.rg)) return null;
  if (has(read, "--files")) return startsOf(read.operands);
  if (!has(read, "-l", "--files-with-matches", "--files-without-match")) return null;
  return startsOf(has(read, "-e", "-f") ? read.operands : read.operands.slice(1));
}

function startsOfGrep(read: ReadWords): readonly string[] | null {
  if (!has(read, "-l", "-L") || !has(read, "-r")) return null;
  return startsOf(has(read, "-e", "-f") ? read.operands : read.operands.slice(1));
}

/** `git ls-files`, `git diff --name-only`: names without `..`, opened in the folder in force whatever they are relative to. */
function printsNames([subcommand, ...words]: readonly Word[]): boolean {
  const texts = words.map(({ value }) => value ?? "-");
  const isPlain = (text: string): boolean => /^(?:--|-z|[\w@][\w./@^~{}*-]*)$/.test(text);
  if (subcommand?.value === "ls-files")
    return texts.every(
      (text) => isPlain(text) || /^(?:-[com]|--(?:others|cached|modified|exclude-standard))$/.test(text),
    );
  const isOption = (text: string): boolean => /^--(?:name-only|cached|staged|diff-filter=\w+)$/.test(text);
  return (
    subcommand?.value === "diff" &&
    texts.includes("--name-only") &&
    texts.every((text) => isPlain(text) || isOption(text))
  );
}

function isFilter({ argv }: SimpleCommand): boolean {
  const [program, ...words] = argv;
  const flags = FILTERS[program?.value ?? ""];
  if (flags === undefined) return false;
  return words.every(({ value }, at) => {
    if (value === null) return false;
    if (value.startsWith("-")) return flags.test(value);
    // `head -n 20`, `grep pattern`; a file among the words would be printed instead.
    return /^\+?\d+$/.test(value) || (/^(?:grep|rg)$/.test(program?.value ?? "") && at === words.length - 1);
  });
}
