/** What a log is cut into while it is counted, and when a stretch that was counted before may stand for its lines. */
import type { ByteSource } from "../scan/byte-source.js";
import type { RecordFilter, Window } from "../scan/scan.js";
import type { ScanStats } from "../scan/scan-source.js";
import type { Counted } from "./cube-sum.js";
import type { FoldOptions } from "./fold.js";
import type { Look } from "./look.js";
import { FUTURE_MS } from "./quality.js";
import type { Entry, Rollups } from "./rollups.js";

/** Bytes of the file between two cuts, and of the larger stretches that hold several. */
export const LEAF = 4 * 1_048_576;
export const LEAVES = 16;
/** Of a leaf: less is read again sooner than it is found. */
export const LEAST = 1 / 16;

export interface FoldLogOptions extends FoldOptions {
  /** What to read: the window and what is beyond its edges, a session. */
  readonly read: RecordFilter;
  readonly rollups: Rollups | null;
  /** Bytes of a leaf; tests give a small one. */
  readonly leafBytes?: number;
  /** How far behind the newest record that begins which is remembered as one; tests give less than a day. */
  readonly settledMs?: number;
  readonly stats?: ScanStats;
  readonly onProgress?: (bytes: number) => void;
  /** Nothing that is remembered stands for what it wants to see. */
  readonly look?: Pick<Look, "call">;
}

/** Wholly inside the window, and nothing of it from the future. */
export function isUsable(
  { oldest, newest }: Pick<Counted, "oldest" | "newest">,
  { window, now }: Pick<FoldOptions, "window" | "now">,
): boolean {
  const { since = -Infinity, until = Infinity } = window;
  return oldest >= since && newest < until && newest <= now + FUTURE_MS;
}

/** An edge of a window that others will name too: of a day in some zone, or an hour. */
const QUARTER = 900_000;

/** Tells a window whose edges stay where they are; `null` of one that moves with the clock, and of one without edges. */
export function windowName({ since, until }: Window): string | null {
  const edges = [since, until].flatMap((edge) => edge ?? []);
  return edges.length > 0 && edges.every((edge) => edge % QUARTER === 0) ? `${since} ${until}` : null;
}

/** Tells a window of which all behind a place is remembered: one whose edges stay, and one without edges. */
export function restWindow(window: Window): string | null {
  return window.since === undefined && window.until === undefined ? "all" : windowName(window);
}

/** The state in which a stretch begins that is remembered for one window only. */
export function edgeOf(entry: Entry, window: string): Entry {
  return `${entry} ${window}`;
}

/** Behind the line end of a line whose text ends at `at`. */
export function lineEnd(source: ByteSource, at: number): number {
  const bytes = Buffer.alloc(2);
  const count = source.read(bytes, 0, 2, at);
  if (count > 0 && bytes[0] === 0x0a) return at + 1;
  return Math.min(at + 2, source.size);
}
