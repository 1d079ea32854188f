/** Tables of cubes, and what no rule decided, made when they are first looked at. */
import type { GapCounts } from "../gaps/gap-cells.js";
import { CUBES, type CubeName } from "./definitions.js";
import type { Cubes } from "./fold.js";
import type { CubeRow } from "./table.js";

/** @param make the rows of the cube at this place in CUBES; asked once. */
export function lazyTables(make: (index: number) => readonly CubeRow[]): Cubes["tables"] {
  const tables: Partial<Record<CubeName, readonly CubeRow[]>> = {};
  CUBES.forEach(({ name }, index) => {
    let rows: readonly CubeRow[] | undefined;
    Object.defineProperty(tables, name, {
      enumerable: true,
      get: () => {
        rows ??= make(index);
        return rows;
      },
    });
  });
  return tables;
}

/** @param make asked once. */
export function lazyGaps(make: () => GapCounts): NonNullable<Cubes["gaps"]> {
  let counts: GapCounts | undefined;
  return {
    get counts() {
      counts ??= make();
      return counts;
    },
  };
}
