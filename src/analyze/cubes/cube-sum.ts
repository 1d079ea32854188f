/**
 * Stretches of a log that add up to one. What was just counted is added at once; what was remembered is added table by
 * table when a table is asked for, because few reports ask for all of them. Both give the same rows in the same order.
 */
import { GapCells } from "../gaps/gap-cells.js";
import { sumAnswers, UNTOLD } from "./answers.js";
import { CUBES, type CubeDefinition, type CubeName, DISTINCT_LIMIT } from "./definitions.js";
import type { Cubes, FoldOptions } from "./fold.js";
import { noCounts } from "./join-calls.js";
import { lazyGaps, lazyTables } from "./lazy-tables.js";
import { mergeQuality } from "./quality.js";
import { sumRows } from "./sum-rows.js";
import { Tally } from "./tally.js";

/** What a stretch adds up to, and between which moments all it met lies. */
export interface Counted {
  readonly cubes: Cubes;
  readonly oldest: number;
  readonly newest: number;
  /** Of all its tables together. */
  readonly rows: number;
  /** Its tables are made when they are asked for, from little. */
  readonly isPacked: boolean;
}

/** Runs of stretches that were just counted; more than these, and nothing is left to be added later. */
const RUNS = 8;

export class CubeSum {
  readonly #options: FoldOptions;
  #oldest = Number.POSITIVE_INFINITY;
  #newest = Number.NEGATIVE_INFINITY;
  /** Newest first. */
  #parts: (Counted | Tally)[] = [];

  /** @param answers answered calls that are told of all; default all that the parts told */
  constructor(options: FoldOptions, answers = Number.POSITIVE_INFINITY) {
    this.#options = { ...options, answers };
  }

  get isEmpty(): boolean {
    return this.#parts.length === 0;
  }

  add(counted: Counted): void {
    this.#oldest = Math.min(this.#oldest, counted.oldest);
    this.#newest = Math.max(this.#newest, counted.newest);
    const last = this.#parts.at(-1);
    if (counted.isPacked) this.#parts.push(counted);
    else if (last instanceof Tally) last.merge(counted.cubes);
    else {
      if (this.#parts.length > 2 * RUNS) this.#parts = [this.#whole()];
      this.#parts.push(tallyOf(counted.cubes, this.#options));
    }
  }

  result(): Counted {
    const parts = this.#parts.map((part) => (part instanceof Tally ? countedOf(part, part.result(noCounts())) : part));
    const [first] = parts;
    const rows = parts.reduce((sum, part) => sum + part.rows, 0);
    const { distinctLimit = DISTINCT_LIMIT } = this.#options;
    // Above it values may have to be counted together, and the account has to say so.
    const isSmall = rows <= distinctLimit;
    const cubes =
      parts.length === 1 && first !== undefined
        ? first.cubes
        : isSmall
          ? summed(parts, this.#options)
          : this.#whole().result(noCounts());
    const isPacked = isSmall && parts.some((part) => part.isPacked);
    const { window, zone } = this.#options;
    return {
      cubes: { ...cubes, window, zone: zone.name },
      oldest: this.#oldest,
      newest: this.#newest,
      rows,
      isPacked,
    };
  }

  #whole(): Tally {
    const whole = new Tally(this.#options);
    for (const part of this.#parts) whole.merge(part instanceof Tally ? part.result(noCounts()) : part.cubes);
    return whole;
  }
}

export function countedOf({ oldest, newest }: Tally, cubes: Cubes): Counted {
  const rows = Object.values(cubes.tables).reduce((sum, table) => sum + table.length, 0);
  return { cubes, oldest, newest, rows, isPacked: false };
}

function tallyOf(cubes: Cubes, options: FoldOptions): Tally {
  const tally = new Tally(options);
  tally.merge(cubes);
  return tally;
}

function summed(
  parts: readonly Counted[],
  { window, zone, distinctLimit = DISTINCT_LIMIT, answers }: FoldOptions,
): Cubes {
  const all = parts.map(({ cubes }) => cubes);
  const moments = (of: "first" | "last") => all.flatMap((one) => one[of] ?? []);
  const [first, last] = [moments("first"), moments("last")];
  const tables = lazyTables((index) => {
    const cube: CubeDefinition & { readonly name: CubeName } = CUBES[index] ?? CUBES[0];
    return sumRows(
      cube,
      all.map((one) => one.tables[cube.name] ?? []),
    );
  });
  const known = all.flatMap((one) => one.gaps ?? []);
  const gaps = lazyGaps(() => {
    const cells = new GapCells(distinctLimit);
    for (const { counts } of known) cells.merge(counts);
    return cells.counts;
  });
  const qualities = all.map(({ quality }) => quality);
  const [newest, ...older] = qualities;
  return {
    window,
    zone: zone.name,
    first: first.length === 0 ? null : Math.min(...first),
    last: last.length === 0 ? null : Math.max(...last),
    live: all.reduce((sum, { live }) => sum + live, 0),
    tables,
    ...(known.length === 0 ? {} : { gaps }),
    answers: sumAnswers(
      all.map((one) => one.answers ?? UNTOLD),
      answers ?? 0,
    ),
    quality:
      newest === undefined
        ? new Tally({ window, zone, now: 0 }).result(noCounts()).quality
        : older.reduce(mergeQuality, newest),
  };
}
