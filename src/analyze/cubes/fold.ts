/**
 * The one pass: scanned lines, newest first, -> every cube at once. It holds no line longer than it looks at it; memory
 * follows the number of distinct keys (bounded), never the length of the log.
 */
import type { RecordFilter, Scanned, Window } from "../scan/scan.js";
import { dayName, type Zone } from "../zone.js";
import { CUBES, type CubeName, DISTINCT_LIMIT, type MeasureName } from "./definitions.js";
import type { Fact, FactKind, Sample } from "./fact.js";
import { FactRow } from "./fact-row.js";
import {
  callFact,
  changeFact,
  changeSample,
  emptyFact,
  type FactDraft,
  isChange,
  type LocalHour,
  promptFact,
  recordFact,
  sampleOf,
} from "./facts.js";
import { CallJoin, COPY_WINDOW_MS } from "./join-calls.js";
import { type Quality, QualityAccount } from "./quality.js";
import { type CubeRow, CubeTable } from "./table.js";
import { isCallWanted, isPromptWanted } from "./wanted.js";

export interface FoldOptions {
  readonly window: Window;
  readonly zone: Zone;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Counts only calls that match; records and lines are counted all the same. */
  readonly filter?: RecordFilter;
  /** Distinct values kept apart in one dimension. */
  readonly distinctLimit?: number;
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
  return row?.values[measure] ?? 0;
}

/** @param scanned newest first, best as far beyond the window as readWindow says. */
export function foldRecords(scanned: Iterable<Scanned>, options: FoldOptions): Cubes {
  const { window, zone, now, filter = {}, distinctLimit = DISTINCT_LIMIT } = options;
  const row = new FactRow(distinctLimit);
  const tables = CUBES.map((cube) => new CubeTable(cube, row));
  const quality = new QualityAccount(now);
  const clock = hourCache(zone);
  const isInside = (timeMs: number) => timeMs >= (window.since ?? -Infinity) && timeMs < (window.until ?? Infinity);
  const countedBy = (kind: FactKind) => ({
    asked: row.askedOf(kind),
    tables: tables.filter(({ definition }) => definition.of === kind),
  });
  const byKind = {
    call: countedBy("call"),
    command: countedBy("command"),
    path: countedBy("path"),
    domain: countedBy("domain"),
    rule: countedBy("rule"),
    prompt: countedBy("prompt"),
    record: countedBy("record"),
    change: countedBy("change"),
  } satisfies Readonly<Record<FactKind, unknown>>;
  const add = (kind: FactKind, fact: Fact, sample: ((fact: Fact) => Sample) | null) => {
    row.set(fact, byKind[kind].asked);
    for (const table of byKind[kind].tables) table.add(fact, sample);
  };
  const addEach = (
    kind: "command" | "path" | "domain" | "rule",
    values: readonly string[],
    fact: FactDraft,
    sample: (fact: Fact) => Sample,
  ) => {
    for (const value of values.length < 2 ? values : new Set(values)) {
      fact[kind] = value;
      row.changed(kind, fact);
      for (const table of byKind[kind].tables) table.add(fact, sample);
    }
  };

  const callDraft = emptyFact();
  const recordDraft = emptyFact();
  const join = new CallJoin({
    call(call) {
      if (!isInside(call.calling.timeMs) || !isCallWanted(call, filter)) return;
      const fact = callDraft;
      callFact(call, clock(call.calling.timeMs), fact);
      const sample = (one: Fact) => sampleOf(call, one);
      add("call", fact, sample);
      addEach("command", call.calling.commands, fact, sample);
      addEach("path", call.calling.paths, fact, sample);
      addEach("domain", call.calling.domains, fact, sample);
      addEach("rule", call.ruling.rules, fact, sample);
    },
    prompt(prompt) {
      const fact = promptFact(prompt, clock(prompt.timeMs));
      const attended = prompt.record.attended !== false;
      if (!attended || !isInside(prompt.timeMs) || !isPromptWanted(fact, filter)) return;
      add("prompt", fact, null);
    },
  });

  let [first, last, live]: [number | null, number | null, number] = [null, null, 0];
  for (const one of scanned) {
    const inside = one.kind === "record" && isInside(one.timeMs);
    quality.add(one, inside);
    if (one.kind === "bad") continue;
    const { record, timeMs } = one;
    if (inside) {
      if (first === null || timeMs < first) first = timeMs;
      if (last === null || timeMs > last) last = timeMs;
      if (record.imported_from === undefined) live++;
      recordFact(record, timeMs, recordDraft);
      add("record", recordDraft, null);
      if (isChange(record)) {
        add("change", changeFact(record, timeMs, clock(timeMs)), () => changeSample(record, timeMs, one.at));
      }
    }
    join.add(record, timeMs, one.at, one.namesNoHost);
  }
  join.finish();

  const filled: Partial<Record<CubeName, readonly CubeRow[]>> = {};
  CUBES.forEach(({ name }, index) => {
    filled[name] = tables[index]?.rows() ?? [];
  });
  return {
    window,
    zone: zone.name,
    first,
    last,
    live,
    tables: filled,
    quality: quality.result(join.counts, row.folded),
  };
}

const HOUR = 3_600_000;

/** Names of days and hours, made once an hour and not once a record. */
function hourCache(zone: Zone): (timeMs: number) => LocalHour {
  let lastHour = Number.NaN;
  let name: LocalHour = { day: "", hour: "" };
  return (timeMs) => {
    const wallMs = timeMs + zone.offsetAt(timeMs);
    const hour = Math.floor(wallMs / HOUR);
    if (hour !== lastHour) {
      const ofDay = ((hour % 24) + 24) % 24;
      name = { day: dayName(Math.floor(hour / 24)), hour: String(ofDay).padStart(2, "0") };
      lastHour = hour;
    }
    return name;
  };
}
