/** Rows of one cube that were counted apart -> its rows, in the order in which they were first met. It keeps every value apart. */
import { type CubeDefinition, MEASURES, type MeasureName } from "./definitions.js";
import { type CubeRow, compareSamples } from "./table.js";

const KINDS = new Map<MeasureName, string>(MEASURES.map(({ name, kind }) => [name, kind]));

/** @param parts newest first */
export function sumRows(cube: CubeDefinition, parts: readonly (readonly CubeRow[])[]): readonly CubeRow[] {
  const met = parts.filter((rows) => rows.length > 0);
  const [only] = met;
  if (only === undefined || met.length === 1) return only ?? [];
  const sums = new Map<string, CubeRow>();
  for (const rows of met) {
    for (const row of rows) {
      const key = cube.keys.map((name) => row.keys[name] ?? "").join("\0");
      const sum = sums.get(key);
      sums.set(key, sum === undefined ? row : together(cube, sum, row));
    }
  }
  return [...sums.values()];
}

function together({ measures, samples: kept = 0 }: CubeDefinition, a: CubeRow, b: CubeRow): CubeRow {
  const values: Partial<Record<MeasureName, number>> = {};
  for (const name of measures) {
    const [one, other] = [a.values[name] ?? 0, b.values[name] ?? 0];
    const kind = KINDS.get(name);
    values[name] = kind === "min" ? Math.min(one, other) : kind === "max" ? Math.max(one, other) : one + other;
  }
  const samples = kept === 0 ? [] : [...a.samples, ...b.samples].sort(compareSamples).slice(0, kept);
  return { keys: a.keys, values, samples };
}
