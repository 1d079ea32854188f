/**
 * Which rotated segments of a log may be compressed and which are older than they are to be kept. Decides only; whoever
 * acts on it reads nothing else. It never names the active file or an import.
 */
import type { Segment } from "./segments.js";

/** A rotated segment may still be appended to this long after its rename: by a hook that had it open. */
const SEALED_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

export interface Upkeep {
  /** Plain and no longer written, oldest first. */
  readonly compress: readonly Segment[];
  /** All records older than `retainDays`, oldest first. */
  readonly remove: readonly Segment[];
}

/** @param retainDays `null`: for ever */
export function planUpkeep(segments: readonly Segment[], retainDays: number | null, now: number): Upkeep {
  const rotated = segments.filter(({ kind }) => kind === "rotated").toSorted(oldestFirst);
  const before = retainDays === null ? Number.NEGATIVE_INFINITY : now - retainDays * DAY_MS;
  const isSealed = ({ changedMs }: Segment) => now - changedMs > SEALED_MS;
  const sealed = rotated.filter((segment) => isSealed(segment) && segment.size > 0);
  const remove = sealed.filter((segment) => endOf(segment, rotated) + SEALED_MS < before);
  return { compress: sealed.filter((one) => !one.isCompressed && !remove.includes(one)), remove };
}

/** No record in it is newer, give or take the time in which a segment is sealed: the next one begins there. */
function endOf(segment: Segment, rotated: readonly Segment[]): number {
  const next = rotated[rotated.indexOf(segment) + 1]?.firstMs;
  return next ?? segment.changedMs;
}

function oldestFirst(a: Segment, b: Segment): number {
  return (a.firstMs ?? 0) - (b.firstMs ?? 0) || a.file.localeCompare(b.file, "en", { numeric: true });
}
