/**
 * Facts of one kind that are alike in all that decides how most cubes count them: of a thousand records in a row few are
 * not. They are counted here once and by each cube when it is asked; what a cube counts of few facts it counts at once.
 */
import { CellIndex } from "./cell-index.js";
import type { Fact, Sampled, SampleOf } from "./fact.js";
import type { FactRow, Where } from "./fact-row.js";
import type { CubeTable } from "./table.js";

const GROUPS = 8_192;

interface Group {
  readonly truth: Where;
  /** Where its cells stand, one of each cube that counts by group. */
  readonly cells: number;
  /** Cubes that may count its facts, each by itself. */
  readonly apart: readonly CubeTable[];
  /** Facts that those cubes were not told of yet, and the moments between which they lie. */
  facts: number;
  first: number;
  last: number;
}

export class FactGroups {
  readonly #row: FactRow;
  readonly #limit: number;
  readonly #together: readonly CubeTable[];
  readonly #apart: readonly CubeTable[];
  readonly #apartByTruth = new Map<Where, readonly CubeTable[]>();
  /** Of those that count by group, what keeps samples, and its place among them. */
  readonly #sampled: readonly { readonly table: CubeTable; readonly index: number }[];
  /** Columns that any of its cubes count by. */
  readonly #places: Int32Array;
  /** What tells groups apart: columns of those that count by group, and the conditions that hold. */
  readonly #told: Int32Array;
  #index: CellIndex;
  #groups: Group[] = [];
  /** Of all groups: an array of its own for each would cost more than counting them. */
  #cells = new Int32Array(1_024);
  #last: Group | null = null;

  /**
   * @param within cubes that count the same facts once for each of what they name
   * @param limit of groups that are kept before all are handed to their cubes: memory does not follow the length of the log
   */
  constructor(row: FactRow, tables: readonly CubeTable[], within: readonly CubeTable[] = [], limit = GROUPS) {
    this.#row = row;
    this.#limit = limit;
    const isTogether = ({ definition: { keys, where = [] } }: CubeTable) =>
      where.length === 0 && row.placesOf(keys).length === keys.length;
    this.#together = tables.filter(isTogether);
    this.#sampled = this.#together.flatMap((table, index) => (table.keepsSamples ? [{ table, index }] : []));
    const shared = within.flatMap(({ definition: { keys, of } }) => keys.filter((key) => key !== of));
    const keys = this.#together.flatMap(({ definition }) => definition.keys);
    this.#told = Int32Array.from([...row.placesOf([...keys, ...shared]), row.truthPlace]);
    this.#apart = tables.filter((table) => !isTogether(table));
    this.#places = row.placesOf(tables.flatMap(({ definition }) => definition.keys));
    this.#index = new CellIndex(this.#told.length);
  }

  /** Counts a fact; the row holds it from now on. */
  add(fact: Fact, sample: SampleOf | null): void {
    this.#row.take(fact);
    this.#row.number(this.#places);
    this.addTaken(fact, sample);
  }

  /** Counts the fact that the row holds, all of its texts numbered. */
  addTaken(fact: Sampled, sample: SampleOf | null): void {
    if (this.#index.size === this.#limit) {
      this.settle();
      this.#index = new CellIndex(this.#told.length);
      this.#groups = [];
      this.#last = null;
    }
    const group = this.#counted(this.#index.cellOf(this.#row.ids, this.#told), fact.time);
    this.#last = group;
    if (sample !== null) {
      for (const { table, index } of this.#sampled) table.offer(this.#cells[group.cells + index] ?? 0, fact, sample);
    }
    for (const table of group.apart) table.add(fact, sample);
  }

  /** Counts another fact that differs from the last one in its time only, where no cube samples or counts by itself; false before there is one. */
  again(time: number): boolean {
    if (this.#last === null) return false;
    more(this.#last, time);
    return true;
  }

  /** Tells the cubes of all that was counted. */
  settle(): void {
    const { truth } = this.#row;
    for (const group of this.#groups) {
      if (group.facts === 0) continue;
      this.#row.truth = group.truth;
      this.#together.forEach((table, index) => {
        table.grow(this.#cells[group.cells + index] ?? 0, group.facts, group.first, group.last);
      });
      group.facts = 0;
      group.first = Number.POSITIVE_INFINITY;
      group.last = Number.NEGATIVE_INFINITY;
    }
    // The fact that the row holds may not be counted yet.
    this.#row.truth = truth;
  }

  #counted(number: number, time: number): Group {
    const known = this.#groups[number];
    if (known === undefined) {
      const group = this.#begin();
      this.#groups.push(group);
      return group;
    }
    more(known, time);
    return known;
  }

  /** The first of its facts goes to the cubes at once, so that they meet their cells in the order of the log. */
  #begin(): Group {
    const row = this.#row;
    const width = this.#together.length;
    const cells = this.#groups.length * width;
    if (cells + width > this.#cells.length) {
      const larger = new Int32Array(2 * (cells + width));
      larger.set(this.#cells);
      this.#cells = larger;
    }
    for (let index = 0; index < width; index++) this.#cells[cells + index] = this.#together[index]?.count() ?? 0;
    return {
      truth: row.truth,
      cells,
      apart: this.#apartOf(row.truth),
      facts: 0,
      first: Number.POSITIVE_INFINITY,
      last: Number.NEGATIVE_INFINITY,
    };
  }

  /** Few conditions ever hold together: groups of which the same ones hold share a list. */
  #apartOf(truth: Where): readonly CubeTable[] {
    const known = this.#apartByTruth.get(truth);
    if (known !== undefined) return known;
    const apart = this.#apart.filter((table) => this.#row.mayHold(table.where));
    this.#apartByTruth.set(truth, apart);
    return apart;
  }
}

function more(group: Group, time: number): void {
  group.facts++;
  if (time < group.first) group.first = time;
  if (time > group.last) group.last = time;
}
