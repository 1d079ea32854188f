/**
 * What-if: the calls of a log under another policy, beside what happened to them. It counts calls as every report does
 * (copies folded, the strictest decision), and counts apart what it cannot know. It looks on while a log is counted; the
 * result stands once all of it was shown.
 */

import { currentToolName } from "../../core/tool-call.js";
import type { Sample } from "../cubes/fact.js";
import { sampleOf } from "../cubes/facts.js";
import type { Look } from "../cubes/look.js";
import type { Call } from "../cubes/open-call.js";
import { isCallWithin } from "../cubes/wanted.js";
import type { Judges } from "../judging/judges.js";
import type { RecordFilter, Scanned } from "../scan/scan.js";
import { type Drift, driftOf, wasPrompted } from "./drift.js";
import type { Known } from "./judge-once.js";
import { type Answer, type PolicyFor, Rejudge } from "./rejudge.js";
import type { Rejudged } from "./rejudged.js";
import type { Unknowable } from "./replayable.js";

/** Calls that change in the same way for the same rule. */
export interface DriftGroup {
  readonly drift: Drift;
  readonly tool: string;
  /** What happened: `deny`, `allow (user)`. */
  readonly before: string;
  readonly after: string;
  /** The rule that decides now; where none does, the one that decided then; "" when there is neither. */
  readonly rule: string;
  readonly ruleSource: string;
  calls: number;
  /** Calls of these that somebody was asked about. */
  prompted: number;
  /** Calls of these that a person refused (inferred where no event says so). */
  refused: number;
  /** Of calls that were allowed: those that Claude Code would have asked about (estimate). */
  spared: number;
  readonly sessions: Set<string>;
  /** The newest ones, each subject once. */
  readonly samples: Sample[];
}

export interface Simulated {
  /** Calls in the window. */
  readonly calls: number;
  readonly unchanged: number;
  readonly distinct: number;
  readonly unknowable: ReadonlyMap<Unknowable, number>;
  readonly groups: readonly DriftGroup[];
  /** Calls that a model would be asked about. */
  readonly consults: number;
}

const SAMPLES = 5;
/** Calls that wait for an answer before all that was asked is settled. */
const MOST_WAITING = 2_000;

/** What is said of a call, once it is. */
interface Slot {
  answer: Answer | null;
}

const NOTHING_KEPT: Slot = { answer: { kind: "unknowable", why: "no-input" } };

/** Who judges, and what was found before. */
export interface SimulationDeps {
  readonly judges?: Judges<"again">;
  readonly known?: Known<Rejudged>;
}

export class Simulation implements Look {
  readonly #rejudge: Rejudge;
  readonly #filter: RecordFilter;
  readonly #slots = new Map<string, Slot>();
  /** INVARIANT: calls are counted in the order in which they come, whatever order they are answered in. */
  #waiting: { readonly call: Call; readonly slot: Slot }[] = [];
  readonly #groups = new Map<string, DriftGroup>();
  readonly #unknowable = new Map<Unknowable, number>();
  #calls = 0;
  #unchanged = 0;
  #consults = 0;

  /** @param filter with its window */
  constructor(policyFor: PolicyFor, filter: RecordFilter, { judges, known }: SimulationDeps = {}) {
    this.#rejudge = new Rejudge(policyFor, judges, known);
    this.#filter = filter;
  }

  /** Judges the record of a call again. */
  line(one: Scanned): void {
    if (one.kind !== "record") return;
    const { record, timeMs, at } = one;
    const { tool } = this.#filter;
    if (record.decision === undefined || record.tool_name === undefined) return;
    if (tool !== undefined && currentToolName(record.tool_name) !== currentToolName(tool)) return;
    const slot: Slot = { answer: null };
    this.#slots.set(`${at.file}:${at.offset}`, slot);
    this.#rejudge.ask(record, timeMs, (answer) => {
      slot.answer = answer;
    });
  }

  get result(): Simulated {
    this.#rejudge.settle();
    this.#countAnswered();
    return {
      calls: this.#calls,
      unchanged: this.#unchanged,
      distinct: this.#rejudge.distinct,
      unknowable: this.#unknowable,
      groups: [...this.#groups.values()],
      consults: this.#consults,
    };
  }

  /** Counts a call whose records were all shown. */
  call(call: Call): void {
    const { at } = call.calling;
    const place = `${at.file}:${at.offset}`;
    const slot = this.#slots.get(place) ?? NOTHING_KEPT;
    this.#slots.delete(place);
    if (!isCallWithin(call, this.#filter)) return;
    this.#calls++;
    this.#waiting.push({ call, slot });
    if (this.#waiting.length > MOST_WAITING) this.#rejudge.settle();
    this.#countAnswered();
  }

  /** Those that no earlier one stands before. */
  #countAnswered(): void {
    let done = 0;
    for (const { call, slot } of this.#waiting) {
      if (slot.answer === null) break;
      this.#judged(call, slot.answer);
      done++;
    }
    if (done > 0) this.#waiting = this.#waiting.slice(done);
  }

  #judged(call: Call, answer: Answer): void {
    if (answer.kind === "unknowable") {
      this.#unknowable.set(answer.why, (this.#unknowable.get(answer.why) ?? 0) + 1);
      return;
    }
    if (answer.consults) this.#consults++;
    const drift = driftOf(call, answer);
    if (drift === null) this.#unchanged++;
    else this.#count(drift, call, answer);
  }

  #count(drift: Drift, call: Call, answer: Rejudged): void {
    const { ruling, calling, rejected } = call;
    const isOurs = ruling.source === "rule" || ruling.source === "none";
    const before = isOurs ? ruling.decision : `${ruling.decision} (${ruling.tier})`;
    const after = answer.decision;
    const rule = answer.rule || ruling.rule;
    const key = [drift, calling.tool, before, after, rule].join("\0");
    const group = this.#groups.get(key) ?? {
      drift,
      tool: calling.tool,
      before,
      after,
      rule,
      ruleSource: answer.ruleSource || ruling.ruleSource,
      calls: 0,
      prompted: 0,
      refused: 0,
      spared: 0,
      sessions: new Set<string>(),
      samples: [],
    };
    this.#groups.set(key, group);
    group.calls++;
    if (wasPrompted(call)) group.prompted++;
    if (rejected || (ruling.decision === "deny" && ruling.source === "user")) group.refused++;
    if (ruling.saved) group.spared++;
    group.sessions.add(calling.session);
    if (group.samples.length < SAMPLES && !group.samples.some(({ subject }) => subject === calling.subject)) {
      group.samples.push({ ...sampleOf(call, { rule: ruling.rule }), reason: answer.reason });
    }
  }
}
