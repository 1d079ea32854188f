/**
 * Sets of characters, coarse on purpose: each ASCII character is one bit and all others together are one more. A set
 * may hold more than the regex says, never less, so "these exclude each other" is always true when it is answered.
 */
import type { RegexAst } from "./regex-syntax.js";

export type CharSet = bigint;

const OTHER: CharSet = 1n << 128n;
const ASCII: CharSet = OTHER - 1n;
export const ALL: CharSet = ASCII | OTHER;

export const overlaps = (a: CharSet, b: CharSet): boolean => (a & b) !== 0n;

function range(from: number, to: number): CharSet {
  const high = to > 127 ? OTHER : 0n;
  if (from > 127) return high;
  const last = Math.min(to, 127);
  return (((1n << BigInt(last - from + 1)) - 1n) << BigInt(from)) | high;
}

const of = (...ranges: readonly (readonly [number, number])[]): CharSet =>
  ranges.reduce((set, [from, to]) => set | range(from, to), 0n);

const DIGIT = of([48, 57]);
const WORD = of([48, 57], [65, 90], [95, 95], [97, 122]);
const SPACE = of([9, 13], [32, 32]) | OTHER;
const LINE_END = of([10, 10], [13, 13]);
const UPPER = of([65, 90]);
const LOWER = of([97, 122]);
/** `s` and `k` have partners outside ASCII when case is ignored. */
const FOLDS_OUT = of([75, 75], [83, 83], [107, 107], [115, 115]);

const complement = (set: CharSet): CharSet => (ASCII & ~set) | OTHER;

function withCases(set: CharSet): CharSet {
  const cases = set | ((set & UPPER) << 32n) | ((set & LOWER) >> 32n);
  // Every non-ASCII character folds outside ASCII but for two, which fold to `s` and `k`.
  const inward = overlaps(set, OTHER) ? FOLDS_OUT : 0n;
  return cases | inward | (overlaps(cases, FOLDS_OUT) ? OTHER : 0n);
}

type CharNode = RegexAst.Character | RegexAst.CharacterSet | RegexAst.CharacterClass;

/** The characters a node can match; `flags` as of the whole regex. */
export function charSetOf(node: CharNode, flags: string): CharSet {
  const set = plainSet(node, flags);
  return flags.includes("i") ? withCases(set) : set;
}

function plainSet(node: RegexAst.Node, flags: string): CharSet {
  switch (node.type) {
    case "Character":
      return range(node.value, node.value);
    case "CharacterClassRange":
      return range(node.min.value, node.max.value);
    case "CharacterSet":
      return escapeSet(node, flags);
    case "CharacterClass": {
      // What a property holds is not known here, so neither is what its complement holds.
      if (node.negate && node.elements.some((element) => isProperty(element))) return ALL;
      const set = node.elements.reduce((sum: CharSet, element) => sum | charSetOfElement(element, flags), 0n);
      return node.negate ? complement(set) : set;
    }
    default:
      return ALL;
  }
}

function isProperty(node: RegexAst.Node): boolean {
  return node.type === "CharacterSet" && node.kind === "property";
}

/** INVARIANT: cases are added before a class is negated: `/[^a]/i` does not match `A`. */
function charSetOfElement(node: RegexAst.Node, flags: string): CharSet {
  const set = plainSet(node, flags);
  return flags.includes("i") ? asciiCases(set) : set;
}

const asciiCases = (set: CharSet): CharSet => set | ((set & UPPER) << 32n) | ((set & LOWER) >> 32n);

function escapeSet(node: RegexAst.CharacterSet, flags: string): CharSet {
  switch (node.kind) {
    case "any":
      return flags.includes("s") ? ALL : complement(LINE_END);
    case "digit":
      return node.negate ? complement(DIGIT) : DIGIT;
    case "word":
      return node.negate ? complement(WORD) : WORD;
    case "space":
      return node.negate ? complement(SPACE) : SPACE;
    case "property":
      return ALL;
  }
}
