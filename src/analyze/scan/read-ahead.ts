/**
 * Small reads that go backwards, served from larger ones: a disk takes long for each. The system itself
 * reads ahead only for those who go forward.
 */
import type { ByteSource } from "./byte-source.js";

const STEP = 1_048_576;

/** The same bytes. The first read is as small as it was asked for: often the newest lines are all that is wanted. */
export function readAhead(source: ByteSource): ByteSource {
  let held: Buffer | null = null;
  let heldAt = 0;
  let heldEnd = 0;
  const read = (target: Buffer, at: number, length: number, position: number): number => {
    if (held === null) {
      held = Buffer.alloc(0);
      return source.read(target, at, length, position);
    }
    const end = position + length;
    if (position < heldAt || end > heldEnd) {
      if (length >= STEP) return source.read(target, at, length, position);
      if (held.length === 0) held = Buffer.allocUnsafe(STEP);
      heldAt = Math.max(0, end - STEP);
      heldEnd = heldAt + source.read(held, 0, end - heldAt, heldAt);
    }
    // A source that was cut meanwhile holds less than was asked for.
    const count = Math.max(0, Math.min(end, heldEnd) - position);
    held.copy(target, at, position - heldAt, position - heldAt + count);
    return count;
  };
  return { ...source, read };
}
