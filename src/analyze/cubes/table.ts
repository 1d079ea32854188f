/**
 * One cube while it is being filled: cells of integers under packed keys, and the newest places of each cell. It knows
 * definitions, not records.
 */

import type { Condition, CubeDefinition, Key, MeasureName } from "./definitions.js";
import { MEASURES } from "./definitions.js";
import type { Dimension } from "./dimension.js";
import type { Fact, Sample } from "./fact.js";
import { bucketOf } from "./histogram.js";

/** One cell, ready to read: plain data. */
export interface CubeRow {
  readonly keys: Readonly<Partial<Record<Key, string>>>;
  readonly values: Readonly<Partial<Record<MeasureName, number>>>;
  readonly samples: readonly Sample[];
}

/** Buckets of histogram.ts fit below this. */
const BUCKETS = 2_048;

interface KeyReader {
  readonly key: Key;
  readonly size: number;
  read(fact: Fact): number;
  text(id: number): string;
}

export class CubeTable {
  readonly definition: CubeDefinition;
  readonly #keys: readonly KeyReader[];
  readonly #measures: readonly { readonly index: number; readonly kind: "count" | "sum" | "min" | "max" }[];
  readonly #slots = new Map<number, number>();
  readonly #samples: Sample[][] = [];
  readonly #width: number;
  #values = new Float64Array(64);

  constructor(definition: CubeDefinition, dimensionOf: (key: Exclude<Key, `${string}_bucket`>) => Dimension) {
    this.definition = definition;
    this.#keys = definition.keys.map((key) => keyReader(key, dimensionOf));
    const cells = this.#keys.reduce((product, { size }) => product * size, 1);
    if (!Number.isSafeInteger(cells)) throw new RangeError(`cube ${definition.name} has too many keys`);
    this.#measures = definition.measures.map((name) => {
      const index = MEASURES.findIndex((measure) => measure.name === name);
      return { index, kind: MEASURES[index]?.kind ?? "count" };
    });
    this.#width = this.#measures.length;
  }

  /** `vector`: the value of every measure for this row, in the order of MEASURES. */
  add(fact: Fact, vector: Float64Array, sample: ((fact: Fact) => Sample) | null): void {
    const { where, samples: kept = 0 } = this.definition;
    if (where !== undefined && !where.every((condition) => holds(condition, fact))) return;
    let packed = 0;
    for (const key of this.#keys) packed = packed * key.size + key.read(fact);
    let slot = this.#slots.get(packed);
    const fresh = slot === undefined;
    if (slot === undefined) {
      slot = this.#slots.size;
      this.#slots.set(packed, slot);
      if (kept > 0) this.#samples.push([]);
      this.#reserve((slot + 1) * this.#width);
    }
    const values = this.#values;
    let place = slot * this.#width;
    for (const { index, kind } of this.#measures) {
      const value = vector[index] ?? 0;
      const old = values[place] ?? 0;
      values[place] =
        kind === "count" || kind === "sum" || fresh
          ? old + value
          : kind === "min"
            ? Math.min(old, value)
            : Math.max(old, value);
      place++;
    }
    if (kept > 0 && sample !== null) keepNewest(this.#samples[slot], kept, fact, sample);
  }

  rows(): CubeRow[] {
    return [...this.#slots].map(([packed, slot]) => {
      const keys: Partial<Record<Key, string>> = {};
      let rest = packed;
      for (const { key, size, text } of this.#keys.toReversed()) {
        keys[key] = text(rest % size);
        rest = Math.floor(rest / size);
      }
      const values: Partial<Record<MeasureName, number>> = {};
      this.definition.measures.forEach((name, index) => {
        values[name] = this.#values[slot * this.#width + index] ?? 0;
      });
      return { keys, values, samples: this.#samples[slot] ?? [] };
    });
  }

  #reserve(length: number): void {
    if (length <= this.#values.length) return;
    const larger = new Float64Array(Math.max(length, this.#values.length * 2));
    larger.set(this.#values);
    this.#values = larger;
  }
}

export function holds(condition: Condition, fact: Fact): boolean {
  if ("present" in condition) return fact[condition.column] !== null;
  return condition.in.includes(fact[condition.column]);
}

function keyReader(key: Key, dimensionOf: (key: Exclude<Key, `${string}_bucket`>) => Dimension): KeyReader {
  switch (key) {
    case "hook_us_bucket":
      return { key, size: BUCKETS, read: (fact) => bucketOf(fact.hook_us ?? 0), text: String };
    case "tool_ms_bucket":
      return { key, size: BUCKETS, read: (fact) => bucketOf(fact.tool_ms ?? 0), text: String };
    case "llm_ms_bucket":
      return { key, size: BUCKETS, read: (fact) => bucketOf(fact.llm_ms ?? 0), text: String };
    default: {
      const dimension = dimensionOf(key);
      return {
        key,
        size: dimension.size,
        read: (fact) => dimension.idOf(fact[key]),
        text: (id) => dimension.textOf(id),
      };
    }
  }
}

/** Newest first; rows come nearly in that order, so the list is settled almost at once. */
function keepNewest(list: Sample[] | undefined, kept: number, fact: Fact, make: (fact: Fact) => Sample): void {
  if (list === undefined) return;
  const oldest = list[list.length - 1];
  if (list.length >= kept && oldest !== undefined && oldest.timeMs >= fact.time) return;
  const place = list.findIndex((one) => one.timeMs < fact.time);
  list.splice(place < 0 ? list.length : place, 0, make(fact));
  if (list.length > kept) list.pop();
}
