/**
 * All cubes of a window from a SQL engine: what `foldLog` counts of a log, counted elsewhere. It asks one statement for
 * each cube and one for its samples; joining the answers, folding what is over the limit and naming days is shared code.
 */
import { CUBES, type CubeDefinition, type CubeName, DISTINCT_LIMIT } from "../cubes/definitions.js";
import type { Sample } from "../cubes/fact.js";
import { type Cubes, type FoldOptions, readWindow } from "../cubes/fold.js";
import type { Folded } from "../cubes/quality.js";
import { type CubeRow, compareSamples } from "../cubes/table.js";
import { dayName } from "../zone.js";
import { type CompiledCube, compileCube, MAX_CELLS, SAMPLE_COLUMNS, type SqlKey } from "./compile-cube.js";
import { askEach, EngineError, runStatement, type SqlEngine, type Values } from "./engine.js";
import { foldCells } from "./fold-cells.js";
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
  const asked: readonly (CubeDefinition & { readonly name: CubeName })[] = CUBES;
  const answers = await askEach(engine, asked, async (cube) => {
    const isWanted = span.from !== null && (cubes === undefined || cubes.includes(cube.name));
    const compiled = isWanted ? compileCube(cube, scope, engine.dialect) : null;
    const rows = compiled === null ? [] : await readCells(engine, cube, compiled);
    return { name: cube.name, ...foldCells(cube, rows, DISTINCT_LIMIT) };
  });
  for (const answer of answers) {
    tables[answer.name] = answer.rows;
    for (const one of answer.folded) if (!folded.has(one.dimension)) folded.set(one.dimension, one);
  }
  const quality = await readQuality(engine, { window, read: readWindow(window), filter, now });
  const { first, last, live } = span;
  return { window, zone: zone.name, first, last, live, tables, quality: { ...quality, folded: [...folded.values()] } };
}

/** A cell that may also be told by what only shipped rows know. */
export interface SqlCell extends Omit<CubeRow, "keys"> {
  readonly keys: Readonly<Partial<Record<SqlKey, string>>>;
}

/** The cells of one cube, and in each its samples. */
export async function readCells(
  engine: SqlEngine,
  cube: Pick<CubeDefinition, "measures"> & { readonly keys: readonly SqlKey[] },
  compiled: CompiledCube,
): Promise<SqlCell[]> {
  const cells = await runStatement(engine, compiled.cells);
  if (cells.length > MAX_CELLS) {
    throw new EngineError(
      "source_too_large",
      "the window has too many distinct values to be told apart",
      "choose a shorter one with --since and --until",
    );
  }
  const width = cube.keys.length;
  const samples = new Map<string, Sample[]>();
  for (const row of compiled.samples === null ? [] : await runStatement(engine, compiled.samples)) {
    const cell = JSON.stringify(row.slice(0, width));
    const kept = samples.get(cell) ?? [];
    if (kept.push(sampleOf(row.slice(width))) === 1) samples.set(cell, kept);
  }
  return cells.flatMap((row): SqlCell[] => {
    const keys: Partial<Record<SqlKey, string>> = {};
    cube.keys.forEach((key, index) => {
      keys[key] = keyName(key, row[index] ?? "");
    });
    const values: Partial<Record<CubeDefinition["measures"][number], number>> = {};
    cube.measures.forEach((name, index) => {
      values[name] = Number(row[width + index] ?? 0);
    });
    // Without keys an engine tells of nothing, too.
    if (values.calls === 0) return [];
    const kept = samples.get(JSON.stringify(row.slice(0, width))) ?? [];
    return [{ keys, values, samples: kept.sort(compareSamples) }];
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
