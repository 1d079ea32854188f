/**
 * Stamps: how the hook knows, without reading a policy file, that it is still the one that was compiled. Size and time
 * alone would miss a same-size edit or a swapped file, so device, inode and both times in nanoseconds take part.
 */
import { type BigIntStats, readdirSync, statSync } from "node:fs";
import { errorCode } from "./error-code.js";

/** One thing a compiled policy depends on. With `glob` the value is the folder's matching names, else the file's state. */
export interface Stamp {
  readonly path: string;
  readonly glob?: string;
  readonly value: string;
}

export const ABSENT = "absent";

/** The file's state now; symlinks are followed. */
export function stampOf(path: string): Stamp {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return { path, value: stat === undefined ? ABSENT : statValue(stat) };
  } catch (error) {
    return { path, value: `error ${errorCode(error)}` };
  }
}

export function statValue(stat: BigIntStats): string {
  return `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`;
}

/** Sorted names in `folder` that match; `null` when the folder cannot be listed. */
export function namesIn(folder: string, glob: string): readonly string[] | null {
  try {
    const shape = globRegex(glob);
    return readdirSync(folder)
      .filter((name) => shape.test(name))
      .sort();
  } catch {
    return null;
  }
}

export function listingStamp(folder: string, glob: string): Stamp {
  return { path: folder, glob, value: namesIn(folder, glob)?.join("/") ?? ABSENT };
}

export function isCurrent(stamps: readonly Stamp[]): boolean {
  return stamps.every((stamp) => {
    const now = stamp.glob === undefined ? stampOf(stamp.path) : listingStamp(stamp.path, stamp.glob);
    return now.value === stamp.value;
  });
}

/**
 * Times of a file system advance in ticks of some milliseconds: a second edit of the same size within one tick leaves
 * the stamp as it was. So nothing is kept that was read this soon after its last change.
 */
const TICK_MS = 100;

/** Whether some file changed so recently that its stamp cannot be relied on; `now` in milliseconds since the epoch. */
export function isTooFresh(stamps: readonly Stamp[], now: number): boolean {
  return stamps.some((stamp) => {
    const changed = Number(BigInt(stamp.value.split(":")[4] ?? "0") / 1_000_000n);
    return stamp.glob === undefined && Math.abs(now - changed) < TICK_MS;
  });
}

/** `*` any run of characters, `?` one; a leading dot is matched only by a dot. */
function globRegex(glob: string): RegExp {
  const body = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${glob.startsWith(".") ? "" : "(?!\\.)"}${body}$`, "su");
}
