/** Cubes <-> plain arrays, to be kept in a file: names are told by the definitions, so they are not written a thousand times. */
import { CUBES, type CubeDefinition, type CubeName, type Key, type MeasureName } from "./definitions.js";
import type { Sample } from "./fact.js";
import type { Cubes } from "./fold.js";
import type { CubeRow } from "./table.js";

/** A row: its keys, its values in the order of the definition, then its samples when the cube keeps any. */
export type PackedRow = readonly (string | number | readonly PackedSample[])[];
type PackedSample = readonly (string | number)[];

export interface PackedCubes extends Omit<Cubes, "tables"> {
  /** In the order of CUBES. */
  readonly tables: readonly (readonly PackedRow[])[];
}

const SAMPLE = [
  "at",
  "timeMs",
  "session",
  "subject",
  "reason",
  "ruleSource",
  "alternative",
] as const satisfies readonly (keyof Sample)[];

export function packCubes(cubes: Cubes): PackedCubes {
  const tables = CUBES.map((cube: CubeDefinition & { readonly name: CubeName }) =>
    (cubes.tables[cube.name] ?? []).map(
      ({ keys, values, samples }): PackedRow => [
        ...cube.keys.map((key) => keys[key] ?? ""),
        ...cube.measures.map((name) => values[name] ?? 0),
        ...(cube.samples === undefined ? [] : [samples.map((sample) => SAMPLE.map((field) => sample[field]))]),
      ],
    ),
  );
  return { ...cubes, tables };
}

/** @param placeOf a place as it is told now, from what it was when it was packed */
export function unpackCubes(packed: PackedCubes, placeOf: (at: string) => string): Cubes {
  const tables: Partial<Record<CubeName, readonly CubeRow[]>> = {};
  CUBES.forEach((cube: CubeDefinition & { readonly name: CubeName }, index) => {
    tables[cube.name] = (packed.tables[index] ?? []).map((row) => unpackRow(cube, row, placeOf));
  });
  const badLines = packed.quality.badLines.map((line) => ({ ...line, at: placeOf(line.at) }));
  return { ...packed, tables, quality: { ...packed.quality, badLines } };
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
