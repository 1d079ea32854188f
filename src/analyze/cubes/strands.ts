/**
 * Several logs (the hook's own and imports) read as one, newest line first, from any place they were ever at; most often it
 * is one log. It counts nothing and remembers nothing.
 */
import type { RecordFilter, Scanned } from "../scan/scan.js";
import type { Chain } from "../scan/scan-backward.js";
import type { ScanStats } from "../scan/scan-source.js";
import { type PlaceNames, placeNames } from "./place-names.js";
import { identityOf, type Places } from "./rollups.js";
import { Strand } from "./strand.js";
import { partFilesOf } from "./strand-files.js";
import type { Part, PartFiles } from "./stretch-looks.js";

export class Strands {
  readonly files: PartFiles;
  readonly names: PlaceNames;
  /** Device and inode of the first log's oldest file: the same while the log grows and is rotated. */
  readonly oldest: string;
  readonly #strands: readonly Strand[];
  /** Whose record comes next: of equal moments the earlier log's goes first. */
  #newest: Strand | null = null;

  constructor(chains: readonly Chain[], read: RecordFilter, stats: ScanStats) {
    this.#strands = chains.map((chain) => new Strand(chain, read, stats));
    const files = this.#strands.flatMap((strand) => strand.files);
    this.files = partFilesOf(files);
    this.names = placeNames(new Map(files.map(({ name, key }) => [name, key])));
    this.oldest = identityOf(this.#strands[0]?.files.at(-1)?.key ?? "");
  }

  /** The record that comes next. */
  get head(): Strand["head"] {
    return this.#newest?.head ?? null;
  }

  get isOver(): boolean {
    return this.#strands.every((strand) => strand.isOver);
  }

  /** Lines may still be added to one of them. */
  get isGrowing(): boolean {
    return this.#strands.some((strand) => strand.isGrowing);
  }

  /** Nothing that is added to them has a part in the window. */
  get isFixed(): boolean {
    return this.#strands.every((strand) => strand.isFixed);
  }

  /** The window ended one of them, or begins within it. */
  get isNarrowed(): boolean {
    return this.#strands.some((strand) => strand.isNarrowed);
  }

  get places(): Places {
    return this.#strands.map(({ place }) => place);
  }

  /** What lies behind places that they were at, and all that tells which files are there. */
  restAt(places: Places): string {
    return JSON.stringify([places, this.#strands.map(({ keys }) => keys)]);
  }

  /** What lies between places that they were at and where they are. */
  partsSince(places: Places): readonly Part[] {
    return this.#strands.flatMap((strand, index) => strand.partsSince(places[index] ?? null));
  }

  /** Whether a stretch ends before the next record. */
  cut(leafBytes: number): "leaf" | "group" | null {
    const cut = this.#newest?.cut(leafBytes) ?? null;
    return cut !== null && this.#strands.every(({ canCut }) => canCut) ? cut : null;
  }

  /** Finds the first record of each. `onBad` gets lines of no use as they are met: they have no time. */
  begin(onBad: (bad: Scanned) => void): void {
    for (const strand of this.#strands) strand.advance(onBad);
    this.#choose();
  }

  /** Goes on behind the head. */
  advance(onBad: (bad: Scanned) => void): void {
    this.#newest?.advance(onBad);
    this.#choose();
  }

  /** Goes on at places that they were at before; `null`: at their end. */
  seek(places: Places | null): void {
    for (const [index, strand] of this.#strands.entries()) strand.seek(places?.[index] ?? null);
    this.#newest = null;
  }

  close(): void {
    for (const strand of this.#strands) strand.close();
  }

  #choose(): void {
    let newest: Strand | null = null;
    for (const strand of this.#strands) {
      if (strand.head !== null && strand.head.timeMs > (newest?.head?.timeMs ?? -Infinity)) newest = strand;
    }
    this.#newest = newest;
  }
}
