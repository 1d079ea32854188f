/**
 * A log's bytes from its end to its start, in blocks of whole lines: the base of every reverse scan. It holds one chunk
 * and at most one line; a line longer than the bound is passed by without being held. It does not look into lines.
 */
import type { ByteSource } from "./byte-source.js";

/** Whole lines in `bytes[start, end)`, the last with its line end unless it ends the file. `offset` is that of `start`. */
export interface LinesPiece {
  readonly kind: "lines";
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

export type Piece =
  | LinesPiece
  /** One line beyond the bound; `head` is how it begins. */
  | { readonly kind: "too-long"; readonly offset: number; readonly length: number; readonly head: Buffer };

export interface ReadOptions {
  /** Bytes of the first read: small, because often the newest lines are all that is asked for. */
  readonly firstChunk?: number;
  readonly chunk?: number;
  /** Bytes of one piece, unless a single line is longer; default what is read at once. */
  readonly piece?: number;
  /** Where to read to when there is more than a first chunk. What lay there before is kept or copied there. */
  readonly room?: (length: number) => Buffer;
  /** Longest line that is held, in bytes without line end. */
  readonly maxLine?: number;
  /** Read what lies before this offset, which must be a line's start; default the whole source. */
  readonly from?: number;
}

export const MAX_LINE = 4 * 1024 * 1024;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const HEAD = 512;

/** INVARIANT: a piece's bytes are valid only until the next piece is asked for. */
export function* readBlocksBackward(source: ByteSource, options: ReadOptions = {}): Generator<Piece, void> {
  const { firstChunk = 65_536, chunk = 1_048_576, piece = Number.POSITIVE_INFINITY, maxLine = MAX_LINE } = options;
  const room = options.room ?? Buffer.allocUnsafe;
  let position = Math.min(options.from ?? source.size, source.size);
  const first = position > firstChunk ? room : Buffer.allocUnsafe;
  let work: Buffer = first(Math.min(firstChunk, source.size) + HEAD);
  /** End of a line whose start is not read yet, at the front of `work`. */
  let carry = 0;
  /** Set while inside a line that is too long: where it ends, and its first known bytes. */
  let long: { readonly end: number; head: Buffer } | null = null;

  for (let size = firstChunk; position > 0; size = chunk) {
    const count = Math.min(size, position);
    position -= count;
    if (work.length < count + carry) work = grown(work, count + carry, carry, room);
    work.copyWithin(count, 0, carry);
    const got = source.read(work, 0, count, position);
    // Cut while we read: what is missing shows as blank lines.
    if (got < count) work.fill(NEWLINE, got, count);

    let end = count + carry;
    if (long !== null) {
      const before = work.subarray(0, count).lastIndexOf(NEWLINE);
      long.head = Buffer.concat([work.subarray(before + 1, count), long.head]).subarray(0, HEAD);
      if (before < 0 && position > 0) continue;
      const offset = position + before + 1;
      yield { kind: "too-long", offset, length: long.end - offset, head: long.head };
      long = null;
      end = before + 1;
    }

    const newline = position === 0 ? -1 : work.subarray(0, Math.min(count, end)).indexOf(NEWLINE);
    const start = position === 0 ? 0 : newline < 0 ? end : newline + 1;
    while (end > start) {
      const from = end - start <= piece ? start : pieceStart(work, start, end, piece);
      yield { kind: "lines", bytes: work, start: from, end, offset: position + from };
      end = from;
    }
    carry = position === 0 ? 0 : start;

    const length = carry - lineEndLength(work, carry);
    if (length > maxLine) {
      long = { end: position + length, head: Buffer.from(work.subarray(0, Math.min(HEAD, length))) };
      carry = 0;
    }
  }
}

function lineEndLength(bytes: Buffer, end: number): 0 | 1 | 2 {
  if (bytes[end - 1] !== NEWLINE) return 0;
  return bytes[end - 2] === RETURN ? 2 : 1;
}

/** Of the last lines before `end` that are no more than `length` bytes, or of the last one alone. */
function pieceStart(work: Buffer, start: number, end: number, length: number): number {
  const first = work.indexOf(NEWLINE, end - length - 1) + 1;
  if (first > 0 && first < end) return first;
  return Math.max(start, work.lastIndexOf(NEWLINE, end - 2) + 1);
}

function grown(work: Buffer, needed: number, kept: number, room: (length: number) => Buffer): Buffer {
  const larger = room(Math.max(needed, work.length * 2));
  // A memory that grew in its place has taken along what lay there, and left nothing.
  if (work.length > 0) work.copy(larger, 0, 0, kept);
  return larger;
}
