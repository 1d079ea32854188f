/**
 * One cube while it is being filled: cells of integers by their keys, and the newest places of each cell. It knows
 * definitions, not records.
 */

import { CellIndex } from "./cell-index.js";
import type { CubeDefinition, Key, MeasureName } from "./definitions.js";
import { MEASURES } from "./definitions.js";
import type { Sample, Sampled, SampleOf } from "./fact.js";
import type { FactRow, Where } from "./fact-row.js";

/** One cell, ready to read: plain data. */
export interface CubeRow {
  readonly keys: Readonly<Partial<Record<Key, string>>>;
  readonly values: Readonly<Partial<Record<MeasureName, number>>>;
  readonly samples: readonly Sample[];
}

const [SUM, MIN, MAX] = [0, 1, 2];

/** Newest first; of one moment as they stand in their log, the last line first: told by the samples alone, however they were met. */
export function compareSamples(a: Sample, b: Sample): number {
  if (a.timeMs !== b.timeMs) return b.timeMs - a.timeMs;
  const [aEnd, bEnd] = [a.at.lastIndexOf(":"), b.at.lastIndexOf(":")];
  const byOffset = Number(b.at.slice(bEnd + 1)) - Number(a.at.slice(aEnd + 1));
  return byOffset || Buffer.compare(Buffer.from(b.at.slice(0, bEnd)), Buffer.from(a.at.slice(0, aEnd)));
}

export class CubeTable {
  readonly definition: CubeDefinition;
  readonly #row: FactRow;
  readonly where: Where;
  readonly #columns: Int32Array;
  readonly #cells: CellIndex;
  /** Of each measure: its place in MEASURES, and how it grows. */
  readonly #measures: Uint8Array;
  readonly #kinds: Uint8Array;
  readonly #kept: number;
  readonly #samples: Sample[][] = [];
  /** Of a cell that holds all the samples it may: the time of its oldest. */
  readonly #oldest: number[] = [];
  #values = new Float64Array(64);
  /** Of a row that is merged, as the row of a fact has it. */
  readonly #merged = new Float64Array(MEASURES.length);

  /** @param row holds the fact that is added. */
  constructor(definition: CubeDefinition, row: FactRow) {
    this.definition = definition;
    this.#row = row;
    this.#kept = definition.samples ?? 0;
    this.where = row.whereOf(definition.where ?? []);
    this.#columns = Int32Array.from(definition.keys, (key) => row.placeOf(key));
    this.#cells = new CellIndex(definition.keys.length);
    const measures = definition.measures.map((name) => MEASURES.findIndex((one) => one.name === name));
    this.#measures = Uint8Array.from(measures);
    this.#kinds = Uint8Array.from(measures, (index) => {
      const kind = MEASURES[index]?.kind;
      return kind === "min" ? MIN : kind === "max" ? MAX : SUM;
    });
  }

  get keepsSamples(): boolean {
    return this.#kept > 0;
  }

  /** Counts the row's fact, if it is one of those that are counted here. */
  add(fact: Sampled, sample: SampleOf | null): void {
    if (!this.#row.holds(this.where)) return;
    const cell = this.count();
    if (sample !== null && this.#kept > 0) this.offer(cell, fact, sample);
  }

  /** Counts the row's fact: in which cell. */
  count(): number {
    const known = this.#cells.size;
    const cell = this.#cells.cellOf(this.#row.ids, this.#columns);
    this.#grow(cell, this.#row.added, cell === known);
    return cell;
  }

  /** Counts so many more facts that are measured like the row's, all between two moments. */
  grow(cell: number, facts: number, first: number, last: number): void {
    const { added } = this.#row;
    const width = this.#measures.length;
    const values = this.#values;
    for (let index = 0, place = cell * width; index < width; index++, place++) {
      const kind = this.#kinds[index];
      const old = values[place] ?? 0;
      if (kind === SUM) values[place] = old + facts * (added[this.#measures[index] ?? 0] ?? 0);
      else values[place] = kind === MIN ? Math.min(old, first) : Math.max(old, last);
    }
  }

  /** Keeps the place of a fact that was counted in a cell, when it is one of the newest. */
  offer(cell: number, fact: Sampled, sample: SampleOf): void {
    if (fact.time >= (this.#oldest[cell] ?? -Infinity)) this.#keep(cell, sample(fact));
  }

  /** Counts what another table of the same cube has counted. */
  merge({ keys, values, samples }: CubeRow): void {
    for (const key of this.definition.keys) {
      this.#row.ids[this.#row.placeOf(key)] = this.#row.idOf(key, keys[key] ?? "");
    }
    const known = this.#cells.size;
    const cell = this.#cells.cellOf(this.#row.ids, this.#columns);
    this.definition.measures.forEach((name, index) => {
      this.#merged[this.#measures[index] ?? 0] = values[name] ?? 0;
    });
    this.#grow(cell, this.#merged, cell === known);
    for (const sample of samples) this.#keep(cell, sample);
  }

  rows(): CubeRow[] {
    const { keys: names, measures } = this.definition;
    return Array.from({ length: this.#cells.size }, (_, cell) => {
      const keys: Partial<Record<Key, string>> = {};
      names.forEach((key, index) => {
        keys[key] = this.#row.textOf(key, this.#cells.idAt(cell, index));
      });
      const values: Partial<Record<MeasureName, number>> = {};
      measures.forEach((name, index) => {
        values[name] = this.#values[cell * measures.length + index] ?? 0;
      });
      return { keys, values, samples: this.#samples[cell] ?? [] };
    });
  }

  #grow(cell: number, added: Float64Array, isFresh: boolean): void {
    const width = this.#measures.length;
    let place = cell * width;
    if (place + width > this.#values.length) {
      const larger = new Float64Array(Math.max(place + width, this.#values.length * 2));
      larger.set(this.#values);
      this.#values = larger;
    }
    const values = this.#values;
    for (let index = 0; index < width; index++, place++) {
      const value = added[this.#measures[index] ?? 0] ?? 0;
      const old = values[place] ?? 0;
      const kind = this.#kinds[index];
      values[place] =
        isFresh || kind === SUM ? old + value : kind === MIN ? Math.min(old, value) : Math.max(old, value);
    }
  }

  /** Newest first; they come nearly in that order, so a cell's list is settled almost at once. */
  #keep(cell: number, sample: Sample): void {
    const list = this.#samples[cell] ?? [];
    this.#samples[cell] = list;
    const place = list.findIndex((one) => compareSamples(sample, one) < 0);
    list.splice(place < 0 ? list.length : place, 0, sample);
    if (list.length > this.#kept) list.pop();
    if (list.length === this.#kept) this.#oldest[cell] = list[list.length - 1]?.timeMs ?? -Infinity;
  }
}
