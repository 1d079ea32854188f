/** Tables of cubes <-> texts, to be kept in a file: column by column, because that is read several times faster than row by row. */
import { CUBES, type CubeDefinition, type CubeName, type Key } from "./definitions.js";
import type { Sample } from "./fact.js";
import type { Cubes } from "./fold.js";
import { type KeptKeys, KeptRow, type KeptTable } from "./kept-row.js";
import { lazyTables } from "./lazy-tables.js";
import type { CubeRow } from "./table.js";

type PackedTable = Pick<KeptTable, "keys" | "values">;
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

/** Two texts for each table, in the order of CUBES: its cells, and their samples. */
export function packTables(tables: Cubes["tables"]): string[] {
  return CUBES.flatMap((cube: CubeDefinition & { readonly name: CubeName }) => {
    const rows = tables[cube.name] ?? [];
    const values = cube.measures.map((name) => rows.map((row) => row.values[name] ?? 0));
    const table: PackedTable = { keys: cube.keys.map((key) => packKeys(rows, key)), values };
    return [JSON.stringify(table), cube.samples === undefined ? "[]" : JSON.stringify(rows.map(packSamples))];
  });
}

function packKeys(rows: readonly CubeRow[], key: Key): KeptKeys {
  const numbers = new Map<string, number>();
  const ids = rows.map(({ keys }) => {
    const text = keys[key] ?? "";
    const id = numbers.get(text) ?? numbers.size;
    numbers.set(text, id);
    return id;
  });
  return numbers.size === rows.length ? [[...numbers.keys()]] : [[...numbers.keys()], ids];
}

function packSamples({ samples }: CubeRow): readonly PackedSample[] {
  return samples.map((sample) => SAMPLE.map((field) => sample[field]));
}

/**
 * @param textOf one of these texts; asked for when its table is looked at.
 * @param placeOf a place as it is told now, from what it was when it was packed
 */
export function unpackTables(textOf: (index: number) => string, placeOf: (at: string) => string): Cubes["tables"] {
  return lazyTables((index) => {
    const cube: CubeDefinition = CUBES[index] ?? CUBES[0];
    const { keys, values }: PackedTable = JSON.parse(textOf(2 * index));
    let samples: readonly (readonly PackedSample[])[] | undefined;
    const samplesOf = (row: number): readonly Sample[] => {
      if (cube.samples === undefined) return [];
      samples ??= JSON.parse(textOf(2 * index + 1));
      return samples?.[row]?.map((one) => unpackSample(one, placeOf)) ?? [];
    };
    const table: KeptTable = { cube, keys, values, samplesOf };
    return Array.from({ length: values[0]?.length ?? 0 }, (_, row) => new KeptRow(table, row));
  });
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
