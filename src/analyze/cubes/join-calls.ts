/**
 * Records, newest first -> calls: one for each (session, agent, tool_use_id), the strictest record deciding, copies within
 * ten minutes folded into it, its outcome and its prompt joined (SPEC section 9). Memory stays flat: a call is closed once
 * no copy of it can follow, and a fixed number is open at most; what that bound could have cost is counted.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import type { LinePlace } from "../scan/scan.js";
import { type Prompt, PromptJoin } from "./join-prompts.js";
import {
  type Call,
  type Calling,
  callingOf,
  holdCalling,
  keepCalling,
  keyOf,
  type Outcome,
  outcomeOf,
  type Ruling,
  rulingOf,
  stricterRuling,
} from "./open-call.js";
import { OpenMap } from "./open-map.js";
import { RecentClock } from "./recent-clock.js";

/** Copies of a call further apart than this are calls of their own. */
export const COPY_WINDOW_MS = 10 * 60_000;
/** An outcome, or the end of a turn, is looked for no longer than this after its call. */
const DAY_MS = 24 * 60 * 60_000;
export const OPEN_CALLS = 10_000;
const OPEN_OUTCOMES = 10_000;
const OPEN_SESSIONS = 50_000;
/** Bytes between two calls from which on the record of one no longer shares the bytes around it with others. */
export const ALONE = 8_192;

export interface JoinCounts {
  /** PreToolUse records that repeat a call already met (the hook registered twice, a log read twice). */
  copies: number;
  /** PermissionRequest records that repeat a prompt already met. */
  promptCopies: number;
  /** Decisions of records without tool_use_id: nothing can be joined to them. */
  withoutId: number;
  /** PreToolUse records that carry no decision. */
  undecided: number;
  /** Outcomes whose decision is not in the log or before the window. */
  outcomesAlone: number;
  /** Calls closed less than ten minutes after their newest record: copies of them may have been counted twice. */
  closedEarly: number;
}

export interface CallSink {
  call(call: Call): void;
  prompt(prompt: Prompt): void;
}

interface OpenCall {
  calling: Calling;
  ruling: Ruling;
  outcome: Outcome | undefined;
  /** A PreToolUse record was met, not only a PermissionDenied one. */
  seen: boolean;
  prompted: boolean;
  /** Claude Code refused it after our answer. */
  refused: boolean;
  /** The turn is known to have ended after it. */
  turnEnded: boolean;
}

interface Waiting {
  readonly timeMs: number;
  /** Its clock ran a day or more ahead of what stands around it: the time of others tells nothing of how long it waits. */
  readonly isAhead: boolean;
}

interface OpenOutcome extends Waiting {
  readonly outcome: Outcome;
}

type Entries<Value> = readonly (readonly [string, Value])[];

export interface JoinState {
  readonly clock: readonly number[];
  readonly calls: Entries<OpenCall>;
  readonly outcomes: Entries<OpenOutcome>;
  readonly ended: Entries<Waiting>;
  readonly prompts: PromptJoin["entries"];
}

export class CallJoin {
  counts: JoinCounts = noCounts();
  readonly #sink: CallSink;
  #clock = new RecentClock();
  readonly #prompts: PromptJoin;
  readonly #calls: OpenMap<OpenCall>;
  readonly #outcomes: OpenMap<OpenOutcome>;
  /** Session -> when the last turn met ended, the oldest so far. */
  readonly #ended: OpenMap<Waiting>;
  /** Where the call stands that was opened last. */
  #openedAt = 0;

  constructor(sink: CallSink) {
    this.#sink = sink;
    this.#prompts = new PromptJoin((prompt) => this.#promptAlone(prompt));
    const close = (call: OpenCall, isForced: boolean) => {
      if (isForced) this.counts.closedEarly++;
      this.#close(call);
    };
    this.#calls = new OpenMap(OPEN_CALLS, close, ({ calling }) => keepCalling(calling));
    this.#outcomes = new OpenMap(OPEN_OUTCOMES, () => this.counts.outcomesAlone++);
    this.#ended = new OpenMap(OPEN_SESSIONS, () => {});
  }

  /** @param namesNoHost what the scan knows of its input. */
  add(record: AuditRecord, timeMs: number, at: LinePlace, namesNoHost = false): void {
    this.#clock.tick(timeMs);
    switch (record.event) {
      case "PreToolUse":
      case "PermissionDenied":
        this.#decided(record, timeMs, at, namesNoHost);
        break;
      case "PermissionRequest":
        this.#prompts.add({ record, timeMs, at });
        break;
      case "PostToolUse":
      case "PostToolUseFailure":
      case "PostToolBatch":
        this.#ran(record, timeMs);
        break;
      case "UserPromptSubmit":
      case "SessionEnd":
        this.#ended.set(record.session_id, this.#waiting(timeMs), never);
    }
  }

  /** Hands over all that no older record can change, and keeps the rest in an order that does not tell of the past. */
  settle(): void {
    const { now } = this.#clock;
    this.#prompts.settle(now);
    this.#calls.settle((open) => open.calling.timeMs - COPY_WINDOW_MS > now);
    const isOver = ({ timeMs, isAhead }: Waiting) => !isAhead && timeMs - DAY_MS > now;
    this.#outcomes.settle(isOver);
    this.#ended.settle(isOver);
  }

  /** All that decides how the records to come are joined: plain data once it went through JSON. */
  get state(): JoinState {
    return {
      clock: this.#clock.times,
      calls: this.#calls.entries,
      outcomes: this.#outcomes.entries,
      ended: this.#ended.entries,
      prompts: this.#prompts.entries,
    };
  }

  restore({ clock, calls, outcomes, ended, prompts }: JoinState): void {
    this.#clock = new RecentClock();
    for (const time of clock) this.#clock.tick(time);
    this.#calls.restore(calls);
    this.#outcomes.restore(outcomes);
    this.#ended.restore(ended);
    this.#prompts.restore(prompts);
  }

  /** What was counted since it was asked last. */
  takeCounts(): JoinCounts {
    const { counts } = this;
    this.counts = noCounts();
    return counts;
  }

  finish(): void {
    this.#prompts.finish();
    this.#calls.closeAll();
    this.#outcomes.closeAll();
  }

  #decided(record: AuditRecord, timeMs: number, at: LinePlace, namesNoHost: boolean): void {
    const calling = callingOf(record, timeMs, at, namesNoHost);
    const ruling = rulingOf(record, calling);
    if (ruling === null) {
      this.counts.undecided++;
      return;
    }
    const { key } = calling;
    if (key === null) {
      this.counts.withoutId++;
      this.#sink.call({ calling, ruling, outcome: undefined, prompted: false, rejected: false });
      return;
    }
    const isCall = record.event === "PreToolUse";
    const prompt = isCall ? this.#prompts.take(record, timeMs) : undefined;
    const met = this.#metCall(key, timeMs);
    const call = met ?? this.#openCall(key, calling, ruling);
    if (met !== undefined) {
      if (isCall && call.seen) this.counts.copies++;
      // The newest copy tells of the call, whichever the log happens to hold first.
      if (isCall && (!call.seen || timeMs > call.calling.timeMs)) call.calling = calling;
      call.ruling = stricterRuling(call.ruling, ruling);
    }
    call.seen ||= isCall;
    call.refused ||= !isCall;
    if (prompt === undefined) return;
    if (call.prompted) this.counts.promptCopies++;
    else this.#sink.prompt(prompt);
    call.prompted = true;
  }

  /** The open call of this key, unless it is so far away that the id was used again. */
  #metCall(key: string, timeMs: number): OpenCall | undefined {
    const call = this.#calls.get(key);
    if (call === undefined || Math.abs(call.calling.timeMs - timeMs) <= COPY_WINDOW_MS) return call;
    this.#calls.delete(key);
    this.#close(call);
    return undefined;
  }

  #openCall(key: string, calling: Calling, ruling: Ruling): OpenCall {
    const call: OpenCall = {
      calling,
      ruling,
      outcome: this.#outcomeWithin(key, calling.timeMs),
      seen: false,
      prompted: false,
      refused: false,
      turnEnded: (this.#ended.get(calling.session)?.timeMs ?? Infinity) - calling.timeMs <= DAY_MS,
    };
    this.#outcomes.delete(key);
    if (Math.abs(calling.at.offset - this.#openedAt) > ALONE) holdCalling(calling);
    this.#openedAt = calling.at.offset;
    this.#calls.set(key, call, (open) => open.calling.timeMs - COPY_WINDOW_MS > this.#clock.now);
    return call;
  }

  #outcomeWithin(key: string, timeMs: number): Outcome | undefined {
    const open = this.#outcomes.get(key);
    return open !== undefined && open.timeMs - timeMs <= DAY_MS ? open.outcome : undefined;
  }

  #ran(record: AuditRecord, timeMs: number): void {
    const key = keyOf(record);
    if (key === null) {
      this.counts.outcomesAlone++;
      return;
    }
    const outcome = outcomeOf(record);
    const call = this.#calls.get(key);
    if (call !== undefined) call.outcome = fuller(call.outcome, outcome);
    else {
      const all = fuller(this.#outcomes.get(key)?.outcome, outcome);
      this.#outcomes.set(key, { ...this.#waiting(timeMs), outcome: all }, never);
    }
  }

  #waiting(timeMs: number): Waiting {
    return { timeMs, isAhead: this.#clock.isAhead(timeMs, DAY_MS) };
  }

  /** In logs without ids a prompt that was answered by the hook is a decision of its own. */
  #promptAlone(prompt: Prompt): void {
    this.#sink.prompt(prompt);
    if (prompt.record.tool_use_id !== undefined) return;
    const calling = callingOf(prompt.record, prompt.timeMs, prompt.at);
    const ruling = rulingOf(prompt.record, calling);
    if (ruling === null || ruling.decision === "passthrough") return;
    this.counts.withoutId++;
    this.#sink.call({ calling, ruling, outcome: undefined, prompted: true, rejected: false });
  }

  #close({ calling, ruling, outcome, prompted, refused, turnEnded }: OpenCall): void {
    const couldRefuse = prompted && calling.attended !== false && !refused && ruling.decision !== "deny";
    const rejected = couldRefuse && turnEnded && outcome === undefined;
    this.#sink.call({ calling, ruling, outcome, prompted, rejected });
  }
}

export function noCounts(): JoinCounts {
  return { copies: 0, promptCopies: 0, withoutId: 0, undecided: 0, outcomesAlone: 0, closedEarly: 0 };
}

function fuller(met: Outcome | undefined, next: Outcome): Outcome {
  if (met === undefined) return next;
  return {
    success: met.success ?? next.success,
    toolMs: met.toolMs ?? next.toolMs,
    inputHash: met.inputHash === "" ? next.inputHash : met.inputHash,
  };
}

/** An outcome waits for its call however long that ran; only the limit ends it. */
function never(): boolean {
  return false;
}
