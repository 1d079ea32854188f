/**
 * Where the cell of a combination of small integers is: a hash table in typed arrays, because a Map of numbers this large
 * costs several times as much, and every row of a log asks some thirty of these.
 */
export class CellIndex {
  /** Cells known; they are numbered from 0 in the order they were first met. */
  size = 0;
  readonly #width: number;
  /** Cell + 1 by hash, 0 = free. */
  #cells = new Int32Array(64);
  /** The combinations, `width` integers each. */
  #keys: Int32Array;
  /** The cell that was asked for last: facts come in runs of one day, session, project. */
  #last = 0;

  /** @param width integers in a combination */
  constructor(width: number) {
    this.#width = width;
    this.#keys = new Int32Array(32 * width);
  }

  /** The cell of `ids[columns[0]], ids[columns[1]], …`; a new one when it is met for the first time. */
  cellOf(ids: Int32Array, columns: Int32Array): number {
    const width = this.#width;
    if (this.size > 0 && this.#isCell(this.#last, ids, columns)) return this.#last;
    let hash = 0;
    for (let index = 0; index < width; index++) {
      hash = Math.imul(hash ^ (ids[columns[index] ?? 0] ?? 0), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    const mask = this.#cells.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const cell = (this.#cells[place] ?? 0) - 1;
      if (cell < 0) return this.#put(ids, columns, place);
      if (!this.#isCell(cell, ids, columns)) continue;
      this.#last = cell;
      return cell;
    }
  }

  #isCell(cell: number, ids: Int32Array, columns: Int32Array): boolean {
    const key = cell * this.#width;
    for (let index = 0; index < this.#width; index++) {
      if (this.#keys[key + index] !== ids[columns[index] ?? 0]) return false;
    }
    return true;
  }

  /** The integer at `index` of a cell's combination. */
  idAt(cell: number, index: number): number {
    return this.#keys[cell * this.#width + index] ?? 0;
  }

  #put(ids: Int32Array, columns: Int32Array, place: number): number {
    const cell = this.size++;
    this.#last = cell;
    if ((cell + 1) * this.#width > this.#keys.length) {
      const larger = new Int32Array(this.#keys.length * 2);
      larger.set(this.#keys);
      this.#keys = larger;
    }
    columns.forEach((column, index) => {
      this.#keys[cell * this.#width + index] = ids[column] ?? 0;
    });
    this.#cells[place] = cell + 1;
    // Half full at most: the probes stay short.
    if (this.size * 2 > this.#cells.length) this.#grow();
    return cell;
  }

  #grow(): void {
    const mask = this.#cells.length * 2 - 1;
    const larger = new Int32Array(mask + 1);
    for (let cell = 0; cell < this.size; cell++) {
      let hash = 0;
      for (let index = 0; index < this.#width; index++) {
        hash = Math.imul(hash ^ this.idAt(cell, index), 0x9e3779b1);
        hash ^= hash >>> 15;
      }
      let place = hash & mask;
      while (larger[place] !== 0) place = (place + 1) & mask;
      larger[place] = cell + 1;
    }
    this.#cells = larger;
  }
}
