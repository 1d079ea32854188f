/** The account of a reading: every line that could not be used, was cut, repeated, late or inferred. Counts only; nothing is dropped silently. */
import type { BadLineProblem, Scanned } from "../scan/scan.js";
import type { JoinCounts } from "./join-calls.js";

/** Unusable lines whose places are kept. */
export const PLACES = 20;
/** How far ahead of the clock a record may be before it counts as coming from the future. */
export const FUTURE_MS = 60_000;
/** How much newer than the one behind it a record may be and still count as one of several writers'. */
export const STRAY_MS = 600_000;

export interface BadLine {
  readonly problem: BadLineProblem;
  /** `file:offset`. */
  readonly at: string;
  readonly length: number;
  readonly excerpt: string;
}

export interface Folded {
  readonly dimension: string;
  readonly kept: number;
  /** Times a value beyond the kept ones was met. */
  readonly met: number;
}

export interface Quality extends Readonly<JoinCounts> {
  /** Lines read: records and unusable ones. */
  readonly lines: number;
  readonly records: number;
  /** Records inside the window. */
  readonly inWindow: number;
  readonly unusable: number;
  readonly byProblem: Readonly<Partial<Record<BadLineProblem, number>>>;
  /** The newest unusable lines. */
  readonly badLines: readonly BadLine[];
  /** Records whose input was cut when written. */
  readonly truncated: number;
  /** Records in which secrets were replaced, and how many secrets. */
  readonly redacted: number;
  readonly secrets: number;
  /** Records newer than the one that stands after them in the log. */
  readonly outOfOrder: number;
  /** Records more than ten minutes newer than those that stand after them in the log: a window may miss them. */
  readonly strays: number;
  readonly future: number;
  readonly folded: readonly Folded[];
}

export class QualityAccount {
  #lines = 0;
  #records = 0;
  #inWindow = 0;
  readonly #byProblem: Partial<Record<BadLineProblem, number>> = {};
  readonly #badLines: BadLine[] = [];
  #truncated = 0;
  #redacted = 0;
  #secrets = 0;
  #outOfOrder = 0;
  #strays = 0;
  #future = 0;
  #previous: number;
  readonly #now: number;

  /** @param previous time of the record met before, when there was one */
  constructor(now: number, previous = Number.POSITIVE_INFINITY) {
    this.#now = now;
    this.#previous = previous;
  }

  get previous(): number {
    return this.#previous;
  }

  add(scanned: Scanned, inWindow: boolean): void {
    this.#lines++;
    if (scanned.kind === "bad") {
      const { problem, at, excerpt } = scanned;
      this.#byProblem[problem] = (this.#byProblem[problem] ?? 0) + 1;
      if (this.#badLines.length < PLACES) {
        this.#badLines.push({ problem, at: `${at.file}:${at.offset}`, length: at.length, excerpt });
      }
      return;
    }
    const { record, timeMs } = scanned;
    this.#records++;
    if (timeMs > this.#previous) this.#outOfOrder++;
    if (timeMs > this.#previous + STRAY_MS) this.#strays++;
    this.#previous = timeMs;
    if (timeMs > this.#now + FUTURE_MS) this.#future++;
    if (!inWindow) return;
    this.#inWindow++;
    if (record.input_truncated === true) this.#truncated++;
    if (record.redacted !== undefined && record.redacted > 0) {
      this.#redacted++;
      this.#secrets += record.redacted;
    }
  }

  result(joined: JoinCounts, folded: readonly Folded[]): Quality {
    return {
      ...joined,
      lines: this.#lines,
      records: this.#records,
      inWindow: this.#inWindow,
      unusable: this.#lines - this.#records,
      byProblem: this.#byProblem,
      badLines: this.#badLines,
      truncated: this.#truncated,
      redacted: this.#redacted,
      secrets: this.#secrets,
      outOfOrder: this.#outOfOrder,
      strays: this.#strays,
      future: this.#future,
      folded,
    };
  }
}

/** Two accounts as one; of the unusable lines the first one's are the newer. */
export function mergeQuality(newer: Quality, older: Quality): Quality {
  const problems = new Set([...Object.keys(newer.byProblem), ...Object.keys(older.byProblem)]);
  const byProblem: Partial<Record<string, number>> = {};
  for (const name of problems) byProblem[name] = countOf(newer, name) + countOf(older, name);
  const folded = new Map(newer.folded.map((one) => [one.dimension, one]));
  for (const one of older.folded) {
    const met = folded.get(one.dimension)?.met ?? 0;
    const kept = Math.max(folded.get(one.dimension)?.kept ?? 0, one.kept);
    folded.set(one.dimension, { ...one, kept, met: met + one.met });
  }
  return {
    lines: newer.lines + older.lines,
    records: newer.records + older.records,
    inWindow: newer.inWindow + older.inWindow,
    unusable: newer.unusable + older.unusable,
    byProblem,
    badLines: [...newer.badLines, ...older.badLines].slice(0, PLACES),
    truncated: newer.truncated + older.truncated,
    redacted: newer.redacted + older.redacted,
    secrets: newer.secrets + older.secrets,
    outOfOrder: newer.outOfOrder + older.outOfOrder,
    strays: newer.strays + older.strays,
    future: newer.future + older.future,
    folded: [...folded.values()],
    copies: newer.copies + older.copies,
    promptCopies: newer.promptCopies + older.promptCopies,
    withoutId: newer.withoutId + older.withoutId,
    undecided: newer.undecided + older.undecided,
    outcomesAlone: newer.outcomesAlone + older.outcomesAlone,
    closedEarly: newer.closedEarly + older.closedEarly,
  };
}

function countOf({ byProblem }: Quality, name: string): number {
  return Object.entries(byProblem).find(([problem]) => problem === name)?.[1] ?? 0;
}
