/**
 * Could this regex match a text of which only pieces are known? A shape is such a text: characters with gaps. The
 * answer is exact for the regexes rules are made of and "it could" for everything else (lookaround, backreferences,
 * over budget): it never says no without proof.
 */
import type { Regex } from "./policy.js";
import { type Automaton, automatonOf, type State } from "./regex-automaton.js";

/** Any text, also none. */
export const GAP = 0;
/** Any characters of one path segment. */
export const STAR = 1;
/** As `STAR`, where the shell leaves out names that begin with a dot. INVARIANT: followed by `STAR`. */
export const STAR_NO_DOT = 2;
/** As `GAP`, where no part of it leads up again (`**`). */
export const BELOW = 3;

/** One entry a character (code point), or one of the gaps. */
export type Shape = readonly (string | number)[];

export function shapeOf(text: string): Shape {
  return [...text];
}

/** INVARIANT: letters beyond ASCII fold in more ways than lower case, so they end the comparison. */
function agrees({ opening, ignoresCase }: Automaton, shape: Shape, from: number): boolean {
  let index = from;
  for (const char of opening) {
    const token = shape[index];
    if (typeof token === "number") return true;
    if (token !== char) {
      if (!ignoresCase || token === undefined) return false;
      if (token > "\x7f" || char > "\x7f") return true;
      if (token.toLowerCase() !== char) return false;
    }
    index += 1;
  }
  return true;
}

/** Pairs of state and place visited before giving up. */
const BUDGET = 20_000;

/** Pairs there may be at all; a longer text or regex is not searched. */
const LARGEST = 4_000_000;

/** Pairs that this search has visited hold its number, so that nothing need be cleared. */
let marks = new Uint32Array(4_096);
let search = 0;

function nextSearch(size: number): number {
  if (size > marks.length || search === 0xffff_ffff) {
    marks = new Uint32Array(Math.max(size * 2, marks.length));
    search = 0;
  }
  search += 1;
  return search;
}

/** Places where a match may begin. INVARIANT: a gap is left from its own place, so a place behind one is none. */
function seedsOf(automaton: Automaton, shape: Shape): readonly number[] {
  switch (automaton.begins) {
    case "start":
      return agrees(automaton, shape, 0) ? [0] : [];
    case "segments": {
      const seeds = agrees(automaton, shape, 0) ? [0] : [];
      for (let index = 0; index < shape.length; index += 1) {
        const token = shape[index];
        if (token === GAP || token === BELOW) seeds.push(index);
        else if (token === "/" && agrees(automaton, shape, index + 1)) seeds.push(index + 1);
      }
      return seeds;
    }
    case "anywhere":
      return Array.from({ length: shape.length + 1 }, (_, index) => shape.length - index);
  }
}

/** INVARIANT: false only when no text of that shape matches. */
export function couldMatch(regex: Regex, shape: Shape, ignoreCase = false): boolean {
  const automaton = automatonOf(regex, ignoreCase);
  // Any match at all stands within a leading gap, whatever follows.
  if (automaton === null || (automaton.isOpenEnded && shape[0] === GAP)) return true;
  const seeds = seedsOf(automaton, shape);
  if (seeds.length === 0) return false;
  const { states, ends } = automaton;
  const width = shape.length + 1;
  if (width * states.length > LARGEST) return true;
  const mark = nextSearch(width * states.length);
  const queue: number[] = [];
  let visited = 0;
  const visit = (state: number, index: number): void => {
    const key = state * width + index;
    if (marks[key] === mark) return;
    marks[key] = mark;
    visited += 1;
    queue.push(key);
  };
  let lastFixed = shape.length;
  while (lastFixed > 0 && typeof shape[lastFixed - 1] === "number") lastFixed -= 1;
  let firstFixed = shape.findIndex((token) => typeof token === "string");
  if (firstFixed < 0) firstFixed = shape.length;
  for (const seed of seeds) visit(automaton.start, seed);
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    if (visited > BUDGET) return true;
    const index = key % width;
    const number = (key - index) / width;
    const state = states[number];
    if (state === undefined) return true;
    const token = shape[index];
    if (token === GAP || token === STAR || token === BELOW) visit(number, index + 1);
    if (token === STAR_NO_DOT) visit(number, index + 2);
    if (state.needs === "start" && index > firstFixed) continue;
    if (state.needs === "end" && index < lastFixed) continue;
    if (state.reads === undefined) {
      if (ends.has(number)) return true;
      for (const next of state.next) visit(next, index);
      continue;
    }
    const to = readOne(state, token, index);
    if (to < 0) continue;
    if (ends.has(number)) return true;
    for (const next of state.next) visit(next, to);
  }
  return false;
}

/** The place after reading one character here, -1 when it cannot be read. */
function readOne(state: State, token: string | number | undefined, index: number): number {
  if (token === undefined) return -1;
  if (typeof token === "string") return state.reads?.(token) === true ? index + 1 : -1;
  if (token === GAP || token === BELOW) return index;
  if (state.only === "/") return -1;
  if (token === STAR) return index;
  return state.only === "." ? -1 : index + 1;
}
