/**
 * Finds the command that a wrapper runs in its operands. Where a word before the command is not static or an option is
 * not known, what follows is only a candidate: deny and ask look at it, an allow never does.
 */
import type { Inner } from "./judgement.js";
import { wordBelow } from "./listed-files.js";
import { findProgram } from "./programs/index.js";
import type { Knowledge } from "./programs/knowledge.js";
import { mayBeOption, type ReadWords } from "./read-words.js";
import type { Assignment, PartEffect, Word, WrapperDeclaration } from "./shell.js";

interface Found {
  readonly inner: readonly Inner[];
  /** Words of the wrapper itself: the duration of `timeout`, the host of `ssh`. */
  readonly args: readonly Word[];
  readonly assigns: readonly Assignment[];
  /** The file of code that a shell runs. */
  readonly script: Word | null;
  readonly codeFromStdin: boolean;
  readonly raises: readonly (readonly [PartEffect, string])[];
}

const NOTHING: Found = { inner: [], args: [], assigns: [], script: null, codeFromStdin: false, raises: [] };

/** `listed`: where the names lie that standard input carries, `null` when that is not known. */
export function innerCommands(
  read: ReadWords,
  knowledge: Knowledge,
  operands: readonly Word[],
  listed: readonly string[] | null,
): Found {
  const { runs } = knowledge;
  if (runs === undefined) return NOTHING;
  const isUnread = read.unlisted.length > 0 && knowledge.harmless !== true;
  const certainty = isUnread || read.hidden !== null ? "candidate" : "certain";
  if (runs.as === "code") return codeOf(read, operands, certainty);
  if (runs.as === "stdin") return { ...NOTHING, args: operands, codeFromStdin: true };
  const skip = runs.dashes ? Math.min(read.beforeEnd, operands.length) : (runs.skip ?? 0);
  const before = operands.slice(0, skip);
  const assigns = runs.assigns ? assignmentsIn(operands.slice(skip)) : [];
  const rest = operands.slice(skip + assigns.length);
  const words = rest[0]?.value === "--" ? rest.slice(1) : rest;
  const lift = runs.lift ?? "reads";
  if (words.length === 0)
    return { ...NOTHING, args: before, assigns, inner: runs.dashes ? candidateCommands(before.slice(1)) : [] };
  const isSure = certainty === "certain" && !before.some(mayBeOption);
  const raises: Found["raises"] = isSure ? [] : [["unknown", "the command it runs cannot be told"]];
  const inner = { assigns, certainty: isSure ? "certain" : "candidate", lift } as const;
  const found = { ...NOTHING, args: before, assigns, raises };
  if (!isSure) {
    const texts: Inner[] = runs.as === "joined" || runs.as === "text" ? [{ kind: "text", words, ...inner }] : [];
    return { ...found, inner: [...texts, ...candidateCommands(operands, assigns)] };
  }
  switch (runs.as) {
    case "argv":
      return { ...found, inner: [{ kind: "argv", words, ...inner }] };
    case "stdin-tail":
      return { ...found, inner: [{ kind: "argv", words: withTail(words, read, listed), ...inner }] };
    case "joined":
      return { ...found, inner: [{ kind: "text", words, ...inner }] };
    case "text":
      return { ...found, args: operands.slice(1), inner: [{ kind: "text", words: words.slice(0, 1), ...inner }] };
    case "either":
      if (words[0]?.value === "-c") return { ...found, inner: [{ kind: "text", words: words.slice(1, 2), ...inner }] };
      return { ...found, inner: [{ kind: words.length === 1 ? "text" : "argv", words, ...inner }] };
    default:
      return runs.as satisfies never;
  }
}

/** `sh -c text name …`, `sh file …`, or the script on standard input. */
function codeOf(read: ReadWords, operands: readonly Word[], certainty: Inner["certainty"]): Found {
  const [first] = operands;
  const hasText = read.flags.some((flag) => flag.names.includes("-c"));
  const raises: Found["raises"] =
    certainty === "certain" ? [] : [["unknown", "the shell's options are not understood"]];
  if (!hasText && first === undefined) return { ...NOTHING, codeFromStdin: true, raises };
  const isStdin = read.flags.some((flag) => flag.names.includes("-s"));
  if (!hasText) return { ...NOTHING, args: operands, script: first ?? null, codeFromStdin: isStdin, raises };
  if (first === undefined) return { ...NOTHING, raises };
  return {
    ...NOTHING,
    args: operands.slice(1),
    raises,
    inner: [{ kind: "text", words: [first], assigns: [], certainty, lift: "reads" }],
  };
}

function assignmentsIn(words: readonly Word[]): Assignment[] {
  const assigns: Assignment[] = [];
  for (const word of words) {
    const match = /^([A-Za-z_]\w*)=/.exec(word.prefix);
    if (match === null) break;
    assigns.push({
      name: match[1] ?? "",
      append: false,
      value: word.value?.slice(match[0].length) ?? null,
      pos: word.pos,
    });
  }
  return assigns;
}

/** What `xargs` adds: unknown words at the end, or in place of the `-I` text. */
function withTail(words: readonly Word[], read: ReadWords, listed: readonly string[] | null): readonly Word[] {
  const replace = read.uses.find((use) => use.option.names.includes("-I") || use.option.names.includes("-J"));
  const mark = replace?.value?.value;
  const starts = staysWhole(words, read) ? listed : null;
  const added = (word: Word): readonly Word[] => starts?.map((start) => wordBelow(start, word)) ?? [word];
  if (replace === undefined || mark === undefined || mark === null || mark === "")
    return [...words, ...added(unknownTail(words))];
  return words.flatMap((word) => {
    const at = word.value?.indexOf(mark) ?? -1;
    if (word.value === null || at < 0) return [word];
    const open: Word = { ...word, value: null, why: ["param"], prefix: word.value.slice(0, at), splits: false };
    return word.value === mark ? added(open) : [open];
  });
}

/**
 * Without `-0` a name with a blank or a line end becomes several words, and one of them may be any path: that is borne
 * only where no word can make the program do more than read.
 */
function staysWhole([program]: readonly Word[], read: ReadWords): boolean {
  if (read.flags.some(({ names }) => names.includes("-0"))) return true;
  return findProgram(program?.value ?? "")?.harmless === true;
}

function unknownTail(words: readonly Word[]): Word {
  const pos = words.at(-1)?.end ?? 0;
  return { raw: "…", pos, end: pos, value: null, why: ["param"], prefix: "", quoted: false, splits: true };
}

const MOST_CANDIDATES = 16;
const MOST_CANDIDATE_WORDS = 20_000;

/** Every place in the words of a program that is not known where a command could begin. */
export function candidateCommands(words: readonly Word[], assigns: readonly Assignment[] = []): Inner[] {
  const found: Inner[] = [];
  for (const [index, word] of words.entries()) {
    if (found.length * words.length > MOST_CANDIDATE_WORDS || found.length === MOST_CANDIDATES) break;
    if (word.value === null || /^[-+]|=|^$|[\s;(){}]/.test(word.value)) continue;
    found.push({ kind: "argv", words: words.slice(index), assigns, certainty: "candidate", lift: "reads" });
  }
  for (const [index, word] of words.entries()) {
    const text = words[index + 1];
    if (text === undefined || !/^(?:-c|-x|-e|--command|--cmd|--exec|--execute|--run|--eval)$/.test(word.value ?? ""))
      continue;
    if (/\s/.test(text.value ?? ""))
      found.push({ kind: "text", words: [text], assigns, certainty: "candidate", lift: "reads" });
  }
  return found;
}

/** The row of a wrapper that a user declared: options without a value need not be listed. */
export function declaredWrapper({ valueFlags, skip }: WrapperDeclaration): Knowledge {
  const options = valueFlags.map((flag) => `${flag}=`).join(" ");
  return { effect: "reads", options, style: "posix", harmless: true, runs: { as: "argv", skip, transparent: true } };
}
