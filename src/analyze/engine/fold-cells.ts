/** Keeps a dimension's values apart up to a limit, like the counting of a log does; which ones are kept depends on counts, never on order. */
import { type CubeDefinition, FOLDED, type Key, MEASURES } from "../cubes/definitions.js";
import type { Folded } from "../cubes/quality.js";
import type { CubeRow } from "../cubes/table.js";
import { compareBytes } from "../report/shape.js";

export interface BoundedCells {
  readonly rows: readonly CubeRow[];
  readonly folded: readonly Folded[];
}

export function foldCells(cube: Pick<CubeDefinition, "keys">, rows: readonly CubeRow[], limit: number): BoundedCells {
  // No dimension of a cube has more values than the cube has cells.
  if (rows.length <= limit) return { rows, folded: [] };
  let bounded = rows;
  const folded: Folded[] = [];
  for (const key of cube.keys) {
    const calls = new Map<string, number>();
    for (const { keys, values } of bounded) {
      const text = keys[key] ?? "";
      calls.set(text, (calls.get(text) ?? 0) + (values.calls ?? 0));
    }
    if (calls.size <= limit) continue;
    const largest = [...calls].sort(([a, m], [b, n]) => n - m || compareBytes(a, b));
    const kept = new Set(largest.slice(0, limit).map(([text]) => text));
    const met = largest.slice(limit).reduce((sum, [, count]) => sum + count, 0);
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
  const values: Partial<Record<(typeof MEASURES)[number]["name"], number>> = {};
  for (const { name, kind } of MEASURES) {
    const [left, right] = [a[name], b[name]];
    if (left === undefined || right === undefined) continue;
    values[name] = kind === "count" ? left + right : kind === "min" ? Math.min(left, right) : Math.max(left, right);
  }
  return values;
}
