/** Rows of one cube that were counted apart -> its rows, in the order in which they were first met. It keeps every value apart. */
import { type CubeDefinition, MEASURES, type MeasureName } from "./definitions.js";
import type { Sample } from "./fact.js";
import { count } from "./fold.js";
import { cellText, keyText } from "./kept-row.js";
import { type CubeRow, compareSamples } from "./table.js";

const KINDS = new Map<MeasureName, string>(MEASURES.map(({ name, kind }) => [name, kind]));

/** @param parts newest first, each cell once in each of them */
export function sumRows(cube: CubeDefinition, parts: readonly (readonly CubeRow[])[]): readonly CubeRow[] {
  const met = parts.filter((rows) => rows.length > 0);
  const oldest = met.pop();
  if (oldest === undefined || met.length === 0) return oldest ?? [];
  const sums = new Map<string, CubeRow>();
  for (const rows of met) {
    for (const row of rows) {
      const cell = cellText(cube, row);
      const sum = sums.get(cell);
      sums.set(cell, sum === undefined ? row : new SumRow(cube, sum, row));
    }
  }
  // Most often by far the largest, and of other days and sessions: what only it has need not be found again.
  const [first] = cube.keys;
  const firsts = first === undefined ? null : new Set([...sums.values()].map((row) => keyText(row, first)));
  const alone: CubeRow[] = [];
  for (const row of oldest) {
    const cell = first !== undefined && firsts?.has(keyText(row, first)) === false ? null : cellText(cube, row);
    const sum = cell === null ? undefined : sums.get(cell);
    if (cell === null || sum === undefined) alone.push(row);
    else sums.set(cell, new SumRow(cube, sum, row));
  }
  return [...sums.values(), ...alone];
}

/** Two cells as one; their samples, which few are asked for, when they are. */
class SumRow implements CubeRow {
  readonly keys: CubeRow["keys"];
  readonly values: CubeRow["values"];
  readonly #kept: number;
  readonly #parts: readonly [CubeRow, CubeRow];

  constructor({ measures, samples: kept = 0 }: CubeDefinition, a: CubeRow, b: CubeRow) {
    const values: Partial<Record<MeasureName, number>> = {};
    for (const name of measures) {
      const [one, other] = [count(a, name), count(b, name)];
      const kind = KINDS.get(name);
      values[name] = kind === "min" ? Math.min(one, other) : kind === "max" ? Math.max(one, other) : one + other;
    }
    this.keys = a.keys;
    this.values = values;
    this.#kept = kept;
    this.#parts = [a, b];
  }

  get samples(): readonly Sample[] {
    if (this.#kept === 0) return [];
    const [a, b] = this.#parts;
    return [...a.samples, ...b.samples].sort(compareSamples).slice(0, this.#kept);
  }

  toJSON(): CubeRow {
    return { keys: this.keys, values: this.values, samples: this.samples };
  }
}
