/** One of several logs that are read as one: its files one after the other, newest line first, from any place it was ever at. */
import type { RecordFilter, Scanned } from "../scan/scan.js";
import type { Chain } from "../scan/scan-backward.js";
import { type ScanStats, SLACK_MS, scanSource } from "../scan/scan-source.js";
import { seekUntil } from "../scan/seek-until.js";
import type { StrandPlace } from "./rollups.js";
import { closeFile, listFiles, type StrandFile, sourceOf } from "./strand-files.js";
import type { Part } from "./stretch-looks.js";
import { LEAVES, lineEnd } from "./stretches.js";

type Met = Extract<Scanned, { kind: "record" }>;

export class Strand {
  /** The window ended it, or begins within it: it is not known whole. */
  isNarrowed = false;
  head: Met | null = null;
  readonly #files: readonly StrandFile[];
  readonly #read: RecordFilter;
  readonly #stats: ScanStats;
  #index = 0;
  /** All that is left is older than the window. */
  #isEnded = false;
  /** Its newest part is newer than the window. */
  #isCut = false;
  /** Where the next file's reading begins; `null`: at its end. */
  #at: number | null = null;
  #lines: Generator<Scanned, boolean> | null = null;

  constructor(chain: Chain, read: RecordFilter, stats: ScanStats) {
    this.#files = listFiles(chain);
    this.#read = read;
    this.#stats = stats;
    this.#narrow();
  }

  get files(): readonly StrandFile[] {
    return this.#files;
  }

  get isOver(): boolean {
    return this.#isEnded || this.#index >= this.#files.length;
  }

  /** Lines may still be added to its newest file. */
  get isGrowing(): boolean {
    return this.#files[0]?.isGrowing === true;
  }

  /** Nothing that is added to it has a part in the window. */
  get isFixed(): boolean {
    return !this.isGrowing || this.#isCut;
  }

  /** What tells the files it has not left yet. */
  get keys(): readonly string[] {
    return this.#files.slice(this.#index).map(({ key }) => key);
  }

  /** Where it goes on: behind the record that is met next, and at the end of a file that was not begun. */
  get place(): StrandPlace | null {
    const file = this.#files[this.#index];
    if (file === undefined) return null;
    const source = file.isWhole && this.head === null ? null : sourceOf(file);
    if (source === null) return { key: file.key, at: this.#at };
    if (this.head === null) return { key: file.key, at: this.#at ?? source.size };
    return { key: file.key, at: lineEnd(source, this.head.at.offset + this.head.at.length) };
  }

  /** Whether the next record stands where its bytes alone say where it begins and ends. */
  get canCut(): boolean {
    return this.head === null ? this.isOver : this.head.namesNoHost !== undefined;
  }

  /** A record that lies across the edge of a stretch ends it, and one that is the last of a file but the newest. */
  cut(leafBytes: number): "leaf" | "group" | null {
    if (this.head === null) return null;
    const { offset, length } = this.head.at;
    if (this.#index > 0 && offset + length + 2 >= (this.#files[this.#index]?.source?.size ?? Infinity)) return "group";
    const leaf = Math.floor((offset + length + 1) / leafBytes);
    const before = Math.floor(offset / leafBytes);
    if (leaf === before) return null;
    return Math.floor(leaf / LEAVES) === Math.floor(before / LEAVES) ? "leaf" : "group";
  }

  /** Goes on to the next record, past unusable lines. */
  advance(onBad: (bad: Scanned) => void): void {
    const last = this.head?.at.offset;
    if (last !== undefined) this.#at = last;
    this.head = null;
    for (let file = this.#files[this.#index]; file !== undefined && !this.#isEnded; file = this.#files[this.#index]) {
      this.#lines ??= this.#linesOf(file);
      const next = this.#lines?.next() ?? { done: true, value: false };
      if (next.done === true) {
        this.#leave(file, next.value === true);
        continue;
      }
      if (next.value.kind === "record") {
        this.head = next.value;
        return;
      }
      onBad(next.value);
    }
  }

  /** Goes on at a place it was at before. */
  seek(place: StrandPlace | null): void {
    const { place: before } = this;
    this.#stop();
    this.#isEnded &&= before?.key === place?.key && before?.at === place?.at;
    const index = place === null ? -1 : this.#files.findIndex(({ key }) => key === place.key);
    const next = index < 0 ? this.#files.length : index;
    for (const file of this.#files.slice(this.#index, next)) if (!file.isGrowing) closeFile(file);
    this.#index = next;
    this.#at = place?.at ?? null;
  }

  /** What lies between a place it was at and where it is. */
  partsSince(begun: StrandPlace | null): Part[] {
    const { place } = this;
    if (begun === null || (begun.key === place?.key && begun.at === place.at)) return [];
    const first = this.#files.findIndex(({ key }) => key === begun.key);
    return this.#files.slice(first, this.#index + 1).map((file) => {
      const isBegun = file.key === begun.key;
      const from = (isBegun ? begun.at : null) ?? file.source?.size ?? 0;
      return { key: file.key, from, to: file.key === place?.key ? (place.at ?? from) : 0, isEnd: !isBegun };
    });
  }

  close(): void {
    this.#stop();
    for (const file of this.#files) closeFile(file);
  }

  /** The files that begin after the window, and the end of the one that reaches beyond it. */
  #narrow(): void {
    const { until } = this.#read;
    if (until === undefined) return;
    while ((this.#files[this.#index]?.firstMs ?? -Infinity) >= until + SLACK_MS) this.#index++;
    const file = this.#files[this.#index];
    const source = file === undefined ? null : sourceOf(file);
    if (source === null) return;
    const end = seekUntil(source, until + SLACK_MS);
    if (end < source.size) this.#at = end;
    this.#isCut = this.#index > 0 || end < source.size;
  }

  #linesOf(file: StrandFile): Generator<Scanned, boolean> | null {
    const source = sourceOf(file);
    if (source === null) return null;
    const { until } = this.#read;
    if (this.#at === null && until !== undefined && seekUntil(source, until + SLACK_MS) < source.size) {
      this.isNarrowed = true;
    }
    return scanSource(source, this.#read, this.#stats, { isLazy: true, from: this.#at ?? source.size });
  }

  #leave(file: StrandFile, isPast: boolean): void {
    this.#stop();
    if (isPast) {
      // Its next line is older than all that is counted: it stands there as it would with a longer window.
      this.#isEnded = true;
      this.#at ??= file.source?.size ?? null;
      return;
    }
    if (!file.isGrowing) closeFile(file);
    const { since = -Infinity } = this.#read;
    const isLast = (file.firstMs ?? Infinity) < since - SLACK_MS;
    this.isNarrowed ||= isLast;
    this.#at = null;
    this.#index = isLast ? this.#files.length : this.#index + 1;
  }

  #stop(): void {
    this.#lines?.return(false);
    this.#lines = null;
    this.head = null;
  }
}
