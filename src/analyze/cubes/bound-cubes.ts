/**
 * Keeps a dimension's values apart up to a limit: of more than that the largest, the rest as one. Which are kept depends on
 * counts and never on the order in which they were met, so it is the same wherever the cubes were counted.
 */
import {
  CUBES,
  type CubeDefinition,
  type CubeName,
  DISTINCT_LIMIT,
  FOLDED,
  type Key,
  MEASURES,
  type MeasureName,
} from "./definitions.js";
import type { Cubes } from "./fold.js";
import type { Folded } from "./quality.js";
import type { CubeRow } from "./table.js";

/** Whole cubes; the account of their reading says what was counted together, of a dimension of several cubes in the first. */
export function boundCubes(cubes: Cubes, limit = DISTINCT_LIMIT): Cubes {
  const tables: Partial<Record<CubeName, readonly CubeRow[]>> = {};
  const folded = new Map<string, Folded>();
  for (const cube of CUBES) {
    const table = boundTable(cube, cubes.tables[cube.name] ?? [], limit);
    tables[cube.name] = table.rows;
    for (const one of table.folded) if (!folded.has(one.dimension)) folded.set(one.dimension, one);
  }
  // Of a column with more values than are remembered while it is read.
  for (const one of cubes.quality.folded) if (!folded.has(one.dimension)) folded.set(one.dimension, one);
  return { ...cubes, tables, quality: { ...cubes.quality, folded: [...folded.values()] } };
}

function boundTable(
  cube: Pick<CubeDefinition, "keys">,
  rows: readonly CubeRow[],
  limit: number,
): { readonly rows: readonly CubeRow[]; readonly folded: readonly Folded[] } {
  // No dimension of a cube has more values than the cube has cells.
  if (rows.length <= limit) return { rows, folded: [] };
  let bounded = rows;
  const folded: Folded[] = [];
  for (const key of cube.keys) {
    // A histogram has so many buckets and no more.
    if (key.endsWith("_bucket")) continue;
    const calls = new Map<string, number>();
    for (const { keys, values } of bounded) {
      const text = keys[key] ?? "";
      calls.set(text, (calls.get(text) ?? 0) + (values.calls ?? 0));
    }
    // What was counted together before is no value.
    const together = calls.get(FOLDED) ?? 0;
    calls.delete(FOLDED);
    if (calls.size <= limit) continue;
    const largest = [...calls].sort(([a, m], [b, n]) => n - m || Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const kept = new Set(largest.slice(0, limit).map(([text]) => text));
    const met = largest.slice(limit).reduce((sum, [, count]) => sum + count, together);
    folded.push({ dimension: key, kept: limit, met });
    bounded = merged(bounded, key, kept);
  }
  return { rows: bounded, folded };
}

function merged(rows: readonly CubeRow[], key: Key, kept: ReadonlySet<string>): CubeRow[] {
  const apart: CubeRow[] = [];
  const together = new Map<string, CubeRow>();
  for (const row of rows) {
    if (kept.has(row.keys[key] ?? "")) {
      apart.push(row);
      continue;
    }
    const keys = { ...row.keys, [key]: FOLDED };
    const cell = JSON.stringify(keys);
    const met = together.get(cell);
    together.set(cell, { keys, values: met === undefined ? row.values : added(met.values, row.values), samples: [] });
  }
  return [...apart, ...together.values()];
}

function added(a: CubeRow["values"], b: CubeRow["values"]): CubeRow["values"] {
  const values: Partial<Record<MeasureName, number>> = {};
  for (const { name, kind } of MEASURES) {
    const [left, right] = [a[name], b[name]];
    if (left === undefined || right === undefined) continue;
    values[name] = kind === "count" ? left + right : kind === "min" ? Math.min(left, right) : Math.max(left, right);
  }
  return values;
}
