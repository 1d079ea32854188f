/** Where the lines of a block stand, and which of them begin as our serializer begins a line and hold no second beginning. */
import { BEGIN } from "./canonical-line.js";

const NEWLINE = 0x0a;

/** Lines in order; reused from block to block. */
export interface LineIndex {
  count: number;
  readonly starts: number[];
  /** Of each line's `\n`, or the block's end. */
  readonly ends: number[];
  /** One beginning of ours at the line's start and none behind it: not two records, no stump with a record glued to it. */
  readonly isSingle: boolean[];
  /** Set by a `LineFilter`: whether the line cannot match and need not be parsed. */
  readonly isOut: boolean[];
}

export function newLineIndex(): LineIndex {
  return { count: 0, starts: [], ends: [], isSingle: [], isOut: [] };
}

/** `withBeginnings`: whether `isSingle` is asked for; false spares the search and leaves it false. */
export function indexLines(bytes: Buffer, start: number, end: number, index: LineIndex, withBeginnings: boolean): void {
  let count = 0;
  let beginning = withBeginnings ? nextBeginning(bytes, start, end) : end;
  for (let at = start; at < end; count++) {
    const newline = bytes.indexOf(NEWLINE, at);
    const lineEnd = newline === -1 || newline >= end ? end : newline;
    const startsHere = beginning === at;
    if (startsHere) beginning = nextBeginning(bytes, at + BEGIN.length, end);
    index.starts[count] = at;
    index.ends[count] = lineEnd;
    index.isOut[count] = false;
    index.isSingle[count] = startsHere && beginning >= lineEnd;
    while (beginning < lineEnd) beginning = nextBeginning(bytes, beginning + BEGIN.length, end);
    at = lineEnd + 1;
  }
  index.count = count;
}

/** `end` when there is none. */
function nextBeginning(bytes: Buffer, from: number, end: number): number {
  const at = bytes.indexOf(BEGIN, from);
  return at === -1 || at >= end ? end : at;
}
