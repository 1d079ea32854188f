/**
 * A whole log -> cubes, stretch by stretch, so that a stretch that was counted before need not be read again. INVARIANT: a
 * stretch is cut at places that only its bytes decide, and what is remembered of it is used only when the reading arrives
 * there with the same open calls; so with and without memory the result is the same.
 */
import type { ByteSource } from "../scan/byte-source.js";
import type { Scan } from "../scan/open-scan.js";
import type { Scanned } from "../scan/scan.js";
import type { Chain, LogFile, Sealed } from "../scan/scan-backward.js";
import { newScanStats, type ScanStats, SLACK_MS, scanSource } from "../scan/scan-source.js";
import { seekUntil } from "../scan/seek-until.js";
import type { Counted } from "./cube-sum.js";
import { type Cubes, foldRecords } from "./fold.js";
import { foldMerged } from "./fold-merged.js";
import { LogFiles } from "./log-files.js";
import { isWanted } from "./look.js";
import { type PlaceNames, placeName } from "./place-names.js";
import { FUTURE_MS } from "./quality.js";
import { RestReading } from "./rest-reading.js";
import { type Entry, entryOf, type Stretch, type StretchKind } from "./rollups.js";
import { StretchFold } from "./stretch-fold.js";
import type { Part } from "./stretch-looks.js";
import {
  edgeOf,
  type FoldLogOptions,
  isUsable,
  LEAF,
  LEAST,
  LEAVES,
  lineEnd,
  restWindow,
  windowName,
} from "./stretches.js";

/** Bytes behind the last line of a window that are looked at for what is remembered of it. */
const BEHIND = 65_536;
const KINDS = ["group", "leaf"] as const satisfies readonly StretchKind[];

export type { FoldLogOptions };

export function foldLog(scan: Scan, options: FoldLogOptions): Cubes {
  const { read, stats = newScanStats(), onProgress = () => {} } = options;
  const chain = scan.chain();
  if (chain !== null) return new LogReading(chain, options, stats, onProgress).cubes();
  const chains = scan.chains();
  if (chains !== null) return foldMerged(chains, { ...options, stats, onProgress });
  return foldRecords(watched(scan.backward(read, { stats, isLazy: true })), options, options.look);

  function* watched(records: Iterable<Scanned>): Generator<Scanned, void> {
    for (const one of records) {
      onProgress(stats.bytesRead);
      yield one;
    }
  }
}

/** Where a stretch began, and in which state of the join. */
interface Begun {
  readonly at: number;
  readonly entry: Entry;
  /** Lines passed by so far: a stretch in which some were is not whole. */
  readonly passed: number;
  /** It is remembered, and was only not passed over because somebody wants to look at it. */
  isKept: boolean;
}

class LogReading {
  readonly #fold: StretchFold;
  readonly #options: FoldLogOptions;
  readonly #stats: ScanStats;
  readonly #onProgress: (bytes: number) => void;
  readonly #files: LogFiles;
  /** Lines are still added to the file that is read. */
  #isGrowing = true;
  /** What was passed by so far is newer than the window. */
  #isNarrowed = false;
  /** Something was read, or is remembered. */
  #isTouched = false;
  #leaf: Begun | null = null;
  #group: Begun | null = null;
  #file: Begun | null = null;
  /** The file that is read, as the system tells it, once nothing is added to it. */
  #sealed: Sealed | null = null;
  /** The file to be read next is remembered. */
  #isFileKept = false;
  /** Of the file that was read last. */
  #names: { readonly file: string; readonly names: PlaceNames } | null = null;
  /** All that is left is older than the window, or remembered. */
  #isPast = false;
  /** What is remembered for this window only is told by its edges. */
  readonly #windowName: string | null;
  readonly #rest: RestReading;
  /** What the rest holds, as far as it was read. */
  #restParts: (to: number) => readonly Part[] = () => [];
  /** How far the last line of the window was looked for in the file that was read last. */
  #pastTo = 0;

  constructor(chain: Chain, options: FoldLogOptions, stats: ScanStats, onProgress: (bytes: number) => void) {
    this.#files = new LogFiles(chain);
    this.#options = options;
    this.#fold = new StretchFold(options, options.look);
    this.#stats = stats;
    this.#onProgress = onProgress;
    this.#windowName = windowName(options.window);
    const window = restWindow(options.window);
    const slot = window === null ? null : () => ({ identity: this.#files.oldest, window });
    this.#rest = new RestReading(options, stats, this.#fold, slot);
  }

  cubes(): Cubes {
    try {
      const newest = this.#files.newest();
      if (newest === null || !this.#readFile(newest, null)) {
        for (const one of this.#files.older()) if (this.#readFile(one, one.is)) break;
      }
      // Where all that is left was remembered, all of the file is looked at.
      this.#rest.close(() => this.#restParts(this.#isGrowing && this.#isPast ? this.#pastTo : 0), this.#files);
      return this.#fold.finish();
    } finally {
      this.#files.growing?.close();
    }
  }

  /** True when nothing in older files is asked for. */
  #readFile({ open, firstMs }: LogFile, sealed: Sealed | null): boolean {
    const { since = -Infinity, until = Infinity } = this.#options.read;
    if (firstMs !== undefined && firstMs >= until + SLACK_MS) {
      this.#isNarrowed = true;
      return false;
    }
    if (sealed === null || !this.#pass(sealed)) {
      const source = open();
      if (source === null) return false;
      if (sealed === null) this.#files.growing = source;
      try {
        this.#take(source, sealed);
      } finally {
        if (source !== this.#files.growing) source.close();
      }
    }
    return this.#isPast || (firstMs !== undefined && firstMs < since - SLACK_MS);
  }

  /** False when a file has to be read: what is in it is not remembered, or not wholly inside the window. */
  #pass(sealed: Sealed): boolean {
    const { rollups, look } = this.#options;
    if (rollups === null) return false;
    const entry = this.#entry(sealed.file);
    this.#sealed = sealed;
    if (this.#passRest(null, sealed.size, entry, null)) return true;
    this.#beginRest(sealed.size, entry);
    const stretch = rollups.findFile(sealed, entry);
    if (stretch === null || !isUsable(stretch, this.#options)) return false;
    this.#isFileKept = isWanted(look, stretch.cubes);
    if (this.#isFileKept) return false;
    this.#isGrowing = false;
    this.#met(stretch, "file");
    this.#fold.pass(stretch, "file");
    this.#fold.restore(stretch.state, this.#namesOf(sealed.file));
    sealed.pass();
    return true;
  }

  /** Reads a file to its end, or to where all that is left is past. */
  #take(source: ByteSource, sealed: Sealed | null): void {
    this.#isGrowing = sealed === null;
    this.#sealed = sealed;
    // What is newer than the window is not read, and a stretch does not say that it begins before it.
    const { until } = this.#options.read;
    const end = until === undefined ? source.size : seekUntil(source, until + SLACK_MS);
    this.#isNarrowed ||= end < source.size;
    if (end === 0) return;
    this.#file = { ...this.#begun(end, this.#entry(source.file)), isKept: this.#isFileKept };
    this.#isFileKept = false;
    let from = this.#begin(source, end, true);
    while (from > 0 && !this.#isPast) {
      const next = this.#read(source, from);
      if (next === true) this.#isPast = true;
      from = typeof next === "number" ? next : 0;
    }
    if (!this.#isPast) this.#closeFile(source);
  }

  /** Reads to the next cut behind which something is remembered: where to go on. Or to the end: whether it is past the window. */
  #read(source: ByteSource, from: number): number | boolean {
    const { read, leafBytes = LEAF } = this.#options;
    this.#isTouched = true;
    const lines = scanSource(source, read, this.#stats, { isLazy: true, from });
    // Where the line after this one begins; a reading that begins at a cut makes none there.
    let newer = -1;
    let last = from;
    try {
      for (;;) {
        const next = lines.next();
        if (next.done) {
          // What it passed by behind its last line is older than the window and stays so.
          const isPast = next.value;
          this.#close(source, isPast ? Math.max(0, Math.min(from, last) - BEHIND) : 0, true, isPast);
          return isPast;
        }
        const one = next.value;
        last = one.at.offset;
        this.#onProgress(this.#stats.bytesRead);
        if (one.kind === "record" && one.namesNoHost !== undefined) {
          const { offset } = one.at;
          if (newer >= 0 && Math.floor(offset / leafBytes) !== Math.floor(newer / leafBytes)) {
            const place = lineEnd(source, offset + one.at.length);
            const isGroup = Math.floor(offset / leafBytes / LEAVES) !== Math.floor(newer / leafBytes / LEAVES);
            this.#close(source, place, isGroup);
            const after = this.#begin(source, place, isGroup);
            if (after < place || this.#isPast) return after;
          }
          newer = offset;
        }
        this.#options.look?.line(one);
        this.#fold.line(one);
      }
    } finally {
      lines.return(false);
    }
  }

  /** Begins a stretch at `place`, passing over what is remembered of those that follow: where to go on. */
  #begin(source: ByteSource, place: number, isGroup: boolean): number {
    let at = place;
    let entry = this.#entry(source.file);
    let passed: Stretch | null = null;
    let canBeGroup = isGroup;
    if (isGroup) this.#group = this.#begun(at, entry);
    for (;;) {
      if (this.#passRest(source, at, entry, passed)) return 0;
      this.#beginRest(at, entry);
      const known: Stretch | null = at === 0 ? null : this.#known(source, at, entry, canBeGroup);
      if (known === null) break;
      if (isWanted(this.#options.look, known.cubes)) {
        if (passed !== null) this.#fold.restore(passed.state, this.#namesOf(source.file));
        this.#fold.rehearse(this.#shown(source, at, known));
        // Even where the looking ended midway.
        this.#fold.restore(known.state, this.#namesOf(source.file));
      }
      passed = known;
      at = known.to;
      entry = known.exit;
      canBeGroup = known.endsGroup;
      this.#met(known, known.kind);
      this.#fold.pass(known, known.kind);
      if (known.isPast === true) {
        this.#isPast = true;
        this.#pastTo = known.to;
        break;
      }
      if (known.kind === "leaf" && known.endsGroup) this.#closeGroup(source, at, known.state);
      if (known.endsGroup) this.#group = this.#begun(at, entry);
    }
    if (passed !== null) this.#fold.restore(passed.state, this.#namesOf(source.file));
    this.#leaf = this.#begun(at, entry);
    return at;
  }

  /** The lines of a stretch, as long as they are wanted. */
  *#shown(source: ByteSource, from: number, known: Stretch): Generator<Scanned, void> {
    const { read, look } = this.#options;
    for (const one of scanSource(source, read, newScanStats(), { isLazy: true, from })) {
      if (one.at.offset < known.to || !isWanted(look, known.cubes)) return;
      look?.line(one);
      yield one;
    }
  }

  /** Takes all that is left at a place, if it is remembered. @param source `null`: the file was not opened */
  #passRest(source: ByteSource | null, at: number, entry: Entry, passed: Stretch | null): boolean {
    const place = this.#placeOf(at);
    const rest = place === null ? null : this.#rest.find(place, entry, this.#files);
    if (rest === null) return false;
    if (this.#options.look?.wantsNext?.() === true) {
      if (passed !== null && source !== null) this.#fold.restore(passed.state, this.#namesOf(source.file));
      this.#fold.rehearse(this.#next(source, at));
    }
    this.#fold.passRest(rest);
    this.#isPast = true;
    return true;
  }

  /** Lines from a place on, whatever they came to, as long as they are wanted. */
  *#next(source: ByteSource | null, from: number): Generator<Scanned, void> {
    if (source !== null && (yield* this.#nextOf(source, { from }))) return;
    for (const { open } of this.#files.from(source)) {
      const older = open();
      if (older === null) continue;
      try {
        if (yield* this.#nextOf(older, {})) return;
      } finally {
        older.close();
      }
    }
  }

  /** True when no more are wanted. */
  *#nextOf(source: ByteSource, where: { readonly from?: number }): Generator<Scanned, boolean> {
    const { read, look } = this.#options;
    const lines = scanSource(source, read, newScanStats(), { isLazy: true, ...where });
    try {
      for (;;) {
        const next = look?.wantsNext?.() === true ? lines.next() : null;
        if (next === null) return true;
        if (next.done === true) return next.value;
        look?.line(next.value);
        yield next.value;
      }
    } finally {
      lines.return(true);
    }
  }

  #beginRest(at: number, entry: Entry): void {
    const place = this.#placeOf(at);
    if (place === null || !this.#rest.begin(place, entry, this.#isNarrowed && !this.#isTouched)) return;
    this.#restParts = this.#files.partsFrom(this.#sealed, at);
    if (this.#group?.at !== at) this.#group = null;
    if (this.#file?.at !== at) this.#file = null;
  }

  /** `null` when nothing is told by it. */
  #placeOf(at: number): string | null {
    return this.#rest.isOff ? null : this.#files.placeOf(this.#sealed, at);
  }

  #met(counted: Counted, kind: StretchKind | null): void {
    this.#isTouched = true;
    this.#rest.meet(counted, kind);
  }

  #begun(at: number, entry: Entry): Begun {
    return { at, entry, passed: this.#stats.outside, isKept: false };
  }

  /** The largest stretch from here that is remembered, unchanged and wholly inside the window. */
  #known(source: ByteSource, at: number, entry: Entry, isGroup: boolean): Stretch | null {
    const { rollups, look, now } = this.#options;
    if (rollups === null) return null;
    for (const kind of KINDS) {
      if (kind === "group" && !isGroup) continue;
      const stretch = rollups.find(source, kind, at, entry);
      if (stretch === null || !isUsable(stretch, this.#options)) continue;
      if (kind === "leaf" || !isWanted(look, stretch.cubes)) return stretch;
      // Of a group that is to be looked at, some leaves may not be.
      if (this.#group !== null) this.#group.isKept = true;
    }
    if (this.#windowName === null) return null;
    // What is remembered for this window only, unless somebody wants to look at it.
    const edge = rollups.find(source, "leaf", at, edgeOf(entry, this.#windowName));
    return edge === null || edge.newest > now + FUTURE_MS || isWanted(look, edge.cubes) ? null : edge;
  }

  #settled(file: string): string {
    return this.#fold.settle(this.#options.rollups === null ? null : this.#namesOf(file));
  }

  #namesOf(file: string): PlaceNames {
    if (this.#names?.file !== file) this.#names = { file, names: placeName(file) };
    return this.#names.names;
  }

  #entry(file: string): Entry {
    return entryOf(this.#settled(file));
  }

  #close(source: ByteSource, to: number, endsGroup: boolean, isPast = false): void {
    const state = this.#settled(source.file);
    const counted = this.#fold.closeLeaf();
    this.#met(counted, null);
    const stretch = { ...counted, to, endsGroup, ...(isPast ? { isPast } : {}) };
    this.#keep("leaf", source, this.#leaf, state, stretch);
    this.#leaf = null;
    if (isPast) this.#pastTo = to;
    else if (endsGroup) this.#closeGroup(source, to, state);
  }

  #closeGroup(source: ByteSource, to: number, state: string): void {
    this.#keep("group", source, this.#group, state, { ...this.#fold.closeGroup(), to, endsGroup: true });
    this.#group = null;
  }

  #closeFile(source: ByteSource): void {
    const begun = this.#file;
    const counted = this.#fold.closeFile();
    this.#file = null;
    const { leafBytes = LEAF } = this.#options;
    if (begun === null || begun.isKept || begun.at < source.size || begun.at < leafBytes * LEAST) return;
    if (this.#sealed === null || !this.#mayKeep(begun, counted)) return;
    const state = this.#fold.state(this.#namesOf(source.file));
    const stretch = { ...counted, to: 0, endsGroup: true, kind: "file", state, exit: entryOf(state) } as const;
    this.#options.rollups?.keepFile(this.#sealed, begun.entry, stretch);
  }

  #keep(
    kind: "leaf" | "group",
    source: ByteSource,
    begun: Begun | null,
    state: string,
    stretch: Omit<Stretch, "state" | "exit" | "kind">,
  ): void {
    const { rollups, leafBytes = LEAF } = this.#options;
    if (rollups === null || begun === null || begun.isKept) return;
    const isEdge = stretch.isPast === true || !this.#mayKeep(begun, stretch);
    if (isEdge && (kind === "group" || !this.#mayKeepEdge(stretch))) return;
    // A group at the end of a file that grows would be kept in vain; a leaf there serves who asks twice.
    if (kind === "group" && this.#isGrowing && begun.at === source.size) return;
    // What is read again in a moment need not be kept: a small log leaves nothing behind.
    if (begun.at - stretch.to < leafBytes * LEAST) return;
    const entry = isEdge && this.#windowName !== null ? edgeOf(begun.entry, this.#windowName) : begun.entry;
    rollups.keep(source, begun.at, entry, { ...stretch, kind, state, exit: entryOf(state) });
  }

  /** What only this window counts so, unless it is remembered with all behind it. */
  #mayKeepEdge({ oldest, newest }: Counted): boolean {
    if (this.#windowName === null || this.#rest.isBegun || this.#fold.isForced) return false;
    return newest >= oldest && newest <= this.#options.now + FUTURE_MS;
  }

  /** Whether all of it was met and counted, and counts the same at any other time. */
  #mayKeep({ passed }: Begun, counted: Counted): boolean {
    const isWhole = passed === this.#stats.outside && counted.newest >= counted.oldest;
    return isWhole && !this.#fold.isForced && isUsable(counted, this.#options);
  }
}
