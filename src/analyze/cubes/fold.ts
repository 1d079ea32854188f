/**
 * The one pass: scanned lines, newest first, -> every cube at once. It holds no line longer than it looks at it; memory
 * follows the number of distinct keys (bounded), never the length of the log.
 */
import type { GapCounts } from "../gaps/gap-cells.js";
import type { RecordFilter, Scanned, Window } from "../scan/scan.js";
import type { Zone } from "../zone.js";
import type { Answers } from "./answers.js";
import { boundCubes } from "./bound-cubes.js";
import type { CubeName, MeasureName } from "./definitions.js";
import { CallJoin, COPY_WINDOW_MS } from "./join-calls.js";
import { ReadRow } from "./kept-row.js";
import type { Look } from "./look.js";
import type { Quality } from "./quality.js";
import type { CubeRow } from "./table.js";
import { Tally } from "./tally.js";

export interface FoldOptions {
  readonly window: Window;
  readonly zone: Zone;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Counts only calls that match; records and lines are counted all the same. */
  readonly filter?: RecordFilter;
  /** Only these cubes are filled; default all. What is remembered of a log has to have all. */
  readonly cubes?: readonly CubeName[];
  /** Distinct values kept apart in one dimension. */
  readonly distinctLimit?: number;
  /** So many of the newest answered calls are to be told; default none. */
  readonly answers?: number;
}

export interface Cubes {
  readonly window: Window;
  readonly zone: string;
  /** Times of the oldest and newest record inside the window, `null` when there is none. */
  readonly first: number | null;
  readonly last: number | null;
  /** Records of the hook itself inside the window: without any, prompts cannot be known. */
  readonly live: number;
  readonly tables: Readonly<Partial<Record<CubeName, readonly CubeRow[]>>>;
  readonly quality: Quality;
  /** What no rule decided; absent where only some cubes were asked for, and where another engine counted. */
  readonly gaps?: {
    readonly counts: GapCounts;
  };
  /** Absent where gaps are. */
  readonly answers?: Answers;
}

/** What has to be read for a window: copies, prompts and outcomes of its calls may stand ten minutes beyond its edges. */
export function readWindow({ since, until }: Window): Window {
  return {
    ...(since === undefined ? {} : { since: since - COPY_WINDOW_MS }),
    ...(until === undefined ? {} : { until: until + COPY_WINDOW_MS }),
  };
}

export function rowsOf(cubes: Cubes, name: CubeName): readonly CubeRow[] {
  return cubes.tables[name] ?? [];
}

export function count(row: CubeRow | undefined, measure: MeasureName): number {
  return row instanceof ReadRow ? row.value(measure) : (row?.values[measure] ?? 0);
}

/** @param scanned newest first, best as far beyond the window as readWindow says. */
export function foldRecords(scanned: Iterable<Scanned>, options: FoldOptions, look: Partial<Look> = {}): Cubes {
  const tally = new Tally(options);
  const join = new CallJoin({
    call(call) {
      tally.call(call);
      look.call?.(call);
    },
    prompt: (prompt) => tally.prompt(prompt),
  });
  for (const one of scanned) {
    look.line?.(one);
    tally.line(one);
    if (one.kind === "record") join.add(one.record, one.timeMs, one.at, one.namesNoHost);
  }
  join.finish();
  return boundCubes(tally.result(join.counts), options.distinctLimit);
}
