/** The counting of a log in stretches: leaves that add up to groups, groups that add up to the whole, and one join across all. */
import type { Scanned } from "../scan/scan.js";
import type { Cubes, FoldOptions } from "./fold.js";
import { CallJoin, type JoinState } from "./join-calls.js";
import type { StretchKind } from "./rollups.js";
import { Tally } from "./tally.js";

/** What a stretch adds up to, and between which moments all it met lies. */
export interface Counted {
  readonly cubes: Cubes;
  readonly oldest: number;
  readonly newest: number;
}

interface State extends JoinState {
  readonly previous: number | null;
}

export class StretchFold {
  /** The join had to let go of calls before their time: what follows depends on how it was read. */
  isForced = false;
  readonly #options: FoldOptions;
  readonly #join: CallJoin;
  readonly #whole: Tally;
  #group: Tally;
  #leaf: Tally;

  constructor(options: FoldOptions) {
    this.#options = options;
    this.#whole = new Tally(options);
    this.#group = new Tally(options);
    this.#leaf = new Tally(options);
    this.#join = new CallJoin({
      call: (call) => this.#leaf.call(call),
      prompt: (prompt) => this.#leaf.prompt(prompt),
    });
  }

  line(one: Scanned): void {
    this.#leaf.line(one);
    if (one.kind === "record") this.#join.add(one.record, one.timeMs, one.at, one.namesNoHost);
  }

  /** Counts all that no older line can change: the state that is left, as text. */
  settle(file: string): string {
    this.#join.settle();
    return this.state(file);
  }

  /** All that decides how older lines are counted; places in `file` do not name it, because a log is renamed when it is full. */
  state(file: string): string {
    const previous = Number.isFinite(this.#leaf.previous) ? this.#leaf.previous : null;
    const state: State = { ...this.#join.state, previous };
    return JSON.stringify(state, (key, value) => (key === "file" && value === file ? HERE : value));
  }

  restore(state: string, file: string): void {
    const read: State = JSON.parse(state, (key, value) => (key === "file" && value === HERE ? file : value));
    this.#join.restore(read);
    this.#leaf = new Tally(this.#options, read.previous ?? undefined);
  }

  closeLeaf(): Counted {
    const counts = this.#join.takeCounts();
    this.isForced ||= counts.closedEarly > 0;
    const counted = countedOf(this.#leaf, this.#leaf.result(counts));
    this.#leaf = new Tally(this.#options, this.#leaf.previous);
    this.#include(this.#group, counted);
    return counted;
  }

  closeGroup(): Counted {
    const counted = countedOf(this.#group, this.#group.result(noCounts()));
    this.#group = new Tally(this.#options);
    this.#include(this.#whole, counted);
    return counted;
  }

  /** Takes a stretch that was counted before. Only between two leaves, a group only between two groups. */
  pass(counted: Counted, kind: StretchKind): void {
    this.#include(kind === "group" ? this.#whole : this.#group, counted);
  }

  finish(): Cubes {
    this.#join.finish();
    this.closeLeaf();
    this.closeGroup();
    return this.#whole.result(noCounts());
  }

  #include(into: Tally, { cubes, oldest, newest }: Counted): void {
    into.merge(cubes);
    into.meet(oldest);
    into.meet(newest);
  }
}

/** Stands in a state for the file that is read. */
const HERE = "\0";

function countedOf({ oldest, newest }: Tally, cubes: Cubes): Counted {
  return { cubes, oldest, newest };
}

function noCounts() {
  return { copies: 0, promptCopies: 0, withoutId: 0, undecided: 0, outcomesAlone: 0, closedEarly: 0 };
}
