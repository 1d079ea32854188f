/**
 * What of a log's stretches is remembered, and may stand for their lines: only what lies wholly inside the window, or was
 * counted for this very window. It reads no line and counts nothing.
 */
import { FUTURE_MS } from "./quality.js";
import { type Entry, entryOf, type Places, type Stretch, type StretchKind } from "./rollups.js";
import type { Strands } from "./strands.js";
import { edgeOf, type FoldLogOptions, isUsable, LEAF, LEAST, windowName } from "./stretches.js";

const KINDS = ["group", "leaf"] as const satisfies readonly StretchKind[];

/** Where a stretch began, and in which state of the join. */
export interface Begun {
  readonly places: Places;
  readonly entry: Entry;
  /** Nothing was read before it. */
  readonly isEnd: boolean;
  /** Lines passed by so far: a stretch in which some were is not whole. */
  readonly passed: number;
}

type MemoryOptions = FoldLogOptions & Required<Pick<FoldLogOptions, "stats">>;

export class StretchMemory {
  readonly #strands: Strands;
  readonly #options: MemoryOptions;
  /** What is remembered for this window only is told by its edges. */
  readonly #windowName: string | null;

  constructor(strands: Strands, options: MemoryOptions) {
    this.#strands = strands;
    this.#options = options;
    this.#windowName = windowName(options.window);
  }

  /** The largest stretch from here that is remembered, unchanged, wholly inside the window and enough for who asks. */
  find({ places, entry, isEnd }: Begun, canBeGroup: boolean, isEnough: (stretch: Stretch) => boolean): Stretch | null {
    const { rollups } = this.#options;
    if (rollups === null) return null;
    const { files } = this.#strands;
    for (const kind of KINDS) {
      if (kind === "group" && !canBeGroup) continue;
      const stretch = rollups.find(files, kind, places, entry, isEnd);
      if (stretch !== null && isUsable(stretch, this.#options) && isEnough(stretch)) return stretch;
    }
    if (this.#windowName === null) return null;
    const edge = rollups.find(files, "leaf", places, edgeOf(entry, this.#windowName), isEnd);
    return edge !== null && this.#isOld(edge) && isEnough(edge) ? edge : null;
  }

  /** Where the reading stands now is its end. @param isInRest it is remembered with all behind it */
  keep(begun: Begun, stretch: Omit<Stretch, "ends" | "parts" | "exit">, isInRest: boolean): void {
    const { rollups, stats, leafBytes = LEAF } = this.#options;
    if (rollups === null || stretch.newest < stretch.oldest || !this.#isOld(stretch)) return;
    const isWhole = begun.passed === stats.outside && !this.#strands.isNarrowed;
    // Of a stretch at the window's edge some was met and not counted.
    const isEdge = !isWhole || !isUsable(stretch, this.#options);
    if (isEdge && (stretch.kind === "group" || this.#windowName === null || isInRest)) return;
    // A group at the end of a file that grows would be kept in vain; a leaf there serves who asks twice.
    if (stretch.kind === "group" && begun.isEnd && this.#strands.isGrowing) return;
    const parts = this.#strands.partsSince(begun.places);
    // What is read again in a moment need not be kept: a small log leaves nothing behind.
    if (parts.reduce((sum, { from, to }) => sum + from - to, 0) < leafBytes * LEAST) return;
    const entry = isEdge && this.#windowName !== null ? edgeOf(begun.entry, this.#windowName) : begun.entry;
    const exit = entryOf(stretch.state);
    rollups.keep(this.#strands.files, begun.places, entry, begun.isEnd, {
      ...stretch,
      ends: this.#strands.places,
      parts,
      exit,
    });
  }

  /** It counts the same at any later time. */
  #isOld({ newest }: Pick<Stretch, "newest">): boolean {
    return newest <= this.#options.now + FUTURE_MS;
  }
}
