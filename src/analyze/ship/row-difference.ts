/**
 * What a joined row was before some lines were added to the log and what it is with them: only what differs is shipped.
 * Both readings meet the same rows in nearly the same order, so few wait here for their counterpart.
 */
import type { Row } from "../fleet/row.js";

/** A row as it is now, or one that no longer is. */
export type Changed = { readonly kind: "row" | "gone"; readonly row: Row };

interface Waiting {
  readonly row: Row;
  readonly text: string;
}

export class RowDifference {
  readonly #before = new Map<string, Waiting>();
  readonly #after = new Map<string, Waiting>();
  #changed: Changed[] = [];

  /** As the log told it without the new lines. */
  before(row: Row): void {
    this.#meet(row, this.#before, this.#after, (_mine, theirs) => ({ kind: "row", row: theirs.row }));
  }

  /** As the log tells it with them. */
  after(row: Row): void {
    this.#meet(row, this.#after, this.#before, (mine) => ({ kind: "row", row: mine.row }));
  }

  /** A row of a line that is new itself: there was none before. */
  fresh(row: Row): void {
    this.#changed.push({ kind: "row", row });
  }

  /** What is known to differ since it was asked last. */
  take(): readonly Changed[] {
    const changed = this.#changed;
    this.#changed = [];
    return changed;
  }

  /** The rest: rows without a counterpart are new, or gone. */
  finish(): readonly Changed[] {
    for (const { row } of this.#after.values()) this.#changed.push({ kind: "row", row });
    for (const { row } of this.#before.values()) this.#changed.push({ kind: "gone", row });
    this.#after.clear();
    this.#before.clear();
    return this.take();
  }

  #meet(
    row: Row,
    own: Map<string, Waiting>,
    others: Map<string, Waiting>,
    changedTo: (mine: Waiting, theirs: Waiting) => Changed,
  ): void {
    const mine = { row, text: JSON.stringify(row) };
    const theirs = others.get(row.id);
    if (theirs === undefined) {
      own.set(row.id, mine);
      return;
    }
    others.delete(row.id);
    if (theirs.text !== mine.text) this.#changed.push(changedTo(mine, theirs));
  }
}
