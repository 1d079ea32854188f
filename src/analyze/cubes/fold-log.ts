/**
 * A whole log -> cubes, stretch by stretch, so that a stretch that was counted before need not be read again. INVARIANT: a
 * stretch is cut at places that only its bytes decide, and what is remembered of it is used only when the reading arrives
 * there with the same open calls; so with and without memory the result is the same.
 */
import type { ByteSource } from "../scan/byte-source.js";
import type { Scan } from "../scan/open-scan.js";
import type { Scanned } from "../scan/scan.js";
import type { LogFile, Sealed } from "../scan/scan-backward.js";
import { newScanStats, type ScanStats, SLACK_MS, scanSource } from "../scan/scan-source.js";
import { seekUntil } from "../scan/seek-until.js";
import type { Counted } from "./cube-sum.js";
import { type Cubes, foldRecords } from "./fold.js";
import { foldMerged } from "./fold-merged.js";
import { placeName } from "./place-names.js";
import { FUTURE_MS } from "./quality.js";
import { type Entry, entryOf, type Stretch, type StretchKind } from "./rollups.js";
import { StretchFold } from "./stretch-fold.js";
import { edgeOf, type FoldLogOptions, isUsable, LEAF, LEAST, LEAVES, lineEnd, windowName } from "./stretches.js";

/** Bytes behind the last line of a window that are looked at for what is remembered of it. */
const BEHIND = 65_536;
const KINDS = ["group", "leaf"] as const satisfies readonly StretchKind[];

export type { FoldLogOptions };

export function foldLog(scan: Scan, options: FoldLogOptions): Cubes {
  const { read, stats = newScanStats(), onProgress = () => {} } = options;
  const chain = scan.chain();
  if (chain === null) {
    const chains = scan.chains();
    if (chains !== null) return foldMerged(chains, { ...options, stats, onProgress });
    return foldRecords(watched(scan.backward(read, { stats, isLazy: true })), options, options.look);
  }
  const reading = new LogReading(options, stats, onProgress);
  const files = chain[Symbol.iterator]();
  // The others are listed once the newest is open: what is added to the log meanwhile is missed in none of them.
  const newest = files.next();
  if (newest.done !== true && !readFile(newest.value)) {
    const older = [...{ [Symbol.iterator]: () => files }];
    if (!reading.passSealed(older)) {
      for (const one of older) if (readFile(one)) break;
      reading.keepSealed();
    }
  }
  return reading.finish();

  /** True when nothing in older files is asked for. */
  function readFile({ open, sealed, firstMs }: LogFile): boolean {
    if (firstMs !== undefined && read.until !== undefined && firstMs >= read.until + SLACK_MS) return false;
    const whole = sealed?.() ?? null;
    if (whole === null || !reading.pass(whole)) {
      const source = open();
      if (source === null) return false;
      try {
        if (reading.take(source, whole)) return true;
      } finally {
        source.close();
      }
    }
    return firstMs !== undefined && read.since !== undefined && firstMs < read.since - SLACK_MS;
  }

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
  #files = 0;
  /** The newest file: lines are still added to it. */
  #isGrowing = true;
  #leaf: Begun | null = null;
  #group: Begun | null = null;
  #file: Begun | null = null;
  #sealed: Sealed | null = null;
  /** All files but the newest, to be remembered as one. */
  #all: { readonly files: readonly Sealed[]; readonly begun: Begun } | null = null;
  /** The file to be read next is remembered. */
  #isFileKept = false;
  /** All that is left is older than the window. */
  #isPast = false;
  /** How far its last line was looked for. */
  #pastTo = 0;
  /** What is remembered for this window only is told by its edges. */
  readonly #windowName: string | null;

  constructor(options: FoldLogOptions, stats: ScanStats, onProgress: (bytes: number) => void) {
    this.#options = options;
    this.#fold = new StretchFold(options, options.look);
    this.#stats = stats;
    this.#onProgress = onProgress;
    this.#windowName = windowName(options.window);
  }

  /** Passes over all files but the newest; false when they have to be looked at one by one. */
  passSealed(older: readonly LogFile[]): boolean {
    const { rollups, look, read } = this.#options;
    if (rollups === null) return false;
    const files = older.flatMap(({ sealed }) => sealed?.() ?? []);
    const [first] = files;
    if (first === undefined || files.length < 2 || files.length < older.length) return false;
    const entry = this.#entry(first.file);
    const stretch = rollups.findFiles(files, entry);
    if (stretch === null || !isUsable(stretch, this.#options) || look?.wants(stretch.cubes) === true) {
      // Of a window that leaves some out they are not all.
      if (stretch !== null || read.since !== undefined || read.until !== undefined) return false;
      this.#all = { files, begun: this.#begun(0, entry) };
      this.#fold.beginSealed();
      return false;
    }
    this.#fold.pass(stretch, "sealed");
    for (const one of files) one.pass();
    return true;
  }

  keepSealed(): void {
    if (this.#all === null) return;
    const { files, begun } = this.#all;
    this.#all = null;
    const counted = this.#fold.closeSealed();
    if (!this.#mayKeep(begun, counted)) return;
    const stretch = { ...counted, to: 0, endsGroup: true, kind: "sealed", state: "", exit: "" } as const;
    this.#options.rollups?.keepFiles(files, begun.entry, stretch);
  }

  /** False when a file has to be read: what is in it is not remembered, or not wholly inside the window. */
  pass(sealed: Sealed): boolean {
    const { rollups, look } = this.#options;
    if (rollups === null) return false;
    const stretch = rollups.findFiles([sealed], this.#entry(sealed.file));
    if (stretch === null || !isUsable(stretch, this.#options)) return false;
    this.#isFileKept = look?.wants(stretch.cubes) === true;
    if (this.#isFileKept) return false;
    this.#files++;
    this.#fold.pass(stretch, "file");
    this.#fold.restore(stretch.state, placeName(sealed.file));
    sealed.pass();
    return true;
  }

  /** True when all that is left is older than the window. */
  take(source: ByteSource, sealed: Sealed | null): boolean {
    this.#isGrowing = this.#files++ === 0;
    this.#sealed = sealed;
    // What is newer than the window is not read, and a stretch does not say that it begins before it.
    const { until } = this.#options.read;
    const end = until === undefined ? source.size : seekUntil(source, until + SLACK_MS);
    this.#file = { ...this.#begun(end, this.#entry(source.file)), isKept: this.#isFileKept };
    this.#isFileKept = false;
    const window = this.#isWindowAlone(source, end) ? this.#edge(source, "window", end, this.#file.entry) : null;
    if (window !== null) {
      this.#fold.pass(window, "window");
      this.#fold.restore(window.state, placeName(source.file));
      return true;
    }
    let from = this.#begin(source, end, true);
    while (from > 0 && !this.#isPast) {
      const next = this.#read(source, from);
      if (next === true) this.#isPast = true;
      from = typeof next === "number" ? next : 0;
    }
    if (this.#isPast) this.#closeWindow(source);
    else this.#closeFile(source);
    return this.#isPast;
  }

  finish(): Cubes {
    return this.#fold.finish();
  }

  /** Reads to the next cut behind which something is remembered: where to go on. Or to the end: whether it is past the window. */
  #read(source: ByteSource, from: number): number | boolean {
    const { read, leafBytes = LEAF } = this.#options;
    const lines = scanSource(source, read, this.#stats, { isLazy: true, from });
    // Where the line after this one begins; a reading that begins at a cut makes none there.
    let newer = -1;
    let last = from;
    try {
      for (;;) {
        const next = lines.next();
        if (next.done) {
          // What it passed by behind its last line is older than the window and stays so.
          if (next.value) this.#closeRest(source, Math.max(0, Math.min(from, last) - BEHIND));
          else this.#close(source, 0, true);
          return next.value;
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
    if (isGroup) this.#group = this.#begun(at, entry);
    for (let known = this.#known(source, at, entry, isGroup); known !== null; ) {
      if (this.#options.look?.wants(known.cubes) === true) {
        if (passed !== null) this.#fold.restore(passed.state, placeName(source.file));
        this.#fold.rehearse(this.#shown(source, at, known));
        // Even where the looking ended midway.
        this.#fold.restore(known.state, placeName(source.file));
      }
      passed = known;
      at = known.to;
      entry = known.exit;
      this.#fold.pass(known, known.kind);
      if (known.kind === "rest") {
        this.#isPast = true;
        this.#pastTo = known.to;
        break;
      }
      if (known.kind === "leaf" && known.endsGroup) this.#closeGroup(source, at, known.state);
      if (known.endsGroup) this.#group = this.#begun(at, entry);
      known = at === 0 ? null : this.#known(source, at, entry, known.endsGroup);
    }
    if (passed !== null) this.#fold.restore(passed.state, placeName(source.file));
    this.#leaf = this.#begun(at, entry);
    return at;
  }

  /** The lines of a stretch, as long as they are wanted. */
  *#shown(source: ByteSource, from: number, known: Stretch): Generator<Scanned, void> {
    const { read, look } = this.#options;
    for (const one of scanSource(source, read, newScanStats(), { isLazy: true, from })) {
      if (one.at.offset < known.to || look?.wants(known.cubes) !== true) return;
      look.line(one);
      yield one;
    }
  }

  #begun(at: number, entry: Entry): Begun {
    return { at, entry, passed: this.#stats.outside, isKept: false };
  }

  /** The largest stretch from here that is remembered, unchanged and wholly inside the window. */
  #known(source: ByteSource, at: number, entry: Entry, isGroup: boolean): Stretch | null {
    const { rollups, look } = this.#options;
    if (rollups === null) return null;
    for (const kind of KINDS) {
      if (kind === "group" && !isGroup) continue;
      const stretch = rollups.find(source, kind, at, entry);
      if (stretch === null || !isUsable(stretch, this.#options)) continue;
      if (kind === "leaf" || look?.wants(stretch.cubes) !== true) return stretch;
      // Of a group that is to be looked at, some leaves may not be.
      if (this.#group !== null) this.#group.isKept = true;
    }
    return this.#edge(source, "leaf", at, entry) ?? this.#edge(source, "rest", at, entry);
  }

  /** What is remembered for this window only, unless somebody wants to look at it. */
  #edge(source: ByteSource, kind: "leaf" | "rest" | "window", at: number, entry: Entry): Stretch | null {
    const { rollups, look, now } = this.#options;
    if (rollups === null || this.#windowName === null) return null;
    const stretch = rollups.find(source, kind, at, edgeOf(entry, this.#windowName));
    if (stretch === null || stretch.newest > now + FUTURE_MS || look?.wants(stretch.cubes) === true) return null;
    return stretch;
  }

  /** Nothing is added to what it reads any more, and no other file has a part in it. */
  #isWindowAlone(source: ByteSource, end: number): boolean {
    return this.#files === 1 && end < source.size;
  }

  #entry(file: string): Entry {
    return entryOf(this.#fold.settle(placeName(file)));
  }

  #close(source: ByteSource, to: number, endsGroup: boolean): void {
    const state = this.#fold.settle(placeName(source.file));
    this.#keep("leaf", source, this.#leaf, state, { ...this.#fold.closeLeaf(), to, endsGroup });
    this.#leaf = null;
    if (endsGroup) this.#closeGroup(source, to, state);
  }

  #closeGroup(source: ByteSource, to: number, state: string): void {
    this.#keep("group", source, this.#group, state, { ...this.#fold.closeGroup(), to, endsGroup: true });
    this.#group = null;
  }

  #closeRest(source: ByteSource, to: number): void {
    const state = this.#fold.settle(placeName(source.file));
    this.#keepEdge("rest", source, this.#leaf, state, { ...this.#fold.closeLeaf(), to, endsGroup: true });
    this.#pastTo = to;
  }

  /** The window begins in this file. */
  #closeWindow(source: ByteSource): void {
    const state = this.#fold.settle(placeName(source.file));
    this.#fold.closeGroup();
    const stretch = { ...this.#fold.closeFile(), to: this.#pastTo, endsGroup: true };
    if (this.#file !== null && this.#isWindowAlone(source, this.#file.at)) {
      this.#keepEdge("window", source, this.#file, state, stretch);
    }
  }

  #closeFile(source: ByteSource): void {
    const begun = this.#file;
    const counted = this.#fold.closeFile();
    this.#file = null;
    const { leafBytes = LEAF } = this.#options;
    if (begun === null || begun.isKept || begun.at < source.size || begun.at < leafBytes * LEAST) return;
    if (this.#sealed === null || !this.#mayKeep(begun, counted)) return;
    const state = this.#fold.state(placeName(source.file));
    const stretch = { ...counted, to: 0, endsGroup: true, kind: "file", state, exit: entryOf(state) } as const;
    this.#options.rollups?.keepFiles([this.#sealed], begun.entry, stretch);
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
    if (!this.#mayKeep(begun, stretch)) {
      if (kind === "leaf") this.#keepEdge(kind, source, begun, state, stretch);
      return;
    }
    // A group at the end of a file that grows would be kept in vain; a leaf there serves who asks twice.
    if (kind === "group" && this.#isGrowing && begun.at === source.size) return;
    // What is read again in a moment need not be kept: a small log leaves nothing behind.
    if (begun.at - stretch.to < leafBytes * LEAST) return;
    rollups.keep(source, begun.at, begun.entry, { ...stretch, kind, state, exit: entryOf(state) });
  }

  /** What only this window counts so. */
  #keepEdge(
    kind: "leaf" | "rest" | "window",
    source: ByteSource,
    begun: Begun | null,
    state: string,
    stretch: Omit<Stretch, "state" | "exit" | "kind">,
  ): void {
    const { rollups, now, leafBytes = LEAF } = this.#options;
    if (rollups === null || begun === null || this.#windowName === null || this.#fold.isForced) return;
    if (stretch.newest < stretch.oldest || stretch.newest > now + FUTURE_MS) return;
    if (begun.at - stretch.to < leafBytes * LEAST) return;
    const entry = edgeOf(begun.entry, this.#windowName);
    rollups.keep(source, begun.at, entry, { ...stretch, kind, state, exit: entryOf(state) });
  }

  /** Whether all of it was met and counted, and counts the same at any other time. */
  #mayKeep({ passed }: Begun, counted: Counted): boolean {
    const isWhole = passed === this.#stats.outside && counted.newest >= counted.oldest;
    return isWhole && !this.#fold.isForced && isUsable(counted, this.#options);
  }
}
