/** The account of a reading: every line that could not be used, was cut, repeated, late or inferred. Counts only; nothing is dropped silently. */
import type { BadLineProblem, Scanned } from "../scan/scan.js";
import type { JoinCounts } from "./join-calls.js";

const PLACES = 20;
/** How far ahead of the clock a record may be before it counts as coming from the future. */
const FUTURE_MS = 60_000;

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
  #future = 0;
  #previous = Number.POSITIVE_INFINITY;
  readonly #now: number;

  constructor(now: number) {
    this.#now = now;
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
      future: this.#future,
      folded,
    };
  }
}
