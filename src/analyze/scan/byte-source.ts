/**
 * A log as bytes that can be read at any place: a plain file, or what came out of a `.gz` or a pipe, laid down in a
 * temporary file without a name. The length is fixed when it is opened; what is appended later is the next scan's.
 */
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Gunzip } from "minizlib";
import { documentShape } from "./document-shape.js";

export interface ByteSource {
  /** As given by the user; places of lines name it. */
  readonly file: string;
  readonly size: number;
  /** Device and inode: two names of one file are one source. */
  readonly identity: string;
  /** Compressed data or a document that is broken at its end: what came before that is there. */
  readonly damage: "bad-gzip" | "not-json" | null;
  /** Reads `length` bytes from `position` to `target[at]`; fewer when the file was cut meanwhile. */
  readonly read: (target: Buffer, at: number, length: number, position: number) => number;
  readonly close: () => void;
}

/** Compressed bytes taken at once: bounds what one step can blow up to (1,000-fold at most). */
const GZIP_STEP = 16_384;

/** Loaded when the first compressed file is met: most scans meet none. */
function newGunzip(): Gunzip {
  const minizlib: typeof import("minizlib") = createRequire(import.meta.url)("minizlib");
  return new minizlib.Gunzip({});
}

/** Opens a file for reading; one that begins like gzip is decompressed into `spoolFolder` first. Throws what `openSync` throws. */
export function openSource(file: string, spoolFolder: string): ByteSource {
  const descriptor = openSync(file, "r");
  try {
    const stat = fstatSync(descriptor);
    const identity = `${stat.dev}:${stat.ino}`;
    if (stat.isDirectory()) throw Object.assign(new Error("is a folder"), { code: "EISDIR" });
    if (!isGzip(descriptor)) return sourceOf(file, descriptor, stat.size, identity, null);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  try {
    return gunzipped(file, descriptor, spoolFolder);
  } finally {
    closeSync(descriptor);
  }
}

function isGzip(descriptor: number): boolean {
  const magic = Buffer.alloc(2);
  return readSync(descriptor, magic, 0, 2, 0) === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
}

function gunzipped(file: string, compressed: number, spoolFolder: string): ByteSource {
  const { dev, ino } = fstatSync(compressed);
  const spool = openSpool(spoolFolder);
  const gunzip = newGunzip();
  let size = 0;
  let isDamaged = false;
  gunzip.on("data", (bytes: Buffer) => {
    size += writeAll(spool, bytes);
  });
  gunzip.on("error", () => {
    isDamaged = true;
  });
  const step = Buffer.allocUnsafe(GZIP_STEP);
  for (let position = 0; !isDamaged; ) {
    const count = readSync(compressed, step, 0, step.length, position);
    if (count === 0) break;
    position += count;
    // INVARIANT: minizlib calls the listeners above before `write` returns.
    gunzip.write(Buffer.from(step.subarray(0, count)));
  }
  if (!isDamaged) gunzip.end();
  return sourceOf(file, spool, size, `${dev}:${ino}`, isDamaged ? "bad-gzip" : null);
}

/** What a pipe holds, to its end: lines, the same compressed, or a JSON document, whose values become lines. */
export async function openPipe(
  pipe: AsyncIterable<Uint8Array>,
  file: string,
  spoolFolder: string,
): Promise<ByteSource> {
  const chunks = pipe[Symbol.asyncIterator]();
  const first = await chunks.next();
  const all = chainedTo(first.done === true ? new Uint8Array() : first.value, chunks);
  const shape = first.done === true ? null : documentShape(first.value);
  const spool = openSpool(spoolFolder);
  let size = 0;
  if (shape !== null) {
    // Loaded only now: nearly every log comes as lines.
    const { readDocument } = await import("./read-document.js");
    try {
      for await (const value of readDocument(all, shape))
        size += writeAll(spool, Buffer.from(`${JSON.stringify(value)}\n`));
    } catch {
      return sourceOf(file, spool, size, file, "not-json");
    }
    return sourceOf(file, spool, size, file, null);
  }
  for await (const bytes of all) size += writeAll(spool, bytes);
  if (!isGzip(spool)) return sourceOf(file, spool, size, file, null);
  try {
    return gunzipped(file, spool, spoolFolder);
  } finally {
    closeSync(spool);
  }
}

async function* chainedTo(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

export function bufferSource(file: string, bytes: Uint8Array): ByteSource {
  const read = (target: Buffer, at: number, length: number, position: number): number => {
    const part = bytes.subarray(position, position + length);
    target.set(part, at);
    return part.length;
  };
  return { file, size: bytes.length, identity: file, damage: null, read, close: () => {} };
}

function sourceOf(
  file: string,
  descriptor: number,
  size: number,
  identity: string,
  damage: ByteSource["damage"],
): ByteSource {
  const read = (target: Buffer, at: number, length: number, position: number): number => {
    let count = 0;
    while (count < length) {
      const more = readSync(descriptor, target, at + count, length - count, position + count);
      if (more === 0) break;
      count += more;
    }
    return count;
  };
  return { file, size, identity, damage, read, close: () => closeSync(descriptor) };
}

/** A file only this process can reach: gone by itself when the process ends, however it ends. */
function openSpool(folder: string): number {
  const own = mkdtempSync(join(folder, "claude-permit-"));
  try {
    return openSync(join(own, "spool"), "wx+", 0o600);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): number {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
  return bytes.length;
}
