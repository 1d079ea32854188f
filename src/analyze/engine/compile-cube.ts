/** A cube's definition -> one statement for its cells. It compiles counts, sums, minima and maxima; nothing else is pushed down. */
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

/** Cells that one statement may yield; the report fails rather than miss some. */
export const MAX_CELLS = 2_000_000;

/** Which rows tell of a fact, and which of their lists has each once. */
export const SOURCES: Readonly<Record<FactKind, { readonly kind: RowKind; readonly list: string | null }>> = {
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

/** The keys, then the measures, in the order of the definition; `null` when the filter leaves no row of the cube's kind. */
export function compileCube(cube: SqlCube, scope: Scope, dialect: Dialect): Statement | null {
  const rows = rowsOf(cube, scope, dialect);
  if (rows === null) return null;
  const keys = cube.keys.map((key, index) => `${keyText(key, cube.of, scope, dialect)} AS k${index}`);
  const measures = cube.measures.map((name, index) => `${measureText(name, dialect)} AS m${index}`);
  const grouped = keys.length === 0 ? "" : ` GROUP BY ${keys.map((_, index) => `k${index}`).join(", ")}`;
  return {
    sql: `SELECT ${[...keys, ...measures].join(", ")} FROM ${rows.from} WHERE ${rows.where}${grouped} LIMIT ${whole(MAX_CELLS + 1)}`,
    yields: [...cube.keys.map(yieldOf), ...cube.measures.map((): Yield => "int")],
  };
}

/** What a cube counts: each fact a row. @param times moments, when only facts of these are asked for */
export function rowsOf(
  cube: Pick<SqlCube, "of" | "where">,
  scope: Scope,
  dialect: Dialect,
  times?: readonly number[],
): { readonly from: string; readonly where: string } | null {
  const { kind, list } = SOURCES[cube.of];
  const wanted = conditions(kind, scope, dialect);
  if (wanted === null) return null;
  const range = { kinds: [kind], window: scope.window, ...(times === undefined ? {} : { times }) };
  const narrowed = times === undefined ? [] : [`time IN (${times.map(whole).join(", ")})`];
  return {
    from: dialect.from(list, range),
    where: [...wanted, ...narrowed, ...(cube.where ?? []).map((one) => conditionText(one, dialect))].join(" AND "),
  };
}

export function yieldOf(key: SqlKey): Yield {
  return key === "day" || key === "hour" || isBucket(key) ? "int" : "text";
}

function isBucket(key: SqlKey): key is BucketKey {
  return key in BUCKETS;
}

/** @param of the kind of fact whose element the key may be */
export function keyText(key: SqlKey, of: FactKind, { offsets }: Scope, dialect: Dialect): string {
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

export function measureText(name: MeasureName, dialect: Dialect): string {
  const measure = measureOf(name);
  if (measure.kind !== "count") return `${measure.kind}(${measure.column})`;
  if (measure.where.length === 0) return "count(*)";
  const all = measure.where.map((one) => conditionText(one, dialect)).join(" AND ");
  return `sum(CASE WHEN ${all} THEN 1 ELSE 0 END)`;
}

export function conditionText(condition: Condition, { text }: Dialect): string {
  if ("present" in condition) return `${condition.column} IS NOT NULL`;
  return `${condition.column} IN (${condition.in.map(text).join(", ")})`;
}
