/**
 * Writing whole small files so that a reader sees the old or the new text, never a half: a temporary file beside it,
 * then a rename. Everything is private to the user (0600, folders 0700), unless the caller says otherwise.
 */
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { errorCode } from "./error-code.js";
import { makeFolder } from "./make-folder.js";

/** Why a file could not be written; `code` is the system's, `EROFS`. */
export interface WriteFault {
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

let sequence = 0;

/**
 * Replaces the file's content. A fault is a value, and then the old file still stands; `durable` waits for the disk;
 * `mode` is for files that are not ours and keep the one they have.
 */
export function writeAtomic(
  path: string,
  content: string | Uint8Array,
  durable = false,
  mode?: number,
): WriteFault | null {
  sequence += 1;
  const temporary = `${path}.${process.pid}-${sequence}.tmp`;
  try {
    makeFolder(dirname(path));
    const file = openSync(temporary, "wx", 0o600);
    try {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      if (mode !== undefined) fchmodSync(file, mode);
      if (durable) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    return null;
  } catch (error) {
    removeQuietly(temporary);
    return writeFault(path, error);
  }
}

export function writeFault(path: string, error: unknown): WriteFault {
  return { code: errorCode(error), path, message: error instanceof Error ? error.message : String(error) };
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A read-only folder keeps nothing we could have made.
  }
}
