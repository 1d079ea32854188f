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

/** A row whose fields are read one by one when they are asked for. */
export abstract class ReadRow implements CubeRow {
  constructor(readonly cube: CubeDefinition) {}

  abstract get samples(): readonly Sample[];

  /** "" where the cube has no such. */
  abstract key(name: Key): string;

  /** One measure, 0 where the cube has no such. */
  abstract value(name: MeasureName): number;

  get keys(): CubeRow["keys"] {
    const keys: Partial<Record<Key, string>> = {};
    for (const name of this.cube.keys) keys[name] = this.key(name);
    return keys;
  }

  get values(): CubeRow["values"] {
    const values: Partial<Record<MeasureName, number>> = {};
    for (const name of this.cube.measures) values[name] = this.value(name);
    return values;
  }

  toJSON(): CubeRow {
    return { keys: this.keys, values: this.values, samples: this.samples };
  }
}

export class KeptRow extends ReadRow {
  readonly #table: KeptTable;
  readonly #index: number;

  constructor(table: KeptTable, index: number) {
    super(table.cube);
    this.#table = table;
    this.#index = index;
  }

  get samples(): readonly Sample[] {
    return this.#table.samplesOf(this.#index);
  }

  /** The key at this place of the definition. */
  text(place: number): string {
    const [texts, ids] = this.#table.keys[place] ?? [[]];
    return texts[ids === undefined ? this.#index : (ids[this.#index] ?? 0)] ?? "";
  }

  key(name: Key): string {
    const place = this.cube.keys.indexOf(name);
    return place < 0 ? "" : this.text(place);
  }

  value(name: MeasureName): number {
    return this.#table.values[this.cube.measures.indexOf(name)]?.[this.#index] ?? 0;
  }
}

/** One key of a row, "" where its cube has no such. */
export function keyText(row: CubeRow, key: Key): string {
  return row instanceof ReadRow ? row.key(key) : (row.keys[key] ?? "");
}

/** Tells the cells of a cube apart. */
export function cellText(cube: CubeDefinition, row: CubeRow): string {
  if (!(row instanceof KeptRow)) return cube.keys.map((name) => keyText(row, name)).join("\0");
  let text = row.text(0);
  for (let place = 1; place < cube.keys.length; place++) text += `\0${row.text(place)}`;
  return text;
}
