/**
 * New lines of a log -> the canonical rows they add or change. A call is told by lines that may be a day apart, so the lines
 * before the new ones are read again and joined twice, without the new lines and with them; the difference is shipped.
 * INVARIANT: all shipments of a log add up to what reading it once gives (`rowsOfLog`), wherever they are cut; a call whose
 * lines lie more than a day apart excepted. The same views give the same rows.
 */

import { isChange } from "../cubes/facts.js";
import { CallJoin, type JoinCounts } from "../cubes/join-calls.js";
import { STRAY_MS } from "../cubes/quality.js";
import { RecentClock } from "../cubes/recent-clock.js";
import type { Row } from "../fleet/row.js";
import { badRow, batchRow, callRow, changeRow, goneRow, promptRow, type RowPlace, recordRow } from "../fleet/row-of.js";
import type { ByteSource } from "../scan/byte-source.js";
import type { LinePlace, Scanned } from "../scan/scan.js";
import { newScanStats, scanSource } from "../scan/scan-source.js";
import { RowDifference } from "./row-difference.js";

/** A log as one shipment sees it: shipped up to `from`, now to be shipped up to `to`. Equal: read for what is around. */
export interface LogView {
  readonly log: string;
  readonly from: number;
  readonly to: number;
  /** Bytes it has now. */
  readonly size: number;
  /** `null` when it is gone: what is around is then missing, and what was to be shipped throws `LogGone`. */
  readonly open: () => ByteSource | null;
}

/** Thrown while rows are made: what was sealed cannot be read any more. */
export class LogGone extends Error {}

export interface ShipmentOptions {
  readonly machine: string;
  /** Higher than that of every shipment before. */
  readonly rev: number;
  /** The record as it is to be shipped, "" when it is not. */
  readonly bodyOf: (record: ScannedRecord["record"]) => string;
  /** Lines given up before this shipment. */
  readonly dropped: number;
}

type ScannedRecord = Extract<Scanned, { kind: "record" }>;

/** An outcome and the end of a turn are joined over a day; a prompt and a copy over ten minutes more. */
const REACH_MS = 24 * 60 * 60_000 + 20 * 60_000;
/** So many lines on either side of the cut tell what time it was there, whatever one wrong clock says. */
const NEAR_CUT = 33;
const SETTLE_EVERY = 4_096;

/** @param views newest first, only those that `to` does not leave empty */
export function* shipmentRows(views: readonly LogView[], options: ShipmentOptions): Generator<Row, void> {
  const reading = new ShipmentReading(options, views);
  let left = views.filter((view) => view.to > view.from).length;
  for (const view of views) {
    const isAwaited = view.to > view.from;
    const source = view.open();
    if (source === null) {
      if (isAwaited) throw new LogGone(`a log that is to be shipped went away: ${view.log}`);
      continue;
    }
    try {
      let isBefore = !isAwaited;
      for (const line of scanSource({ ...source, file: view.log }, {}, newScanStats(), {
        isLazy: true,
        from: view.to,
      })) {
        const isNew = line.at.offset >= view.from;
        if (!isNew && !isBefore) {
          isBefore = true;
          left -= 1;
          reading.cut(view);
        }
        if (isNew) yield* reading.newLine(line, view);
        else yield* reading.oldLine(line, left === 0);
        if (left === 0 && reading.isPast) return yield* reading.finish(views);
      }
      if (!isBefore) {
        left -= 1;
        reading.cut(view);
      }
    } finally {
      source.close();
    }
  }
  yield* reading.finish(views);
}

/** A line whose neighbour before it in the log is not met yet. */
interface Waiting {
  readonly line: Scanned;
  readonly place: RowPlace;
  /** Where what it covers begins: before its own first byte when blank lines open the stretch. */
  from: number;
}

class ShipmentReading {
  readonly #options: ShipmentOptions;
  readonly #difference = new RowDifference();
  readonly #shippedOf: ReadonlyMap<string, number>;
  readonly #before: CallJoin;
  readonly #after: CallJoin;
  readonly #clock = new RecentClock();
  readonly #newest = new Map<string, number>();
  /** Times of the lines nearest the cut, on its newer and on its older side. */
  #newer: number[] = [];
  readonly #older: number[] = [];
  #floor = Number.NEGATIVE_INFINITY;
  #waiting: Waiting[] = [];
  #reach = { log: "", from: 0 };
  #sinceSettled = 0;

  constructor(options: ShipmentOptions, views: readonly LogView[]) {
    this.#options = options;
    this.#shippedOf = new Map(views.map(({ log, from }) => [log, from]));
    this.#before = this.#join((row) => this.#difference.before(row));
    this.#after = this.#join((row) => {
      if (row.off >= (this.#shippedOf.get(row.log) ?? 0)) this.#difference.fresh(row);
      else this.#difference.after(row);
    });
  }

  /** All that is left is too old to be joined with a new line. */
  get isPast(): boolean {
    return this.#clock.now < this.#floor;
  }

  *newLine(line: Scanned, view: LogView): Generator<Row, void> {
    const { log } = view;
    const { offset } = line.at;
    if (this.#reach.log !== log) this.#reach = { log, from: view.to };
    const place = { ...this.#placeOf(line.at), len: this.#reach.from - offset };
    this.#reach.from = offset;
    if (line.kind === "record") {
      yield* this.#linesBehind(line.timeMs);
      this.#newest.set(log, Math.max(this.#newest.get(log) ?? 0, line.timeMs));
      this.#newer = [...this.#newer.slice(1 - NEAR_CUT), line.timeMs];
      this.#after.add(line.record, line.timeMs, line.at, line.namesNoHost);
    }
    this.#waiting.push({ line, place, from: offset });
    yield* this.#met();
  }

  /** @param isLast no more new lines follow */
  *oldLine(line: Scanned, isLast: boolean): Generator<Row, void> {
    if (line.kind === "bad") return;
    yield* this.#linesBehind(line.timeMs);
    if (isLast) this.#nearCut(line.timeMs);
    this.#clock.tick(line.timeMs);
    this.#before.add(line.record, line.timeMs, line.at, line.namesNoHost);
    this.#after.add(line.record, line.timeMs, line.at, line.namesNoHost);
    yield* this.#met();
  }

  /** The new lines of a log are all met; what is blank before the first of them belongs to it. */
  cut({ log, from }: LogView): void {
    const first = this.#waiting.at(-1);
    if (first !== undefined && first.place.log === log) first.from = from;
  }

  *finish(views: readonly LogView[]): Generator<Row, void> {
    yield* this.#linesBehind(null);
    this.#before.finish();
    this.#after.finish();
    yield* this.#changed(this.#difference.finish());
    const { machine, rev, dropped } = this.#options;
    let told = { ...lessOf(this.#after.counts, this.#before.counts), dropped };
    for (const { log, from, to, size } of views.toReversed()) {
      if (to === from) continue;
      const place = { machine, log, off: from, len: to - from };
      yield { ...batchRow({ ...told, size }, this.#newest.get(log) ?? 0, place), rev };
      // What the joins counted is told once: they cannot say of which log.
      told = { ...NOTHING, dropped: 0 };
    }
  }

  /** From the lines around the cut: how far back a line may lie that a new one is joined with. */
  #nearCut(timeMs: number): void {
    if (this.#older.length === NEAR_CUT) return;
    this.#older.push(timeMs);
    if (this.#older.length < NEAR_CUT) return;
    this.#floor = Math.min(middleOf(this.#older), middleOf(this.#newer)) - REACH_MS;
  }

  *#met(): Generator<Row, void> {
    if (++this.#sinceSettled >= SETTLE_EVERY) {
      this.#sinceSettled = 0;
      this.#before.settle();
      this.#after.settle();
    }
    yield* this.#changed(this.#difference.take());
  }

  *#changed(all: ReturnType<RowDifference["take"]>): Generator<Row, void> {
    for (const { kind, row } of all) yield { ...(kind === "row" ? row : goneRow(row)), rev: this.#options.rev };
  }

  /** @param before time of the record that stands before them in the log */
  *#linesBehind(before: number | null): Generator<Row, void> {
    const { rev, bodyOf } = this.#options;
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const { line, place, from } of waiting) {
      const covered = { off: from, len: place.len + place.off - from, rev };
      if (line.kind === "bad") {
        yield { ...badRow(line, before ?? 0, place), ...covered };
        continue;
      }
      const late = before === null ? 0 : before - line.timeMs;
      const disorder = late > STRAY_MS ? "stray" : late > 0 ? "late" : "";
      yield { ...recordRow(line, place, { disorder, body: bodyOf(line.record) }), ...covered };
      if (isChange(line.record)) yield { ...changeRow(line, place), rev };
    }
  }

  #join(take: (row: Row) => void): CallJoin {
    return new CallJoin({
      call: (call) => take(callRow(call, this.#placeOf(call.calling.at))),
      prompt: (prompt) => {
        const row = promptRow(prompt, this.#placeOf(prompt.at));
        if (row !== null) take(row);
      },
    });
  }

  #placeOf({ file, offset, length }: LinePlace): RowPlace {
    return { machine: this.#options.machine, log: file, off: offset, len: length + 1 };
  }
}

const NOTHING: JoinCounts = {
  copies: 0,
  promptCopies: 0,
  withoutId: 0,
  undecided: 0,
  outcomesAlone: 0,
  closedEarly: 0,
};

/** May be under 0: an outcome that was alone has found its call. */
function lessOf(after: JoinCounts, before: JoinCounts): JoinCounts {
  return {
    copies: after.copies - before.copies,
    promptCopies: after.promptCopies - before.promptCopies,
    withoutId: after.withoutId - before.withoutId,
    undecided: after.undecided - before.undecided,
    outcomesAlone: after.outcomesAlone - before.outcomesAlone,
    closedEarly: after.closedEarly - before.closedEarly,
  };
}

function middleOf(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NEGATIVE_INFINITY;
}
