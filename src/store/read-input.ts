/**
 * Reading one policy file together with its stamp. What is no ordinary file (a pipe that a repository planted would
 * block for ever), too large or not UTF-8 is refused as a value, never read in part.
 */
import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { ABSENT, type Stamp, stampOf, statValue } from "./stamp.js";

export type Refusal = "not-a-file" | "too-large" | "not-utf8" | "unreadable";

export type Input =
  | { readonly kind: "text"; readonly text: string; readonly stamp: Stamp }
  | { readonly kind: "absent"; readonly stamp: Stamp }
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly stamp: Stamp };

/** Bytes one policy file may have. */
export const MAX_INPUT_BYTES = 1 << 20;

/** INVARIANT: the stamp is taken before the bytes, so a change between the two is noticed by the next check. */
export function readInput(path: string): Input {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    const stamp = stampOf(path);
    return stamp.value === ABSENT ? { kind: "absent", stamp } : { kind: "refused", refusal: "unreadable", stamp };
  }
  try {
    const stat = fstatSync(file, { bigint: true });
    const stamp = { path, value: statValue(stat) };
    if (!stat.isFile()) return { kind: "refused", refusal: "not-a-file", stamp };
    const bytes = readUpTo(file, MAX_INPUT_BYTES + 1);
    if (bytes.length > MAX_INPUT_BYTES) return { kind: "refused", refusal: "too-large", stamp };
    if (!isUtf8(bytes)) return { kind: "refused", refusal: "not-utf8", stamp };
    return { kind: "text", text: bytes.toString("utf8"), stamp };
  } catch {
    return { kind: "refused", refusal: "unreadable", stamp: stampOf(path) };
  } finally {
    closeSync(file);
  }
}

function readUpTo(file: number, limit: number): Buffer {
  const bytes = Buffer.allocUnsafe(limit);
  let length = 0;
  while (length < limit) {
    const read = readSync(file, bytes, length, limit - length, null);
    if (read === 0) break;
    length += read;
  }
  return bytes.subarray(0, length);
}
