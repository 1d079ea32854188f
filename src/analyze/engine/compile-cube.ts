/** A cube's definition -> one statement for its cells and one for its samples. It compiles counts, sums, minima and maxima; nothing else is pushed down. */
import {
  type BucketKey,
  type Condition,
  type CubeDefinition,
  type Key,
  MEASURES,
  type Measure,
  type MeasureName,
} from "../cubes/definitions.js";
import type { FactKind, NumberColumn } from "../cubes/fact.js";
import { bucketLadder } from "../cubes/histogram.js";
import type { RowKind } from "../fleet/row.js";
import { type Dialect, whole } from "./dialect.js";
import type { Statement, Yield } from "./engine.js";
import { conditions, localDay, localHour, type Scope } from "./scope.js";

/** A cube that may also be told by what only shipped rows know. */
export interface SqlCube extends Omit<CubeDefinition, "keys"> {
  readonly keys: readonly SqlKey[];
}
export type SqlKey = Key | "machine" | "log" | "engine";

export interface CompiledCube {
  /** The keys, then the measures, in the order of the definition. */
  readonly cells: Statement;
  /** The keys, then SAMPLE_COLUMNS; newest first within a cell, but cells in no order. */
  readonly samples: Statement | null;
}

/** Cells that one statement may yield; the report fails rather than miss some. */
export const MAX_CELLS = 2_000_000;

const SOURCES: Readonly<Record<FactKind, { readonly kind: RowKind; readonly list: string | null }>> = {
  call: { kind: "call", list: null },
  command: { kind: "call", list: "commands" },
  path: { kind: "call", list: "paths" },
  domain: { kind: "call", list: "domains" },
  rule: { kind: "call", list: "rules" },
  prompt: { kind: "prompt", list: null },
  record: { kind: "record", list: null },
  change: { kind: "change", list: null },
};

const BUCKETS: Readonly<Record<BucketKey, NumberColumn>> = {
  hook_us_bucket: "hook_us",
  tool_ms_bucket: "tool_ms",
  llm_ms_bucket: "llm_ms",
};

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

/** `null` when the filter leaves no row of the cube's kind. */
export function compileCube(cube: SqlCube, scope: Scope, dialect: Dialect): CompiledCube | null {
  const { kind, list } = SOURCES[cube.of];
  const wanted = conditions(kind, scope, dialect);
  if (wanted === null) return null;
  const where = [...wanted, ...(cube.where ?? []).map((one) => conditionText(one, dialect))].join(" AND ");
  const from = dialect.from(list);
  const keys = cube.keys.map((key) => keyText(key, cube.of, scope, dialect));
  const named = keys.map((key, index) => `${key} AS k${index}`);
  const measures = cube.measures.map((name, index) => `${measureText(measureOf(name), dialect)} AS m${index}`);
  const grouped = keys.length === 0 ? "" : ` GROUP BY ${keys.map((_, index) => `k${index}`).join(", ")}`;
  const keyYields = cube.keys.map(yieldOf);
  const cells: Statement = {
    sql: `SELECT ${[...named, ...measures].join(", ")} FROM ${from} WHERE ${where}${grouped} LIMIT ${whole(MAX_CELLS + 1)}`,
    yields: [...keyYields, ...cube.measures.map((): Yield => "int")],
  };
  if (cube.samples === undefined) return { cells, samples: null };
  const columns = SAMPLE_COLUMNS.map((name) =>
    name === "rule_source" && cube.of === "rule" ? "CASE WHEN element = rule THEN rule_source ELSE '' END" : name,
  );
  const selection = { columns: [...keys, ...columns], from, where, groups: keys, order: NEWEST_FIRST };
  return {
    cells,
    samples: { sql: dialect.firstOf(selection, cube.samples), yields: [...keyYields, ...SAMPLE_YIELDS] },
  };
}

function yieldOf(key: SqlKey): Yield {
  return key === "day" || key === "hour" || isBucket(key) ? "int" : "text";
}

function isBucket(key: SqlKey): key is BucketKey {
  return key in BUCKETS;
}

function keyText(key: SqlKey, of: FactKind, { offsets }: Scope, dialect: Dialect): string {
  if (isBucket(key)) return bucketText(BUCKETS[key], dialect);
  if (key === "day") return localDay(offsets, dialect);
  if (key === "hour") return localHour(offsets, dialect);
  return key === of ? "element" : key;
}

/** The log-linear bucket of histogram.ts as one CASE, an arm for each octave. */
export function bucketText(column: string, { quotient }: Dialect): string {
  const ladder = bucketLadder();
  const arms = ladder.map(({ below, step, base }) => {
    const inside = step === 1 ? column : quotient(column, step);
    return `WHEN ${column} < ${whole(below)} THEN ${base === 0 ? inside : `${whole(base)} + ${inside}`}`;
  });
  const { step, base, below } = ladder.at(-1) ?? { step: 1, base: 0, below: 1 };
  return `CASE WHEN ${column} < 0 THEN 0 ${arms.join(" ")} ELSE ${whole(base + Math.floor((below - 1) / step))} END`;
}

function measureOf(name: MeasureName): Measure {
  return MEASURES.find((one) => one.name === name) ?? { kind: "count", where: [] };
}

function measureText(measure: Measure, dialect: Dialect): string {
  if (measure.kind !== "count") return `${measure.kind}(${measure.column})`;
  if (measure.where.length === 0) return "count(*)";
  const all = measure.where.map((one) => conditionText(one, dialect)).join(" AND ");
  return `sum(CASE WHEN ${all} THEN 1 ELSE 0 END)`;
}

function conditionText(condition: Condition, { text }: Dialect): string {
  if ("present" in condition) return `${condition.column} IS NOT NULL`;
  return `${condition.column} IN (${condition.in.map(text).join(", ")})`;
}
