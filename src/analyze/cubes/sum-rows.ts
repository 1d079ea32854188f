/** Rows of one cube that were counted apart -> its rows, in the order in which they were first met. It keeps every value apart. */
import { type CubeDefinition, type Key, MEASURES, type MeasureName } from "./definitions.js";
import type { Sample } from "./fact.js";
import { count } from "./fold.js";
import { cellText, keyText, ReadRow } from "./kept-row.js";
import { type CubeRow, compareSamples } from "./table.js";

const KINDS = new Map<MeasureName, string>(MEASURES.map(({ name, kind }) => [name, kind]));

/** @param parts newest first, each cell once in each of them */
export function sumRows(cube: CubeDefinition, parts: readonly (readonly CubeRow[])[]): readonly CubeRow[] {
  const met = parts.filter((rows) => rows.length > 0);
  const oldest = met.pop();
  if (oldest === undefined || met.length === 0) return oldest ?? [];
  const sums = new Map<string, SumRow>();
  for (const rows of met) {
    for (const row of rows) {
      const cell = cellText(cube, row);
      const sum = sums.get(cell);
      if (sum === undefined) sums.set(cell, new SumRow(cube, row));
      else sum.add(row);
    }
  }
  // Most often by far the largest, and of other days and sessions: what only it has need not be found again.
  const [first] = cube.keys;
  const firsts = first === undefined ? null : new Set([...sums.values()].map((row) => row.key(first)));
  const alone: CubeRow[] = [];
  for (const row of oldest) {
    const isAlone = first !== undefined && firsts?.has(keyText(row, first)) === false;
    const sum = isAlone ? undefined : sums.get(cellText(cube, row));
    if (sum === undefined) alone.push(row);
    else sum.add(row);
  }
  return [...sums.values(), ...alone];
}

/** The same cell of several parts, newest first. It is added up measure by measure, when a measure is asked for. */
class SumRow extends ReadRow {
  readonly #parts: CubeRow[];
  readonly #known: Partial<Record<MeasureName, number>> = {};

  constructor(cube: CubeDefinition, newest: CubeRow) {
    super(cube);
    this.#parts = [newest];
  }

  /** Before anything is asked. */
  add(older: CubeRow): void {
    this.#parts.push(older);
  }

  get samples(): readonly Sample[] {
    const { samples: kept = 0 } = this.cube;
    if (kept === 0) return [];
    const [only, ...more] = this.#parts;
    if (only !== undefined && more.length === 0) return only.samples;
    return this.#parts
      .flatMap(({ samples }) => samples)
      .sort(compareSamples)
      .slice(0, kept);
  }

  key(name: Key): string {
    const [part] = this.#parts;
    return part === undefined ? "" : keyText(part, name);
  }

  value(name: MeasureName): number {
    let value = this.#known[name];
    if (value === undefined) {
      value = this.#sum(name);
      this.#known[name] = value;
    }
    return value;
  }

  #sum(name: MeasureName): number {
    const [newest, ...older] = this.#parts;
    const kind = KINDS.get(name);
    let sum = count(newest, name);
    for (const part of older) {
      const other = count(part, name);
      sum = kind === "min" ? Math.min(sum, other) : kind === "max" ? Math.max(sum, other) : sum + other;
    }
    return sum;
  }
}
