/**
 * The one way a line gets into the log: opened for appending, one write, closed. No lock is needed or taken; it never
 * throws, because a decision must go out whether or not it could be recorded.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "./make-folder.js";

export type Appended =
  | {
      readonly kind: "appended" /** Bytes of the file after this line, as this writer saw it. */;
      readonly size: number;
    }
  | { readonly kind: "failed" /** `ENOSPC`, `EACCES`, `short-write`, `not-a-file` ... */; readonly code: string };

const NEWLINE = 0x0a;

/** Bytes written, which a full disk makes fewer than were given. Throws what the system throws. */
export type WriteBytes = (descriptor: number, bytes: Uint8Array) => number;

/**
 * Appends one line (which brings its own line end). Creates the file (0600) and its folder (0700).
 * INVARIANT: one write call a line; with O_APPEND the system puts each whole write behind the last.
 */
export function appendLine(path: string, line: string, write: WriteBytes = writeSync): Appended {
  let descriptor: number | undefined;
  try {
    descriptor = openLog(path);
    // In whole numbers as stamps are: a cold process compiles what makes one kind of answer, not two.
    const stat = fstatSync(descriptor, { bigint: true });
    const size = Number(stat.size);
    if (!stat.isFile()) return { kind: "failed", code: "not-a-file" };
    // A full disk or a kill can leave a stump without line end; this line must not be glued to it. When the missing
    // end belongs to a neighbour who is still writing, the result is a blank line, which readers ignore.
    const bytes = Buffer.from(isTorn(descriptor, size) ? `\n${line}` : line, "utf8");
    const written = write(descriptor, bytes);
    if (written !== bytes.length) return { kind: "failed", code: "short-write" };
    return { kind: "appended", size: size + written };
  } catch (error) {
    return { kind: "failed", code: errorCode(error) };
  } finally {
    if (descriptor !== undefined) closeQuietly(descriptor);
  }
}

function openLog(path: string): number {
  try {
    return openSync(path, "a+", 0o600);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    makeFolder(dirname(path));
    return openSync(path, "a+", 0o600);
  }
}

function isTorn(descriptor: number, size: number): boolean {
  if (size === 0) return false;
  const last = Buffer.allocUnsafe(1);
  return readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE;
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // Some network file systems report a failed write only here; the line is then found missing by its reader.
  }
}

export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}
