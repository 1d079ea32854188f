/** How the bytes of a stretch look, so that another file under the same name, or one that was cut and filled again, is told from it. */
import { createHash } from "node:crypto";
import type { ByteSource } from "../scan/byte-source.js";

/** Bytes that have to be what they were, at so many places of a stretch. */
const LOOK = 512;
const LOOKS = 16;

/** A part of a file that a stretch of several logs holds. */
export interface Part {
  /** Tells the file. */
  readonly key: string;
  readonly from: number;
  readonly to: number;
  /** It begins where the file ends, to which nothing is added any more. */
  readonly isEnd: boolean;
}

/** Files by what tells them. */
export interface PartFiles {
  readonly name: (key: string) => string | undefined;
  /** Tells the content of a file to which nothing is added any more; `null`: it is not there. */
  readonly stamp: (key: string) => string | null;
  /** To look at a part of it; `undefined`: it is what it was as long as the same tells it; `null`: it is not there. */
  readonly source: (key: string) => ByteSource | undefined | null;
}

/** At places spread over it, and whether the file still reaches so far. */
function looksOf(source: ByteSource, from: number, to: number): string {
  // What is remembered of a longer file ends where this one has not begun.
  if (from < to) return "";
  const length = Math.min(LOOK, from - to);
  const bytes = Buffer.alloc(LOOKS * length);
  for (let index = 0; index < LOOKS; index++) {
    const place = to + Math.floor(((from - to - length) * index) / (LOOKS - 1));
    source.read(bytes, index * length, length, place);
  }
  return `${from <= source.size}:${createHash("sha1").update(bytes).digest("hex")}`;
}

/** `null` when a part is not there. */
export function partLooks(files: PartFiles, parts: readonly Part[]): string | null {
  const looks: string[] = [];
  for (const { key, from, to, isEnd } of parts) {
    const source = isEnd ? undefined : files.source(key);
    const stamp = files.stamp(key);
    if (source === null || stamp === null) return null;
    looks.push(source === undefined ? stamp : looksOf(source, from, to));
  }
  return looks.join(" ");
}
