/** The counting of a log in stretches: leaves that add up to groups, groups to the whole, and one join across all. */
import type { Scanned } from "../scan/scan.js";
import { boundCubes } from "./bound-cubes.js";
import { type Counted, CubeSum, countedOf } from "./cube-sum.js";
import { DISTINCT_LIMIT } from "./definitions.js";
import type { Cubes, FoldOptions } from "./fold.js";
import { CallJoin, type JoinState } from "./join-calls.js";
import type { Look } from "./look.js";
import type { PlaceNames } from "./place-names.js";
import type { StretchKind } from "./rollups.js";
import { Tally } from "./tally.js";

/** More of them than a report asks for: so many are remembered of all that lies behind a place. */
export const KEPT_ANSWERS = 5_000;

interface State extends JoinState {
  readonly previous: number | null;
}

export class StretchFold {
  /** The join had to let go of calls before their time: what follows depends on how it was read. */
  isForced = false;
  readonly #options: FoldOptions;
  readonly #join: CallJoin;
  readonly #whole: CubeSum;
  #group: CubeSum;
  #leaf: Tally;
  /** All that is met from where the rest begins. */
  #rest: CubeSum | null = null;
  #isOver = false;
  /** The state to go on from, not read yet: most often another one follows. */
  #next: { readonly state: string; readonly names: PlaceNames } | null = null;
  /** The state that was told since the last line: where a stretch ends, another one begins. */
  #told: { readonly state: string; readonly names: PlaceNames } | null = null;

  /** Answered calls that are still asked for. */
  #asked: number;

  constructor(options: FoldOptions, look: Pick<Look, "call"> | null = null) {
    this.#options = options;
    this.#asked = options.answers ?? 0;
    this.#whole = this.#sum();
    this.#group = new CubeSum(options);
    this.#leaf = this.#tally();
    this.#join = new CallJoin({
      call: (call) => {
        this.#leaf.call(call);
        look?.call(call);
      },
      prompt: (prompt) => this.#leaf.prompt(prompt),
    });
  }

  line(one: Scanned): void {
    this.#goOn();
    this.#leaf.line(one);
    if (one.kind === "record") this.#join.add(one.record, one.timeMs, one.at, one.namesNoHost);
  }

  /** Counts all that no older line can change: the state that is left, as text; `null`: nobody asks for it. */
  settle(names: PlaceNames | null): string {
    // What was remembered had been settled.
    if (this.#next === null && this.#told === null) this.#join.settle();
    return names === null ? "" : this.state(names);
  }

  /** All that decides how older lines are counted; places in it name no files, because a log is renamed when it is full. */
  state(names: PlaceNames): string {
    if (this.#next !== null) return names.hide(this.#next.names.show(this.#next.state));
    if (this.#told?.names === names) return this.#told.state;
    const previous = Number.isFinite(this.#leaf.previous) ? this.#leaf.previous : null;
    const state = names.hide(JSON.stringify({ ...this.#join.state, previous } satisfies State));
    this.#told = { state, names };
    return state;
  }

  restore(state: string, names: PlaceNames): void {
    this.#told = null;
    this.#next = { state, names };
  }

  #goOn(): void {
    this.#told = null;
    if (this.#next === null) return;
    const read: State = JSON.parse(this.#next.names.show(this.#next.state));
    this.#next = null;
    this.#join.restore(read);
    this.#leaf = this.#tally(read.previous ?? undefined);
  }

  closeLeaf(): Counted {
    const counts = this.#join.takeCounts();
    this.isForced ||= counts.closedEarly > 0;
    const counted = countedOf(this.#leaf, this.#leaf.result(counts));
    this.#group.add(counted);
    this.#tell(counted);
    this.#leaf = this.#tally(this.#leaf.previous);
    return counted;
  }

  closeGroup(): Counted {
    const counted = this.#group.result();
    this.#group = new CubeSum(this.#options);
    this.#groups.add(counted);
    return counted;
  }

  /** Between two leaves: what is counted from here on is told apart, so no group that is begun will be whole. */
  beginRest(): void {
    this.#flush();
    this.#rest = this.#sum();
  }

  /** With all that was left open: the reading is over. `null` when none was begun or nothing was met in it. */
  closeRest(): Counted | null {
    this.#end();
    const rest = this.#rest;
    this.#rest = null;
    if (rest === null || rest.isEmpty) return null;
    const counted = rest.result();
    this.#whole.add(counted);
    return counted;
  }

  /** Takes all that is left, which was counted before. Between two leaves. */
  passRest(counted: Counted): void {
    this.#flush();
    this.#groups.add(counted);
    // What it ends with is counted in it.
    this.#isOver = true;
  }

  get #groups(): CubeSum {
    return this.#rest ?? this.#whole;
  }

  #flush(): void {
    if (!this.#group.isEmpty) this.#groups.add(this.#group.result());
    this.#group = new CubeSum(this.#options);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#goOn();
    this.#join.finish();
    this.closeLeaf();
    this.closeGroup();
  }

  /** Takes a stretch that was counted before. Only between two leaves, a group only between two of its kind. */
  pass(counted: Counted & { readonly kind: StretchKind }): void {
    const into = { leaf: this.#group, group: this.#groups };
    into[counted.kind].add(counted);
    this.#tell(counted);
  }

  /** Whether what a stretch came to tells of as many answered calls as are still asked for. */
  isEnough({ cubes: { answers } }: Counted): boolean {
    return this.#asked === 0 || answers?.hasMore === false || (answers?.known ?? 0) >= this.#asked;
  }

  #tell({ cubes }: Counted): void {
    this.#asked = Math.max(0, this.#asked - (cubes.answers?.known ?? 0));
  }

  #tally(previous?: number): Tally {
    return new Tally({ ...this.#options, answers: this.#asked }, previous);
  }

  /** Of all groups, or those of the rest. */
  #sum(): CubeSum {
    return new CubeSum(this.#options, Math.max(this.#options.answers ?? 0, KEPT_ANSWERS));
  }

  finish(): Cubes {
    this.closeRest();
    const { cubes, rows } = this.#whole.result();
    const { distinctLimit = DISTINCT_LIMIT } = this.#options;
    // Tables are made when they are asked for: of few cells none has too many values.
    return rows <= distinctLimit ? cubes : boundCubes(cubes, distinctLimit);
  }
}
