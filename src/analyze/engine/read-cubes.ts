/**
 * All cubes of a window from a SQL engine: what `foldLog` counts of a log, counted elsewhere. Joining
 * the answers, folding what is over the limit and naming days is shared code.
 */
import { boundCubes } from "../cubes/bound-cubes.js";
import { CUBES, type CubeName } from "../cubes/definitions.js";
import { type Cubes, type FoldOptions, readWindow } from "../cubes/fold.js";
import type { CubeRow } from "../cubes/table.js";
import type { SqlEngine } from "./engine.js";
import { readCells } from "./read-cells.js";
import { readQuality } from "./read-quality.js";
import { readSpan } from "./read-span.js";
import { offsetsBetween, type Scope } from "./scope.js";

export async function readCubes(engine: SqlEngine, options: FoldOptions): Promise<Cubes> {
  const { window, zone, now, filter = {} } = options;
  const span = await readSpan(engine, window, filter);
  const offsets = span.from === null ? [] : offsetsBetween(span.from, span.to, zone);
  const scope: Scope = { window, filter, offsets };
  const tables: Partial<Record<CubeName, readonly CubeRow[]>> = {};
  const asked = CUBES.filter(
    ({ name }) => span.from !== null && (options.cubes === undefined || options.cubes.includes(name)),
  );
  const cells = await readCells(engine, asked, scope);
  asked.forEach(({ name }, index) => {
    tables[name] = cells[index] ?? [];
  });
  const quality = await readQuality(engine, { window, read: readWindow(window), filter, now });
  const { first, last, live } = span;
  const cubes = { window, zone: zone.name, first, last, live, tables, quality: { ...quality, folded: [] } };
  return boundCubes(cubes, options.distinctLimit);
}
