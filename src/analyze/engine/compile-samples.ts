/** The newest places of each cell of a cube, when its cells are known. */
import type { CubeRow } from "../cubes/table.js";
import { keyText, rowsOf, type SqlCube, yieldOf } from "./compile-cube.js";
import type { Dialect } from "./dialect.js";
import type { Statement, Yield } from "./engine.js";
import type { Scope } from "./scope.js";

export const SAMPLE_COLUMNS = [
  "time",
  "log",
  "off",
  "session",
  "subject",
  "reason",
  "rule_source",
  "alternative",
] as const;
const SAMPLE_YIELDS: readonly Yield[] = ["int", "text", "int", "text", "text", "text", "text", "text"];
/** Newest first, as it stands in its log. */
export const NEWEST_FIRST = "time DESC, off DESC, log DESC";

/** Moments that are named in a statement: a server takes one of 256 KiB. */
const NAMED_TIMES = 4_000;

/** The keys, then SAMPLE_COLUMNS; newest first within a cell, but cells in no order. `null` where there is nothing to ask. */
export function compileSamples(
  cube: SqlCube,
  cells: readonly Pick<CubeRow, "values">[],
  scope: Scope,
  dialect: Dialect,
): Statement | null {
  if (cube.samples === undefined || cells.length === 0) return null;
  const rows = rowsOf(cube, scope, dialect, cube.samples === 1 ? newestOf(cells) : undefined);
  if (rows === null) return null;
  const keys = cube.keys.map((key) => keyText(key, cube.of, scope, dialect));
  const columns = SAMPLE_COLUMNS.map((name) =>
    name === "rule_source" && cube.of === "rule" ? "CASE WHEN element = rule THEN rule_source ELSE '' END" : name,
  );
  const selection = { columns: [...keys, ...columns], ...rows, groups: keys, order: NEWEST_FIRST };
  return {
    sql: dialect.firstOf(selection, cube.samples),
    yields: [...cube.keys.map(yieldOf), ...SAMPLE_YIELDS],
  };
}

/** When each cell's newest fact was: the one sample it keeps is one of that moment. `undefined`: not known, or too many. */
function newestOf(cells: readonly Pick<CubeRow, "values">[]): number[] | undefined {
  const times = new Set<number>();
  for (const { values } of cells) {
    if (values.last === undefined || times.size === NAMED_TIMES) return undefined;
    times.add(values.last);
  }
  return [...times];
}
