/**
 * The words that may follow a command, closed over what was seen: each option as it was spelled, each argument as
 * itself until enough different ones of its kind were seen. Anything else, above all a new option, is not covered.
 */
import { escapeRegex } from "../policy/glob.js";
import type { ShellPart } from "../shell/shell.js";
import { type ArgumentKind, argumentKind, hostOf, isWithin, type KindScope, kindSource } from "./argument-kind.js";

/** What was seen after a command, over several calls. */
export interface SeenWords {
  /** Regex sources of the options, each one spelling. */
  readonly options: Map<string, number>;
  /** Letters of options that were seen combined (`-la`). */
  readonly letters: Map<string, number>;
  /** Values of the other words. */
  readonly values: Map<string, number>;
  /** Commands with nothing after their head. */
  bare: number;
  commands: number;
}

export function noWords(): SeenWords {
  return { options: new Map(), letters: new Map(), values: new Map(), bare: 0, commands: 0 };
}

export interface Closing extends KindScope {
  /** The widest kind that arguments may become here. */
  readonly widest: Exclude<ArgumentKind, "address" | "below">;
  /** So many different values make a kind; fewer stay themselves. */
  readonly different: number;
  /** An option, or an argument that stays itself, must have been seen so often. */
  readonly least: number;
  /** Without words it may read what it is given, so that this must have been usual. */
  readonly readsInput: boolean;
}

/** A command that had no words less often than this keeps needing one. */
const BARE_SHARE = 0.1;
const MAX_OPTIONS = 60;
const MAX_VALUES = 60;

/** Adds the words of one command after its head; false when one of them is not static. */
export function seeWords(seen: SeenWords, part: ShellPart, from: number): boolean {
  seen.commands++;
  if (part.argv.length === from) seen.bare++;
  for (const { value } of part.argv.slice(from)) {
    if (value === null) return false;
    if (/^-[^-\s]*$/.test(value) && isCluster(part, value))
      for (const letter of value.slice(1)) note(seen.letters, letter);
    else if (/^-./s.test(value)) note(seen.options, optionSource(value));
    else note(seen.values, value);
  }
  return true;
}

function note(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** `-la`, where the program is known to have `-l` and `-a`. */
function isCluster({ flags, flagsKnown }: ShellPart, word: string): boolean {
  if (!flagsKnown || !/^-[A-Za-z]{2,}$/.test(word)) return false;
  const has = (name: string) => flags.some(({ names, value }) => value === null && names.includes(name));
  return !flags.some(({ names }) => names.includes(word)) && [...word.slice(1)].every((letter) => has(`-${letter}`));
}

/** Only numbers vary in the value of an option that is written in one word with it. */
function optionSource(word: string): string {
  const number = /^(-|-[A-Za-z]|--[A-Za-z][\w-]*=)\d+$/.exec(word)?.[1];
  return number === undefined ? wordSource(word) : `${escapeRegex(number)}\\d+`;
}

/** Exactly this word; a blank in it is no blank between words. */
export function wordSource(word: string): string {
  return escapeRegex(word).replace(/\s/gu, "\\xa0");
}

/** Regex source for such words, each after one blank; `null` when there are too many to be readable. */
export function closedWords(seen: SeenWords, closing: Closing): string | null {
  const values = closedValues(seen.values, closing);
  const often = (counts: ReadonlyMap<string, number>) =>
    [...counts].flatMap(([key, count]) => (count >= closing.least ? [key] : [])).sort();
  const free = closing.widest === "text" ? freeOptions(seen.options.keys(), closing.different) : new Set<string>();
  const options = often(seen.options)
    .filter((option) => option !== "--" && !free.has(nameOf(option)))
    .concat([...free].map((name) => `${name}[^ ]*`))
    .sort();
  if (values === null || options.length > MAX_OPTIONS) return null;
  const letters = often(seen.letters).join("");
  const words = [...options.filter((option) => letters.length === 0 || !isOf(option, letters)), ...values];
  if (letters !== "") words.unshift(`-[${letters}]+`);
  // After `--` there are values only, and without one it says nothing.
  const end =
    (seen.options.get("--") ?? 0) >= closing.least && values.length > 0 ? `(?: --(?: ${oneOf(values)})+)?` : "";
  if (words.length === 0) return "";
  const isBare = closing.readsInput ? seen.bare >= seen.commands * BARE_SHARE : seen.bare >= closing.least;
  return `(?: ${oneOf(words)})${isBare ? "*" : "+"}${end}`;
}

/** `--format=`, "" for an option without a value in the same word. */
function nameOf(option: string): string {
  return /^--[A-Za-z][\w-]*=/.exec(option)?.[0] ?? "";
}

/** Options whose value varies: the same option with enough different values. */
function freeOptions(options: Iterable<string>, different: number): ReadonlySet<string> {
  const values = new Map<string, number>();
  for (const option of options) note(values, nameOf(option));
  return new Set([...values].flatMap(([name, count]) => (name !== "" && count >= different ? [name] : [])));
}

function oneOf(sources: readonly string[]): string {
  return sources.length === 1 ? (sources[0] ?? "") : `(?:${sources.join("|")})`;
}

/** INVARIANT: alternatives exclude each other, so that matching never backtracks. */
function isOf(option: string, letters: string): boolean {
  return option.length === 2 && letters.includes(option.slice(1));
}

function closedValues(values: ReadonlyMap<string, number>, closing: Closing): readonly string[] | null {
  const byKind = new Map<ArgumentKind | null, string[]>();
  for (const value of [...values.keys()].sort()) {
    const kind = argumentKind(value, closing);
    const list = byKind.get(kind) ?? [];
    byKind.set(kind, list);
    list.push(value);
  }
  const within = (wider: ArgumentKind) =>
    [...byKind].reduce((sum, [kind, own]) => sum + (kind !== null && isWithin(kind, wider) ? own.length : 0), 0);
  const kinds = [...byKind.keys()].flatMap((kind) =>
    kind !== null && within(kind) >= closing.different && isAllowedKind(kind, closing) ? [kind] : [],
  );
  const widened = kinds.filter((kind) => !kinds.some((wider) => wider !== kind && isWithin(kind, wider)));
  const literals = [...byKind].flatMap(([kind, own]) =>
    kind !== null && widened.some((wider) => isWithin(kind, wider))
      ? []
      : own.filter((value) => (values.get(value) ?? 0) >= closing.least).map(wordSource),
  );
  if (literals.length > MAX_VALUES) return null;
  const hosts = [...new Set((byKind.get("address") ?? []).map(hostOf))];
  return [...literals, ...widened.map((kind) => kindSource(kind, closing, hosts))];
}

/** Without a project to name, an absolute path must be fenced in by the rule. */
function isAllowedKind(kind: ArgumentKind, { widest, project, isFenced }: Closing): boolean {
  if (kind === "below") return isFenced || project !== "";
  return kind === "address" || isWithin(kind, widest);
}
