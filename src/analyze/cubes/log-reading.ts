/**
 * The reading of a log, newest first, stretch by stretch: one that was counted before is added and passed over, any other is
 * read and counted. INVARIANT: where a stretch is cut is decided by the bytes of the record that comes next and by where the
 * other logs stand then, and what is remembered of it is used only where the reading arrives with the same open calls; so
 * with and without memory the result is the same.
 */
import type { Scanned } from "../scan/scan.js";
import type { Counted } from "./cube-sum.js";
import type { Cubes } from "./fold.js";
import { RestReading } from "./rest-reading.js";
import { type Entry, entryOf, type Places, type Stretch, type StretchKind } from "./rollups.js";
import type { Strands } from "./strands.js";
import { StretchFold } from "./stretch-fold.js";
import { type Begun, StretchMemory } from "./stretch-memory.js";
import { type FoldLogOptions, LEAF, restWindow } from "./stretches.js";

export type ReadingOptions = FoldLogOptions & Required<Pick<FoldLogOptions, "stats" | "onProgress">>;

export class LogReading {
  readonly #strands: Strands;
  readonly #options: ReadingOptions;
  readonly #fold: StretchFold;
  readonly #memory: StretchMemory;
  readonly #rest: RestReading;
  /** Where the rest begins. */
  #restPlaces: Places = [];
  #leaf: Begun | null = null;
  #group: Begun | null = null;

  constructor(strands: Strands, options: ReadingOptions) {
    this.#strands = strands;
    this.#options = options;
    this.#fold = new StretchFold(options, options.look);
    this.#memory = new StretchMemory(strands, options);
    const window = restWindow(options.window);
    const slot = window === null ? null : () => ({ identity: strands.oldest, window });
    this.#rest = new RestReading(options, options.stats, this.#fold, slot);
  }

  cubes(): Cubes {
    this.#begin(true, true);
    while (!this.#strands.isOver) this.#read();
    this.#rest.close(() => this.#strands.partsSince(this.#restPlaces), this.#strands.files);
    return this.#fold.finish();
  }

  /** Reads to the next cut behind which something is remembered, or to the end. */
  #read(): void {
    const { leafBytes = LEAF, onProgress, stats } = this.#options;
    const strands = this.#strands;
    const onBad = (bad: Scanned) => this.#fold.line(bad);
    strands.begin(onBad);
    for (let { head } = strands; head !== null; head = strands.head) {
      const cut = strands.cut(leafBytes);
      if (cut !== null && !this.#isBegunAt(strands.places)) {
        this.#close(cut === "group");
        if (this.#begin(cut === "group")) return;
      }
      onProgress(stats.bytesRead);
      this.#fold.line(head);
      strands.advance(onBad);
    }
    this.#close(true);
  }

  #isBegunAt(places: Places): boolean {
    return JSON.stringify(places) === JSON.stringify(this.#leaf?.places);
  }

  /** Begins a stretch, passing over what is remembered of those that follow: whether there was any. */
  #begin(isGroup: boolean, isEnd = false): boolean {
    const strands = this.#strands;
    const isEnough = (stretch: Stretch) => this.#fold.isEnough(stretch);
    let begun = this.#begun(strands.places, entryOf(this.#settled()), isEnd);
    let isPassed = false;
    for (let canBeGroup = isGroup; ; ) {
      if (canBeGroup) this.#group = begun;
      if (this.#passRest(begun)) return true;
      this.#beginRest(begun);
      const known = strands.isOver ? null : this.#memory.find(begun, canBeGroup, isEnough);
      if (known === null) break;
      this.#rest.meet(known, known.kind);
      strands.seek(known.ends);
      this.#fold.pass(known);
      this.#fold.restore(known.state, strands.names);
      if (known.kind === "leaf" && known.endsGroup) this.#closeGroup(known.state);
      begun = this.#begun(known.ends, known.exit, false);
      canBeGroup = known.endsGroup;
      isPassed = true;
    }
    this.#leaf = begun;
    return isPassed;
  }

  /** Takes all that is left, if it is remembered. */
  #passRest({ places, entry }: Begun): boolean {
    if (this.#rest.isOff) return false;
    const rest = this.#rest.find(this.#strands.restAt(places), entry, this.#strands.files);
    if (rest === null) return false;
    this.#strands.seek(null);
    this.#fold.passRest(rest);
    return true;
  }

  #beginRest(begun: Begun): void {
    const { places, entry, isEnd } = begun;
    const isFixed = isEnd && this.#strands.isFixed;
    if (this.#rest.isOff || !this.#rest.begin(this.#strands.restAt(places), entry, isFixed)) return;
    this.#restPlaces = places;
    if (this.#group !== begun) this.#group = null;
  }

  #begun(places: Places, entry: Entry, isEnd: boolean): Begun {
    return { places, entry, isEnd, passed: this.#options.stats.outside };
  }

  #settled(): string {
    return this.#fold.settle(this.#options.rollups === null ? null : this.#strands.names);
  }

  #close(endsGroup: boolean): void {
    const state = this.#settled();
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

  #keep(kind: StretchKind, begun: Begun | null, state: string, counted: Counted & Pick<Stretch, "endsGroup">): void {
    if (begun === null || this.#fold.isForced) return;
    this.#memory.keep(begun, { ...counted, kind, state }, this.#rest.isBegun);
  }
}
