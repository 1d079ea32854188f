/**
 * The end of a log as it grows: what was appended since the last look, line by line, across rotation, truncation and
 * replacement. It looks when asked and holds no timer; a line counts once its line end is there.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Scanned } from "../../analyze/scan/scan.js";
import { badLine, scanLine } from "../../analyze/scan/scan-line.js";
import { errorCode } from "../../store/append.js";
import { listSegments } from "../../store/segments.js";

const BLOCK = 1 << 20;
/** Taken from one file in one look, so that a flood does not keep keys and screen waiting. */
const LOOK = 8 * BLOCK;
const MAX_LINE = 16 * BLOCK;
/** A renamed file may still be written to so long (SPEC section 7). */
const SEALED_MS = 10 * 60_000;
const NEWLINE = 0x0a;
const EMPTY = Buffer.alloc(0);

interface Followed {
  readonly file: string;
  readonly descriptor: number;
  readonly identity: string;
  /** Of the first byte not yet read. */
  offset: number;
  /** The beginning of a line whose end has not come, whole unless it is too long. */
  carry: Buffer;
  /** Bytes of a line that is too long to be kept, 0 when there is none. */
  tooLong: number;
  /** When it stopped being the log, `null` while it is. */
  leftMs: number | null;
}

export interface LogFollower {
  /** What came since the last look, in the order of the file. */
  readonly look: () => readonly Scanned[];
  /** A file is there to be read. */
  readonly isThere: () => boolean;
  readonly close: () => void;
}

/** Follows `path` from its present end; a file that is not there yet is followed from its beginning once it is. */
export function followLog(path: string, now: () => number): LogFollower {
  const beganMs = now();
  const seen = new Set<string>();
  let followed: Followed[] = [];
  const first = open(path);
  if (first !== null) follow({ ...first, offset: lineStart(first.descriptor) });

  function follow(file: Followed): void {
    seen.add(file.identity);
    followed.push(file);
  }

  /** Whatever the name stands for now; what it stood for before is read to its end and left ten minutes later. */
  function notice(): void {
    const current = open(path);
    if (current !== null && seen.has(current.identity)) closeSync(current.descriptor);
    const isKnown = current === null || seen.has(current.identity);
    if (isKnown) return;
    for (const file of followed) file.leftMs ??= now();
    for (const file of rotatedSince(path, beganMs)) {
      const missed = open(file);
      if (missed === null) continue;
      if (seen.has(missed.identity)) closeSync(missed.descriptor);
      else follow({ ...missed, leftMs: now() });
    }
    follow(current);
  }

  return {
    look() {
      notice();
      const found = followed.flatMap(readOn);
      const isLeft = ({ leftMs }: Followed) => leftMs !== null && now() - leftMs > SEALED_MS;
      for (const { descriptor } of followed.filter(isLeft)) closeSync(descriptor);
      followed = followed.filter((file) => !isLeft(file));
      return found;
    },
    isThere: () => followed.length > 0,
    close() {
      for (const { descriptor } of followed) closeSync(descriptor);
      followed = [];
    },
  };
}

/** `null` when there is no such file. */
function open(file: string): Followed | null {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
  const { dev, ino } = fstatSync(descriptor);
  return { file, descriptor, identity: `${dev}:${ino}`, offset: 0, carry: EMPTY, tooLong: 0, leftMs: null };
}

/** Where the last, unfinished line begins; the end when there is none. */
function lineStart(descriptor: number): number {
  const { size } = fstatSync(descriptor);
  const block = Buffer.alloc(Math.min(size, BLOCK));
  readSync(descriptor, block, 0, block.length, size - block.length);
  const end = block.lastIndexOf(NEWLINE);
  return end < 0 ? (block.length === size ? 0 : size) : size - block.length + end + 1;
}

/** Segments rotated while nobody looked, oldest first. */
function rotatedSince(path: string, sinceMs: number): readonly string[] {
  if (basename(path) !== "audit.jsonl") return [];
  return listSegments(dirname(path))
    .filter(({ kind, isCompressed, changedMs }) => kind === "rotated" && !isCompressed && changedMs >= sinceMs)
    .map(({ file }) => join(dirname(path), basename(file)))
    .reverse();
}

function readOn(followed: Followed): Scanned[] {
  const { size } = fstatSync(followed.descriptor);
  if (size < followed.offset) {
    // Emptied in place: what stands there now is new.
    followed.offset = 0;
    followed.carry = EMPTY;
    followed.tooLong = 0;
  }
  const found: Scanned[] = [];
  const block = Buffer.allocUnsafe(Math.min(BLOCK, Math.max(1, size - followed.offset)));
  for (let taken = 0; taken < LOOK && followed.offset < size; ) {
    const count = readSync(followed.descriptor, block, 0, block.length, followed.offset);
    if (count === 0) break;
    taken += count;
    found.push(...linesOf(followed, block.subarray(0, count)));
  }
  return found;
}

/** The lines that end in these bytes; what follows the last line end is carried. */
function linesOf(followed: Followed, bytes: Buffer): Scanned[] {
  const found: Scanned[] = [];
  const { file } = followed;
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const offset = followed.offset + start - followed.carry.length;
    if (followed.tooLong > 0) {
      const length = followed.tooLong + end - start;
      found.push(badLine("too-long", { file, offset: offset - followed.tooLong, length }, EMPTY));
      followed.tooLong = 0;
    } else {
      const line = Buffer.concat([followed.carry, bytes.subarray(start, end)]);
      found.push(
        ...scanLine({ file, bytes: line, start: 0, end: line.length, offset, maxLine: MAX_LINE, isText: false }),
      );
    }
    followed.carry = EMPTY;
    start = end + 1;
  }
  const rest = bytes.subarray(start);
  if (followed.tooLong > 0) followed.tooLong += rest.length;
  else if (followed.carry.length + rest.length > MAX_LINE) {
    followed.tooLong = followed.carry.length + rest.length;
    followed.carry = EMPTY;
  } else followed.carry = Buffer.concat([followed.carry, rest]);
  followed.offset += bytes.length;
  return found;
}
