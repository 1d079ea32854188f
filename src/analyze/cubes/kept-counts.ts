/**
 * A file that holds what was counted: a head, then each table compressed by itself, behind a digest of all of it. What is
 * damaged or not there is `null`; tables are made when they are asked for.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { writeAtomic } from "../../store/write-atomic.js";
import { type Answers, lazyAnswers } from "./answers.js";
import type { Counted } from "./cube-sum.js";
import { CUBES } from "./definitions.js";
import type { Cubes } from "./fold.js";
import { lazyGaps } from "./lazy-tables.js";
import { packAnswers, unpackAnswers } from "./pack-answers.js";
import { packTables, unpackTables } from "./pack-cubes.js";
import { packGaps, unpackGaps } from "./pack-gaps.js";

export interface KeptCounts<Head> {
  readonly head: Head;
  /** @param files names of the files that were counted, as they are called now; in the order in which they were kept */
  readonly counted: (files: readonly string[]) => Counted;
}

/** What of it is read at once. */
interface Kept<Head> {
  readonly head: Head;
  readonly counted: Omit<Counted, "cubes" | "isPacked">;
  readonly cubes: Omit<Cubes, "tables" | "gaps" | "answers">;
  readonly answers: Pick<Answers, "known" | "hasMore">;
  readonly files: readonly string[];
}

const DIGEST = 40;

/** @param files names of the files that were counted */
export function writeCounts<Head>(name: string, head: Head, counted: Counted, files: readonly string[]): void {
  const { cubes, oldest, newest, rows } = counted;
  const { tables, gaps, answers, ...totals } = cubes;
  // Where only some cubes were counted there is nothing to keep.
  if (gaps === undefined || answers === undefined) return;
  const { known, hasMore, calls } = answers;
  const told = { known, hasMore };
  const kept: Kept<Head> = { head, counted: { oldest, newest, rows }, cubes: totals, answers: told, files };
  const body = joined([JSON.stringify(kept), ...packTables(tables), packGaps(gaps.counts), packAnswers(calls)]);
  writeAtomic(name, Buffer.concat([Buffer.from(digestOf(body), "latin1"), body]));
}

/** The head is as it was written: a digest holds it, and a version in the name its shape. */
export function openCounts<Head>(name: string): KeptCounts<Head> | null {
  try {
    const written = readFileSync(name);
    const body = written.subarray(DIGEST);
    if (digestOf(body) !== written.toString("latin1", 0, DIGEST)) return null;
    const [first, ...tables] = partsOf(body);
    const kept: Kept<Head> = JSON.parse(textOf(first));
    return { head: kept.head, counted: (files) => countedOf(kept, tables, renamed(kept.files, files)) };
  } catch {
    return null;
  }
}

function countedOf<Head>(
  { counted, cubes, answers: told }: Kept<Head>,
  tables: readonly Part[],
  placeOf: (at: string) => string,
): Counted {
  const badLines = cubes.quality.badLines.map((line) => ({ ...line, at: placeOf(line.at) }));
  const quality = { ...cubes.quality, badLines };
  const unpacked = unpackTables((index) => textOf(tables[index]), placeOf);
  const [packedGaps, packedAnswers] = tables.slice(2 * CUBES.length);
  const gaps = lazyGaps(() => unpackGaps(textOf(packedGaps), placeOf));
  const answers = lazyAnswers(told, () => unpackAnswers(textOf(packedAnswers), placeOf));
  return { ...counted, isPacked: true, cubes: { ...cubes, quality, tables: unpacked, gaps, answers } };
}

/** Characters from which on a text is compressed: of most tables there is nothing but brackets. */
const SHORT = 64;
/** Of a part that is not compressed, beside its length. */
const PLAIN = 0x80000000;

/** Each text compressed by itself, behind its length. */
function joined(texts: readonly string[]): Buffer {
  const parts = texts.flatMap((text) => {
    const isPlain = text.length < SHORT;
    const bytes = isPlain ? Buffer.from(text) : deflateRawSync(text, { level: 1 });
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length + (isPlain ? PLAIN : 0));
    return [length, bytes];
  });
  return Buffer.concat(parts);
}

interface Part {
  readonly bytes: Buffer;
  readonly isPlain: boolean;
}

function partsOf(body: Buffer): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < body.length; ) {
    const length = body.readUInt32LE(at);
    const end = at + 4 + (length % PLAIN);
    parts.push({ bytes: body.subarray(at + 4, end), isPlain: length >= PLAIN });
    at = end;
  }
  return parts;
}

function textOf(part: Part | undefined): string {
  if (part === undefined) return "";
  return (part.isPlain ? part.bytes : inflateRawSync(part.bytes)).toString("utf8");
}

function digestOf(bytes: Buffer): string {
  return createHash("sha1").update(bytes).digest("hex");
}

/** A log that was full has another name by now: places in it are told by the new one. */
function renamed(before: readonly string[], now: readonly string[]): (at: string) => string {
  const names = new Map(before.map((name, index) => [name, now[index] ?? name]));
  if ([...names].every(([old, name]) => old === name)) return (at) => at;
  return (at) => {
    const end = at.lastIndexOf(":");
    const name = names.get(at.slice(0, end));
    return name === undefined ? at : `${name}${at.slice(end)}`;
  };
}
