/**
 * Moves a full log aside under a name of its own, safe among any number of hooks that want the same at once: no record
 * is lost, none is written twice. It deletes and compresses nothing, and an open writer may still append to what it moved.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { formatTimestamp, parseTimestamp } from "../core/audit/timestamp.js";
import { errorCode } from "./append.js";

export type Rotated =
  | { readonly kind: "rotated"; readonly to: string }
  /** Smaller than the bound, or someone else is at it or done. */
  | { readonly kind: "kept" }
  | { readonly kind: "failed"; readonly code: string };

/** Names tried when segments with the same first moment exist. */
const MAX_NUMBER = 1000;

/**
 * Renames `path` to `audit-<first timestamp>-<n>.jsonl` beside it when it is larger than `rotateBytes`. The next append
 * makes a new file. Never throws.
 */
export function rotate(path: string, rotateBytes: number): Rotated {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    const full = fstatSync(descriptor);
    if (full.size <= rotateBytes) return { kind: "kept" };
    return moveAside(path, full.ino, firstMoment(descriptor, full.birthtimeMs));
  } catch (error) {
    return errorCode(error) === "ENOENT" ? { kind: "kept" } : { kind: "failed", code: errorCode(error) };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * INVARIANT: a name is taken with O_EXCL before anything is moved onto it, so the rename can only replace that empty
 * file, never a segment. A hook that finds the name taken by another one who is at the same log leaves it to that one.
 */
function moveAside(path: string, inode: number, moment: string): Rotated {
  for (let number = 1; number <= MAX_NUMBER; number++) {
    const to = join(dirname(path), `audit-${moment}-${number}.jsonl`);
    if (existsSync(`${to}.gz`)) continue;
    const taken = take(to);
    if (taken !== null) {
      if (taken.ino === inode || isBeingMoved(taken)) return { kind: "kept" };
      continue;
    }
    try {
      if (statSync(path, { throwIfNoEntry: false })?.ino !== inode) {
        unlinkSync(to);
        return { kind: "kept" };
      }
      renameSync(path, to);
      return { kind: "rotated", to };
    } catch (error) {
      unlinkSync(to);
      throw error;
    }
  }
  return { kind: "failed", code: "too-many-segments" };
}

/** Makes the empty file `to`, or tells what is there already. */
function take(to: string): Stats | null {
  try {
    closeSync(openSync(to, "wx", 0o600));
    return null;
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    return statSync(to);
  }
}

/** An empty file that stays empty was left by someone who was killed. */
function isBeingMoved({ size, mtimeMs }: Stats): boolean {
  return size === 0 && Date.now() - mtimeMs < 60_000;
}

/** Of the first record, else of the file itself; spelled so that every file system takes it. */
function firstMoment(descriptor: number, otherwise: number): string {
  const head = Buffer.alloc(4096);
  const text = head.toString("utf8", 0, readSync(descriptor, head, 0, head.length, 0));
  const written = /"(?:timestamp|ts)":"([^"]+)"/.exec(text)?.[1];
  const timeMs = written === undefined ? null : parseTimestamp(written);
  return formatTimestamp(timeMs ?? otherwise).replaceAll(/[-:]/g, "");
}
