/**
 * Several logs (the hook's own and imports) -> cubes, their lines merged newest first, stretch by stretch like those of a
 * single log. A stretch holds a part of each log. INVARIANT: where it is cut is decided by the bytes of the record that
 * comes next and by where the other logs stand then; so with and without memory the result is the same.
 */
import type { Chain } from "../scan/scan-backward.js";
import type { ScanStats } from "../scan/scan-source.js";
import type { Counted } from "./cube-sum.js";
import type { Cubes } from "./fold.js";
import { isWanted } from "./look.js";
import { type PlaceNames, placeNames } from "./place-names.js";
import { FUTURE_MS } from "./quality.js";
import { RestReading } from "./rest-reading.js";
import { type Entry, entryOf, identityOf, type MergedStretch, type Places, type StretchKind } from "./rollups.js";
import { Strand, sourceOf } from "./strand.js";
import { StretchFold } from "./stretch-fold.js";
import type { Part, PartFiles } from "./stretch-looks.js";
import { edgeOf, type FoldLogOptions, isUsable, LEAF, LEAST, restWindow, windowName } from "./stretches.js";

const KINDS = ["group", "leaf"] as const satisfies readonly StretchKind[];

type MergedOptions = FoldLogOptions & Required<Pick<FoldLogOptions, "stats" | "onProgress">>;

export function foldMerged(chains: readonly Chain[], options: MergedOptions): Cubes {
  const strands = chains.map((chain) => new Strand(chain, options.read, options.stats));
  try {
    return new MergedReading(strands, options).cubes();
  } finally {
    for (const strand of strands) strand.close();
  }
}

/** Where a stretch began, and in which state of the join. */
interface Begun {
  readonly places: Places;
  readonly entry: Entry;
  /** Lines passed by so far: a stretch in which some were is not whole. */
  readonly passed: number;
  /** Nothing was read before it. */
  readonly isFirst: boolean;
}

class MergedReading {
  readonly #strands: readonly Strand[];
  readonly #options: MergedOptions;
  readonly #stats: ScanStats;
  readonly #fold: StretchFold;
  readonly #names: PlaceNames;
  readonly #files: PartFiles;
  /** What is remembered for this window only is told by its edges. */
  readonly #windowName: string | null;
  readonly #rest: RestReading;
  /** Where the rest begins. */
  #restPlaces: Places = [];
  #leaf: Begun | null = null;
  #group: Begun | null = null;

  constructor(strands: readonly Strand[], options: MergedOptions) {
    this.#strands = strands;
    this.#options = options;
    this.#stats = options.stats;
    this.#windowName = windowName(options.window);
    this.#fold = new StretchFold(options, options.look);
    const files = strands.flatMap((strand) => strand.files);
    this.#names = placeNames(new Map(files.map(({ name, key }) => [name, key])));
    const window = restWindow(options.window);
    const identity = identityOf(strands[0]?.files.at(-1)?.key ?? "");
    const slot = window === null ? null : () => ({ identity, window: `merged ${window}` });
    this.#rest = new RestReading(options, options.stats, this.#fold, slot);
    const byKey = new Map(files.map((file) => [file.key, file]));
    this.#files = {
      name: (key) => byKey.get(key)?.name,
      source: (key) => {
        const file = byKey.get(key);
        if (file === undefined) return null;
        return file.isWhole ? undefined : sourceOf(file);
      },
    };
  }

  cubes(): Cubes {
    this.#begin(true, true);
    while (!this.#isOver) this.#read();
    this.#rest.close(() => this.#partsSince(this.#restPlaces), this.#files);
    return this.#fold.finish();
  }

  get #isOver(): boolean {
    return this.#strands.every((strand) => strand.isOver);
  }

  get #places(): Places {
    return this.#strands.map(({ place }) => place);
  }

  /** Reads to the next cut behind which something is remembered, or to the end. */
  #read(): void {
    const { look, leafBytes = LEAF, onProgress } = this.#options;
    for (const strand of this.#strands) this.#advance(strand);
    for (let newest = this.#newest(); newest !== null; newest = this.#newest()) {
      const { head } = newest;
      if (head === null) break;
      const cut = newest.cut(leafBytes);
      if (cut !== null && this.#strands.every(({ canCut }) => canCut) && !this.#isBegun(this.#places)) {
        this.#close(cut === "group");
        if (this.#begin(cut === "group")) return;
      }
      onProgress(this.#stats.bytesRead);
      look?.line(head);
      this.#fold.line(head);
      this.#advance(newest);
    }
    this.#close(true);
  }

  #advance(strand: Strand): void {
    for (const bad of strand.advance()) {
      this.#options.look?.line(bad);
      this.#fold.line(bad);
    }
  }

  /** Of equal moments the earlier log's record goes first. */
  #newest(): Strand | null {
    let newest: Strand | null = null;
    for (const strand of this.#strands) {
      if (strand.head !== null && strand.head.timeMs > (newest?.head?.timeMs ?? -Infinity)) newest = strand;
    }
    return newest;
  }

  #isBegun(places: Places): boolean {
    return JSON.stringify(places) === JSON.stringify(this.#leaf?.places);
  }

  /** Begins a stretch, passing over what is remembered of those that follow: whether there was any. */
  #begin(isGroup: boolean, isFirst = false): boolean {
    let places = this.#places;
    let entry = entryOf(this.#fold.settle(this.#names));
    let passed: MergedStretch | null = null;
    if (isGroup) this.#group = this.#begun(places, entry, isFirst);
    let canBeGroup = isGroup;
    for (;;) {
      if (this.#passRest(places, entry)) return true;
      this.#beginRest(places, entry, isFirst && passed === null);
      const known: MergedStretch | null = this.#isOver
        ? null
        : this.#known(places, entry, canBeGroup, isFirst && passed === null);
      if (known === null) break;
      passed = known;
      canBeGroup = known.endsGroup;
      this.#rest.meet(known, known.kind);
      places = known.merged.ends;
      entry = known.exit;
      for (const [index, strand] of this.#strands.entries()) strand.seek(places[index] ?? null);
      this.#fold.pass(known, known.kind);
      if (known.kind === "leaf" && known.endsGroup) this.#closeGroup(known.state);
      if (known.endsGroup) this.#group = this.#begun(places, entry, false);
    }
    if (passed !== null) this.#fold.restore(passed.state, this.#names);
    this.#leaf = this.#begun(places, entry, isFirst && passed === null);
    return passed !== null;
  }

  /** Takes all that is left, if it is remembered and nobody wants to see the next lines of it. */
  #passRest(places: Places, entry: Entry): boolean {
    if (this.#rest.isOff || this.#options.look?.wantsNext?.() === true) return false;
    const rest = this.#rest.find(this.#placeOf(places), entry, this.#files);
    if (rest === null) return false;
    for (const strand of this.#strands) strand.seek(null);
    this.#fold.passRest(rest);
    return true;
  }

  #beginRest(places: Places, entry: Entry, isFirst: boolean): void {
    const isFixed = isFirst && this.#strands.every((strand) => strand.isFixed);
    if (this.#rest.isOff || !this.#rest.begin(this.#placeOf(places), entry, isFixed)) return;
    this.#restPlaces = places;
    if (this.#group?.places !== places) this.#group = null;
  }

  #placeOf(places: Places): string {
    return JSON.stringify([places, this.#strands.map(({ keys }) => keys)]);
  }

  #partsSince(places: Places): readonly Part[] {
    return this.#strands.flatMap((strand, index) => strand.partsSince(places[index] ?? null));
  }

  #begun(places: Places, entry: Entry, isFirst: boolean): Begun {
    return { places, entry, passed: this.#stats.outside, isFirst };
  }

  /** The largest stretch from here that is remembered, unchanged and wholly inside the window. */
  #known(places: Places, entry: Entry, isGroup: boolean, isFirst: boolean): MergedStretch | null {
    const { rollups, look } = this.#options;
    if (rollups === null) return null;
    for (const kind of KINDS) {
      if (kind === "group" && !isGroup) continue;
      const stretch = rollups.findMerged(this.#files, kind, places, entry, isFirst);
      if (stretch === null || !isUsable(stretch, this.#options)) continue;
      if (!isWanted(look, stretch.cubes)) return stretch;
    }
    if (this.#windowName === null) return null;
    const edge = rollups.findMerged(this.#files, "leaf", places, edgeOf(entry, this.#windowName), isFirst);
    const isOld = edge !== null && edge.newest <= this.#options.now + FUTURE_MS;
    return isOld && !isWanted(look, edge.cubes) ? edge : null;
  }

  #close(endsGroup: boolean): void {
    const state = this.#fold.settle(this.#names);
    const counted = this.#fold.closeLeaf();
    this.#rest.meet(counted, null);
    this.#keep("leaf", this.#leaf, state, { ...counted, endsGroup });
    this.#leaf = null;
    if (endsGroup) this.#closeGroup(state);
  }

  #closeGroup(state: string): void {
    this.#keep("group", this.#group, state, { ...this.#fold.closeGroup(), endsGroup: true });
    this.#group = null;
  }

  #keep(
    kind: "leaf" | "group",
    begun: Begun | null,
    state: string,
    stretch: Counted & { readonly endsGroup: boolean },
  ): void {
    const { rollups, now, leafBytes = LEAF } = this.#options;
    if (rollups === null || begun === null || this.#fold.isForced) return;
    if (stretch.newest < stretch.oldest || stretch.newest > now + FUTURE_MS) return;
    const isWhole = begun.passed === this.#stats.outside && !this.#strands.some(({ isNarrowed }) => isNarrowed);
    // Of a stretch at the window's edge some was met and not counted.
    const isEdge = !isWhole || !isUsable(stretch, this.#options);
    if (isEdge && (kind === "group" || this.#windowName === null || this.#rest.isBegun)) return;
    const entry = isEdge && this.#windowName !== null ? edgeOf(begun.entry, this.#windowName) : begun.entry;
    // A group at the end of a file that grows would be kept in vain; a leaf there serves who asks twice.
    if (kind === "group" && begun.isFirst && this.#strands.some(({ isGrowing }) => isGrowing)) return;
    const parts = this.#partsSince(begun.places);
    // What is read again in a moment need not be kept: a small log leaves nothing behind.
    if (parts.reduce((sum, { from, to }) => sum + from - to, 0) < leafBytes * LEAST) return;
    const merged = { ends: this.#places, parts };
    rollups.keepMerged(this.#files, begun.places, entry, begun.isFirst, {
      ...{ ...stretch, kind, state, merged, to: 0 },
      exit: entryOf(state),
    });
  }
}
