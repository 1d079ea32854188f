/** Where the lines of a block stand, and what is known of them before they are read. */
import { BEGIN } from "./canonical-line.js";

const NEWLINE = 0x0a;

type Numbers = number[] | Int32Array | Uint8Array;

/** Lines in order; reused from block to block. */
export interface LineIndex {
  count: number;
  readonly starts: Numbers;
  /** Of each line's `\n`, or the block's end. */
  readonly ends: Numbers;
  /** 1: one beginning of ours at the line's start and none behind it, so not two records, no stump with a record glued to it. */
  readonly isSingle: Numbers;
  /** 1: the line cannot match and need not be parsed. */
  readonly isOut: Numbers;
  /** The line's row in a `HeadTable`, -1 when it is the parser's, `NOT_ASKED` when nobody asked yet. */
  readonly rows: Numbers;
}

export const NOT_ASKED = -2;

export function newLineIndex(): LineIndex {
  return { count: 0, starts: [], ends: [], isSingle: [], isOut: [], rows: [] };
}

/** Every line, without looking into it. */
export function indexLines(bytes: Buffer, start: number, end: number, index: LineIndex): void {
  let count = 0;
  for (let at = start; at < end; count++) {
    at = putLine(index, count, at, lineEnd(bytes, at, end), false, NOT_ASKED);
  }
  index.count = count;
}

/** Every line, and whether it is single. */
export function indexBeginnings(bytes: Buffer, start: number, end: number, index: LineIndex): void {
  let count = 0;
  let beginning = nextBeginning(bytes, start, end);
  for (let at = start; at < end; count++) {
    const newline = lineEnd(bytes, at, end);
    const startsHere = beginning === at;
    if (startsHere) beginning = nextBeginning(bytes, at + BEGIN.length, end);
    const isSingle = startsHere && beginning >= newline;
    while (beginning < newline) beginning = nextBeginning(bytes, beginning + BEGIN.length, end);
    at = putLine(index, count, at, newline, isSingle, NOT_ASKED);
  }
  index.count = count;
}

/** A line that is too long is told of, whatever it says: whether it lies in one block with others must not show. */
export function wantLong({ count, starts, ends, isOut }: LineIndex, maxLine: number): void {
  for (let line = 0; line < count; line++) if ((ends[line] ?? 0) - (starts[line] ?? 0) > maxLine) isOut[line] = 0;
}

/** The last line up to `line` that is not ruled out, -1 when there is none. */
export function lastWanted({ isOut }: LineIndex, line: number): number {
  let wanted = line;
  while (wanted >= 0 && isOut[wanted] === 1) wanted -= 1;
  return wanted;
}

/** Where the next line starts. */
export function putLine(
  index: LineIndex,
  line: number,
  start: number,
  end: number,
  isSingle: boolean,
  row: number,
): number {
  index.starts[line] = start;
  index.ends[line] = end;
  index.isSingle[line] = isSingle ? 1 : 0;
  index.isOut[line] = 0;
  index.rows[line] = row;
  return end + 1;
}

/** Of the line that holds `from`. */
export function lineEnd(bytes: Buffer, from: number, end: number): number {
  const newline = bytes.indexOf(NEWLINE, from);
  return newline === -1 || newline >= end ? end : newline;
}

/** `end` when there is none. */
function nextBeginning(bytes: Buffer, from: number, end: number): number {
  const at = bytes.indexOf(BEGIN, from);
  return at === -1 || at >= end ? end : at;
}
