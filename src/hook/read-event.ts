/**
 * Standard input to its end, of which only a bounded beginning is kept: a larger event is still answered, but as one
 * that was not understood.
 */
import { readSync } from "node:fs";
import { errorCode } from "../store/error-code.js";

export interface ReadEvent {
  readonly text: string;
  /** False when there was more than `MAX_EVENT_BYTES`. */
  readonly isWhole: boolean;
}

export const MAX_EVENT_BYTES = 8 << 20;

const CHUNK = 65_536;

/** Blocks until the writer closes; throws when the descriptor cannot be read at all. */
export function readEvent(descriptor: number): ReadEvent {
  const kept: Buffer[] = [];
  let size = 0;
  let chunk = Buffer.allocUnsafe(CHUNK);
  for (;;) {
    const read = readSome(descriptor, chunk);
    if (read === 0) break;
    if (size < MAX_EVENT_BYTES) {
      kept.push(chunk.subarray(0, read));
      chunk = Buffer.allocUnsafe(CHUNK);
    }
    size += read;
  }
  const [first] = kept;
  const bytes = kept.length === 1 && first !== undefined ? first : Buffer.concat(kept);
  return { text: bytes.toString("utf8"), isWhole: size <= MAX_EVENT_BYTES };
}

function readSome(descriptor: number, into: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, into, 0, into.length, null);
    } catch (error) {
      const code = errorCode(error);
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      pause(2);
    }
  }
}

/** Sleeps without an event loop: only where another process left a pipe non-blocking. */
export function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
