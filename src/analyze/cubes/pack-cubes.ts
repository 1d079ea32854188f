/** Tables of cubes <-> texts, to be kept in a file: names are told by the definitions, so they are not written a thousand times. */
import { CUBES, type CubeDefinition, type CubeName, type Key, type MeasureName } from "./definitions.js";
import type { Sample } from "./fact.js";
import type { Cubes } from "./fold.js";
import { lazyTables } from "./lazy-tables.js";
import type { CubeRow } from "./table.js";

/** A row: its keys, its values in the order of the definition, then its samples when the cube keeps any. */
type PackedRow = readonly (string | number | readonly PackedSample[])[];
type PackedSample = readonly (string | number)[];

const SAMPLE = [
  "at",
  "timeMs",
  "session",
  "subject",
  "reason",
  "ruleSource",
  "alternative",
] as const satisfies readonly (keyof Sample)[];

/** One text for each table, in the order of CUBES. */
export function packTables(tables: Cubes["tables"]): string[] {
  return CUBES.map((cube: CubeDefinition & { readonly name: CubeName }) => {
    const rows = (tables[cube.name] ?? []).map(
      ({ keys, values, samples }): PackedRow => [
        ...cube.keys.map((key) => keys[key] ?? ""),
        ...cube.measures.map((name) => values[name] ?? 0),
        ...(cube.samples === undefined ? [] : [samples.map((sample) => SAMPLE.map((field) => sample[field]))]),
      ],
    );
    return JSON.stringify(rows);
  });
}

/**
 * @param textOf one of these texts; asked for when its table is looked at.
 * @param placeOf a place as it is told now, from what it was when it was packed
 */
export function unpackTables(textOf: (index: number) => string, placeOf: (at: string) => string): Cubes["tables"] {
  return lazyTables((index) => {
    const cube: CubeDefinition = CUBES[index] ?? CUBES[0];
    const rows: readonly PackedRow[] = JSON.parse(textOf(index));
    return rows.map((row) => unpackRow(cube, row, placeOf));
  });
}

function unpackRow(cube: CubeDefinition, row: PackedRow, placeOf: (at: string) => string): CubeRow {
  const keys: Partial<Record<Key, string>> = {};
  cube.keys.forEach((key, index) => {
    keys[key] = String(row[index]);
  });
  const values: Partial<Record<MeasureName, number>> = {};
  cube.measures.forEach((name, index) => {
    values[name] = Number(row[cube.keys.length + index]);
  });
  const samples = row[cube.keys.length + cube.measures.length];
  return { keys, values, samples: Array.isArray(samples) ? samples.map((one) => unpackSample(one, placeOf)) : [] };
}

function unpackSample(
  [at, timeMs, session, subject, reason, ruleSource, alternative]: PackedSample,
  placeOf: (at: string) => string,
): Sample {
  return {
    at: placeOf(String(at)),
    timeMs: Number(timeMs),
    session: String(session),
    subject: String(subject),
    reason: String(reason),
    ruleSource: String(ruleSource),
    alternative: String(alternative),
  };
}
