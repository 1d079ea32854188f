/**
 * All cubes of a window from a SQL engine: what `foldLog` counts of a log, counted elsewhere. Joining
 * the answers, folding what is over the limit and naming days is shared code.
 */
import { CUBES, type CubeName, DISTINCT_LIMIT } from "../cubes/definitions.js";
import { type Cubes, type FoldOptions, readWindow } from "../cubes/fold.js";
import type { Folded } from "../cubes/quality.js";
import type { CubeRow } from "../cubes/table.js";
import type { SqlEngine } from "./engine.js";
import { foldCells } from "./fold-cells.js";
import { readCells } from "./read-cells.js";
import { readQuality } from "./read-quality.js";
import { readSpan } from "./read-span.js";
import { offsetsBetween, type Scope } from "./scope.js";

export type SqlFoldOptions = Omit<FoldOptions, "distinctLimit">;

export async function readCubes(engine: SqlEngine, options: SqlFoldOptions): Promise<Cubes> {
  const { window, zone, now, filter = {}, cubes } = options;
  const span = await readSpan(engine, window, filter);
  const offsets = span.from === null ? [] : offsetsBetween(span.from, span.to, zone);
  const scope: Scope = { window, filter, offsets };
  const tables: Partial<Record<CubeName, readonly CubeRow[]>> = {};
  const folded = new Map<string, Folded>();
  const asked = CUBES.filter(({ name }) => span.from !== null && (cubes === undefined || cubes.includes(name)));
  const cells = await readCells(engine, asked, scope);
  for (const { name } of CUBES) tables[name] = [];
  asked.forEach((cube, index) => {
    const bounded = foldCells(cube, cells[index] ?? [], DISTINCT_LIMIT);
    tables[cube.name] = bounded.rows;
    for (const one of bounded.folded) if (!folded.has(one.dimension)) folded.set(one.dimension, one);
  });
  const quality = await readQuality(engine, { window, read: readWindow(window), filter, now });
  const { first, last, live } = span;
  return { window, zone: zone.name, first, last, live, tables, quality: { ...quality, folded: [...folded.values()] } };
}
