/** Reading and replacing shipping cursors: one small file for each endpoint, `state/ship-<hash>.json`. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../error-code.js";
import { type WriteFault, writeAtomic } from "../write-atomic.js";
import { type Cursor, cursorSchema } from "./cursor.schema.js";

export type CursorRead =
  | { readonly kind: "cursor"; readonly cursor: Cursor }
  | { readonly kind: "none" }
  /** There is one, and it cannot be used: shipping from the start would be the wrong answer to a torn disk. */
  | { readonly kind: "failed"; readonly path: string; readonly why: string };

/** `endpoint`: without user and password. */
export function cursorPath(state: string, endpoint: string): string {
  const name = createHash("sha256").update(endpoint).digest("hex").slice(0, 16);
  return join(state, `ship-${name}.json`);
}

export function newCursor(endpoint: string): Cursor {
  return {
    v: 1,
    endpoint,
    logs: [],
    batch: null,
    rev: 0,
    lost: { bytes: 0, lines: 0, at: null, untold: 0 },
    rejected: 0,
    shipped: { rows: 0, batches: 0, at: null },
    failure: null,
  };
}

export function readCursor(path: string): CursorRead {
  try {
    const read = cursorSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    return read.success
      ? { kind: "cursor", cursor: read.data }
      : { kind: "failed", path, why: "it is not a cursor of this version" };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return { kind: "none" };
    return { kind: "failed", path, why: errorCode(error) || "it is not JSON" };
  }
}

/** Waits for the disk: what is sealed must be sealed after a power cut too. */
export function writeCursor(path: string, cursor: Cursor): WriteFault | null {
  return writeAtomic(path, `${JSON.stringify(cursor, null, 1)}\n`, true);
}

/** Every cursor of this home. */
export function readCursors(state: string): readonly Exclude<CursorRead, { kind: "none" }>[] {
  return cursorNames(state).flatMap((name) => {
    const read = readCursor(join(state, name));
    return read.kind === "none" ? [] : [read];
  });
}

function cursorNames(state: string): readonly string[] {
  try {
    return readdirSync(state)
      .filter((name) => /^ship-[0-9a-f]{16}\.json$/.test(name))
      .sort();
  } catch {
    return [];
  }
}
