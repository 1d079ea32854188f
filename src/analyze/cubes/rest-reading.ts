/**
 * What a log, or one window of it, holds behind a place that lies some hours back, remembered as one: most reports are this
 * and the little that is newer. INVARIANT: it stands only where the reading arrives at that place in the state in which
 * it was begun, with the same files behind it.
 */
import type { ScanStats } from "../scan/scan-source.js";
import { sumAnswers, UNTOLD } from "./answers.js";
import type { Counted } from "./cube-sum.js";
import { FUTURE_MS } from "./quality.js";
import type { Entry, KeptRest, RestSlot, StretchKind } from "./rollups.js";
import { KEPT_ANSWERS, type StretchFold } from "./stretch-fold.js";
import type { Part, PartFiles } from "./stretch-looks.js";
import { type FoldLogOptions, LEAF, LEAST, LEAVES } from "./stretches.js";

/**
 * Few outcomes and ends of turns come so long after their call. Where one does, the reading arrives in another state and what
 * lies further back is added up once more.
 */
const SETTLED_MS = 2 * 60 * 60_000;
/** Leaves that are added one by one to what is remembered before they are remembered with it. */
const MORE = 4;
/** A group, in leaves. */
const LARGE = LEAVES;

export class RestReading {
  readonly #options: FoldLogOptions;
  readonly #stats: ScanStats;
  readonly #fold: StretchFold;
  readonly #slot: (() => RestSlot) | null;
  #kept: KeptRest | null | undefined;
  #isFound = false;
  #begun: { readonly place: string; readonly entry: Entry; readonly bytes: number } | null = null;
  /** Passed over since it began. */
  #leaves = 0;
  #newest = Number.NEGATIVE_INFINITY;
  #last = Number.POSITIVE_INFINITY;

  /** @param slot `null` of a window that moves with the clock. */
  constructor(options: FoldLogOptions, stats: ScanStats, fold: StretchFold, slot: (() => RestSlot) | null) {
    this.#options = options;
    this.#stats = stats;
    this.#fold = fold;
    this.#slot = options.rollups === null ? null : slot;
  }

  /** Nothing is remembered of such a window. */
  get isOff(): boolean {
    return this.#slot === null;
  }

  get isBegun(): boolean {
    return this.#begun !== null;
  }

  /** Takes note of a stretch that was counted, or passed over. */
  meet({ oldest, newest }: Pick<Counted, "oldest" | "newest">, passed: StretchKind | null): void {
    if (newest > this.#newest) this.#newest = newest;
    if (oldest < Number.POSITIVE_INFINITY) this.#last = oldest;
    if (passed !== null) this.#leaves += passed === "leaf" ? 1 : LARGE;
  }

  /** All that is left from `place` on, where it tells of as many answered calls as are asked for. */
  find(place: string, entry: Entry, files: PartFiles): Counted | null {
    const { rollups, now } = this.#options;
    if (this.#slot === null) return null;
    if (this.#kept === undefined) this.#kept = rollups?.findRest(this.#slot()) ?? null;
    if (this.#kept === null || this.#kept.place !== place || this.#kept.entry !== entry) return null;
    const counted = this.#kept.counted(files);
    if (counted === null || counted.newest > now + FUTURE_MS) return null;
    const isEnough = this.#fold.isEnough(counted);
    // Where more are asked for than are ever kept it stays as it is.
    this.#isFound = isEnough || (counted.cubes.answers?.known ?? 0) >= KEPT_ANSWERS;
    return isEnough ? counted : null;
  }

  /** False when it does not begin here. @param isFixed nothing newer has a part in what is counted. */
  begin(place: string, entry: Entry, isFixed: boolean): boolean {
    const { settledMs = SETTLED_MS } = this.#options;
    if (this.#slot === null || this.#begun !== null || this.#isFound) return false;
    if (!isFixed && !(this.#newest - this.#last >= settledMs)) return false;
    this.#begun = { place, entry, bytes: this.#stats.bytesRead };
    this.#leaves = 0;
    this.#fold.beginRest();
    return true;
  }

  /** At the end of the reading. @param parts what it holds */
  close(parts: () => readonly Part[], files: PartFiles): void {
    const counted = this.#fold.closeRest();
    const { rollups, now, leafBytes = LEAF } = this.#options;
    if (this.#begun === null || this.#slot === null || counted === null || this.#fold.isForced) return;
    if (counted.newest < counted.oldest || counted.newest > now + FUTURE_MS) return;
    const { place, entry, bytes } = this.#begun;
    // What is read again in a moment need not be kept: a small log leaves nothing behind.
    const leaves = this.#leaves + (this.#stats.bytesRead - bytes) / leafBytes;
    if (leaves < (this.#isFound ? MORE : LEAST)) return;
    const answers = sumAnswers([counted.cubes.answers ?? UNTOLD], KEPT_ANSWERS);
    const cubes = { ...counted.cubes, answers };
    rollups?.keepRest(this.#slot(), files, { ...counted, cubes, place, entry, parts: parts() });
  }
}
