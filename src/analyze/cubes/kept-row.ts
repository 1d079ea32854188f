/**
 * Rows of a table that was kept column by column: what a row says is read when somebody asks for it, because most rows are
 * only counted, compared or passed over. INVARIANT: a row is read field by field and never spread: its fields are no own ones.
 */
import type { CubeDefinition, Key, MeasureName } from "./definitions.js";
import type { Sample } from "./fact.js";
import type { CubeRow } from "./table.js";

/** Texts of a key, each once; `ids`: which of them a row has, absent where each row has one of its own. */
export type KeptKeys = readonly [texts: readonly string[], ids?: readonly number[]];

export interface KeptTable {
  readonly cube: CubeDefinition;
  /** In the order of the cube's definition, as the values. */
  readonly keys: readonly KeptKeys[];
  /** Of each measure, by row. */
  readonly values: readonly (readonly number[])[];
  readonly samplesOf: (index: number) => readonly Sample[];
}

export class KeptRow implements CubeRow {
  readonly #table: KeptTable;
  readonly #index: number;

  constructor(table: KeptTable, index: number) {
    this.#table = table;
    this.#index = index;
  }

  get keys(): CubeRow["keys"] {
    const keys: Partial<Record<Key, string>> = {};
    const { cube } = this.#table;
    for (let place = 0; place < cube.keys.length; place++) {
      const name = cube.keys[place];
      if (name !== undefined) keys[name] = this.text(place);
    }
    return keys;
  }

  get values(): CubeRow["values"] {
    const values: Partial<Record<MeasureName, number>> = {};
    const { cube } = this.#table;
    cube.measures.forEach((name, place) => {
      values[name] = this.#table.values[place]?.[this.#index] ?? 0;
    });
    return values;
  }

  get samples(): readonly Sample[] {
    return this.#table.samplesOf(this.#index);
  }

  /** The key at this place of the definition. */
  text(place: number): string {
    const [texts, ids] = this.#table.keys[place] ?? [[]];
    return texts[ids === undefined ? this.#index : (ids[this.#index] ?? 0)] ?? "";
  }

  /** "" where the cube has no such. */
  key(name: Key): string {
    const place = this.#table.cube.keys.indexOf(name);
    return place < 0 ? "" : this.text(place);
  }

  /** One measure, 0 where the cube has no such. */
  value(name: MeasureName): number {
    const { cube, values } = this.#table;
    return values[cube.measures.indexOf(name)]?.[this.#index] ?? 0;
  }

  toJSON(): CubeRow {
    return { keys: this.keys, values: this.values, samples: this.samples };
  }
}

/** One key of a row, "" where its cube has no such. */
export function keyText(row: CubeRow, key: Key): string {
  return row instanceof KeptRow ? row.key(key) : (row.keys[key] ?? "");
}

/** Tells the cells of a cube apart. */
export function cellText(cube: CubeDefinition, row: CubeRow): string {
  if (!(row instanceof KeptRow)) return cube.keys.map((name) => row.keys[name] ?? "").join("\0");
  let text = row.text(0);
  for (let place = 1; place < cube.keys.length; place++) text += `\0${row.text(place)}`;
  return text;
}
