/** The counting of a log in stretches: leaves that add up to groups, groups to files, files to the whole, and one join across all. */
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

interface State extends JoinState {
  readonly previous: number | null;
}

export class StretchFold {
  /** The join had to let go of calls before their time: what follows depends on how it was read. */
  isForced = false;
  readonly #options: FoldOptions;
  readonly #join: CallJoin;
  readonly #whole: CubeSum;
  #file: CubeSum;
  #group: CubeSum;
  #leaf: Tally;
  /** All that is met from where the rest begins. */
  #rest: CubeSum | null = null;
  /** What is read was counted before, and is only looked at. */
  #isRehearsal = false;
  #isOver = false;
  /** The state to go on from, not read yet: most often another one follows. */
  #next: { readonly state: string; readonly names: PlaceNames } | null = null;
  /** The state that was told since the last line: where a stretch ends, another one begins. */
  #told: { readonly state: string; readonly names: PlaceNames } | null = null;

  constructor(options: FoldOptions, look: Look | null = null) {
    this.#options = options;
    this.#whole = new CubeSum(options);
    this.#file = new CubeSum(options);
    this.#group = new CubeSum(options);
    this.#leaf = new Tally(options);
    this.#join = new CallJoin({
      call: (call) => {
        if (!this.#isRehearsal) this.#leaf.call(call);
        look?.call(call);
      },
      prompt: (prompt) => {
        if (!this.#isRehearsal) this.#leaf.prompt(prompt);
      },
    });
  }

  line(one: Scanned): void {
    this.#goOn();
    this.#leaf.line(one);
    if (one.kind === "record") this.#join.add(one.record, one.timeMs, one.at, one.namesNoHost);
  }

  /** Joins the calls of a stretch that was counted before, for whoever looks at them. Between two leaves. */
  rehearse(lines: Iterable<Scanned>): void {
    this.#goOn();
    this.#isRehearsal = true;
    for (const one of lines) {
      if (one.kind === "record") this.#join.add(one.record, one.timeMs, one.at, one.namesNoHost);
    }
    this.#join.settle();
    this.#join.takeCounts();
    this.#isRehearsal = false;
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
    this.#leaf = new Tally(this.#options, read.previous ?? undefined);
  }

  closeLeaf(): Counted {
    const counts = this.#join.takeCounts();
    this.isForced ||= counts.closedEarly > 0;
    const counted = countedOf(this.#leaf, this.#leaf.result(counts));
    this.#leaf = new Tally(this.#options, this.#leaf.previous);
    this.#group.add(counted);
    return counted;
  }

  closeGroup(): Counted {
    const counted = this.#group.result();
    this.#group = new CubeSum(this.#options);
    this.#file.add(counted);
    return counted;
  }

  closeFile(): Counted {
    const counted = this.#file.result();
    this.#file = new CubeSum(this.#options);
    this.#files.add(counted);
    return counted;
  }

  /** Between two leaves: what is counted from here on is told apart, so no group or file that is begun will be whole. */
  beginRest(): void {
    this.#flush();
    this.#rest = new CubeSum(this.#options);
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
    this.#files.add(counted);
    // What it ends with is counted in it.
    this.#isOver = true;
  }

  get #files(): CubeSum {
    return this.#rest ?? this.#whole;
  }

  #flush(): void {
    for (const sum of [this.#file, this.#group]) if (!sum.isEmpty) this.#files.add(sum.result());
    this.#group = new CubeSum(this.#options);
    this.#file = new CubeSum(this.#options);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#goOn();
    this.#join.finish();
    this.closeLeaf();
    this.closeGroup();
    this.closeFile();
  }

  /** Takes a stretch that was counted before. Only between two leaves, a group or a file only between two of their kind. */
  pass(counted: Counted, kind: StretchKind): void {
    const into = { leaf: this.#group, group: this.#file, file: this.#files };
    into[kind].add(counted);
  }

  finish(): Cubes {
    this.closeRest();
    const { cubes, rows } = this.#whole.result();
    const { distinctLimit = DISTINCT_LIMIT } = this.#options;
    // Tables are made when they are asked for: of few cells none has too many values.
    return rows <= distinctLimit ? cubes : boundCubes(cubes, distinctLimit);
  }
}
