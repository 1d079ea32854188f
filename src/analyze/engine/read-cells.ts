/** The cells of many cubes from a SQL engine, and in each its samples: as many statements as the engine needs, and no more. */
import type { MeasureName } from "../cubes/definitions.js";
import type { Sample } from "../cubes/fact.js";
import { type CubeRow, compareSamples } from "../cubes/table.js";
import { ROW_KINDS, type RowKind } from "../fleet/row.js";
import { dayName } from "../zone.js";
import { compileCube, MAX_CELLS, SOURCES, type SqlCube, type SqlKey } from "./compile-cube.js";
import { compileFamily } from "./compile-family.js";
import { compileSamples, SAMPLE_COLUMNS } from "./compile-samples.js";
import type { Lists } from "./dialect.js";
import { askEach, EngineError, runStatement, type SqlEngine, type Statement, type Values } from "./engine.js";
import type { Scope } from "./scope.js";

/** A cell that may also be told by what only shipped rows know. */
export interface SqlCell extends Omit<CubeRow, "keys"> {
  readonly keys: Readonly<Partial<Record<SqlKey, string>>>;
}

/** Of each cube its cells, in the order of the cubes; none where the filter leaves nothing to count. */
export async function readCells(
  engine: SqlEngine,
  cubes: readonly SqlCube[],
  scope: Scope,
): Promise<readonly (readonly SqlCell[])[]> {
  const { lists } = engine.dialect;
  const counted = lists === null ? await oneByOne(engine, cubes, scope) : await together(engine, cubes, scope, lists);
  return askEach(engine, [...cubes.entries()], async ([index, cube]) => {
    const rows = counted.get(index) ?? [];
    const cells = rows.flatMap((row) => cellOf(cube, row));
    return withSamples(engine, cube, cells, compileSamples(cube, cells, scope, engine.dialect));
  });
}

/** A cell as it was counted: the keys, then the measures, in the order of the definition. */
type Counted = ReadonlyMap<number, readonly Values[]>;

async function oneByOne(engine: SqlEngine, cubes: readonly SqlCube[], scope: Scope): Promise<Counted> {
  const answers = await askEach(engine, [...cubes.entries()], async ([index, cube]) => {
    const statement = compileCube(cube, scope, engine.dialect);
    return [index, statement === null ? [] : await cellRows(engine, statement)] as const;
  });
  return new Map(answers);
}

/** One statement for all cubes of a kind of row. */
async function together(engine: SqlEngine, cubes: readonly SqlCube[], scope: Scope, lists: Lists): Promise<Counted> {
  const counted = new Map<number, Values[]>();
  await askEach(engine, ROW_KINDS, async (kind) => {
    const places = [...cubes.keys()].filter((index) => kindOf(cubes[index]) === kind);
    const own = cubes.filter((cube) => kindOf(cube) === kind);
    const family = compileFamily(own, scope, engine.dialect, lists);
    if (family === null) return;
    for (const row of await cellRows(engine, family.statement)) {
      const { cube, values } = family.cellOf(row);
      const index = places[cube] ?? -1;
      const kept = counted.get(index) ?? [];
      if (kept.push(values) === 1) counted.set(index, kept);
    }
  });
  return counted;
}

function kindOf(cube: SqlCube | undefined): RowKind | null {
  return cube === undefined ? null : SOURCES[cube.of].kind;
}

async function cellRows(engine: SqlEngine, statement: Statement): Promise<readonly Values[]> {
  const rows = await runStatement(engine, statement);
  if (rows.length <= MAX_CELLS) return rows;
  throw new EngineError(
    "source_too_large",
    "the window has too many distinct values to be told apart",
    "choose a shorter one with --since and --until",
  );
}

function cellOf(cube: SqlCube, row: Values): SqlCell | [] {
  const keys: Partial<Record<SqlKey, string>> = {};
  cube.keys.forEach((key, index) => {
    keys[key] = keyName(key, row[index] ?? "");
  });
  const values: Partial<Record<MeasureName, number>> = {};
  cube.measures.forEach((name, index) => {
    values[name] = Number(row[cube.keys.length + index] ?? 0);
  });
  // Without keys an engine tells of nothing, too.
  return values.calls === 0 ? [] : { keys, values, samples: [] };
}

async function withSamples(
  engine: SqlEngine,
  { keys: names }: SqlCube,
  cells: readonly SqlCell[],
  statement: Statement | null,
): Promise<readonly SqlCell[]> {
  if (statement === null) return cells;
  const samples = new Map<string, Sample[]>();
  for (const row of await runStatement(engine, statement)) {
    const cell = JSON.stringify(names.map((name, index) => keyName(name, row[index] ?? "")));
    const kept = samples.get(cell) ?? [];
    if (kept.push(sampleOf(row.slice(names.length))) === 1) samples.set(cell, kept);
  }
  return cells.map((one) => {
    const kept = samples.get(JSON.stringify(names.map((name) => one.keys[name] ?? ""))) ?? [];
    return { ...one, samples: kept.toSorted(compareSamples) };
  });
}

function keyName(key: SqlKey, value: string | number): string {
  if (key === "day") return dayName(Number(value));
  return key === "hour" ? String(value).padStart(2, "0") : String(value);
}

function sampleOf(values: Values): Sample {
  const value = (name: (typeof SAMPLE_COLUMNS)[number]) => values[SAMPLE_COLUMNS.indexOf(name)] ?? "";
  return {
    at: `${value("log")}:${value("off")}`,
    timeMs: Number(value("time")),
    session: String(value("session")),
    subject: String(value("subject")),
    reason: String(value("reason")),
    ruleSource: String(value("rule_source")),
    alternative: String(value("alternative")),
  };
}
