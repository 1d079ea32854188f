/** Several cells of one cube as one: counts add up, `first` and `last` span them; keys and places are those of the first. */
import { MEASURES, type MeasureName } from "../cubes/definitions.js";
import type { CubeRow } from "../cubes/table.js";

export function addRows([head, ...rest]: readonly CubeRow[]): CubeRow {
  if (head === undefined) return { keys: {}, values: {}, samples: [] };
  const values: Partial<Record<MeasureName, number>> = { ...head.values };
  for (const row of rest) {
    for (const { name, kind } of MEASURES) {
      const met = values[name];
      const next = row.values[name];
      if (met === undefined || next === undefined) continue;
      values[name] = kind === "min" ? Math.min(met, next) : kind === "max" ? Math.max(met, next) : met + next;
    }
  }
  return { keys: head.keys, values, samples: head.samples };
}
