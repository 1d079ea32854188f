/**
 * Records, newest first -> calls: one for each (session, agent, tool_use_id), the strictest record deciding, copies within
 * ten minutes folded into it, its outcome and its prompt joined (SPEC section 9). Memory stays flat: a fixed number of calls
 * and outcomes is open at a time, and what that bound could have cost is counted.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import type { LinePlace } from "../scan/scan.js";
import { type Prompt, PromptJoin } from "./join-prompts.js";
import {
  type Call,
  type Calling,
  callingOf,
  type Outcome,
  outcomeOf,
  type Ruling,
  rulingOf,
  stricterRuling,
} from "./open-call.js";
import { closeOldest } from "./open-map.js";

/** Copies of a call further apart than this are calls of their own. */
export const COPY_WINDOW_MS = 10 * 60_000;
const OPEN_CALLS = 10_000;
const OPEN_OUTCOMES = 10_000;
const OPEN_SESSIONS = 50_000;

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
  /** A prompt; `decides` when it is itself a decision (logs without ids). */
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

export class CallJoin {
  readonly counts: JoinCounts = {
    copies: 0,
    promptCopies: 0,
    withoutId: 0,
    undecided: 0,
    outcomesAlone: 0,
    closedEarly: 0,
  };
  readonly #sink: CallSink;
  readonly #open = new Map<string, OpenCall>();
  readonly #outcomes = new Map<string, Outcome>();
  readonly #ended = new Map<string, true>();
  readonly #prompts: PromptJoin;
  #now = Number.POSITIVE_INFINITY;

  constructor(sink: CallSink) {
    this.#sink = sink;
    this.#prompts = new PromptJoin((prompt) => this.#promptAlone(prompt));
  }

  add(record: AuditRecord, timeMs: number, at: LinePlace): void {
    this.#now = timeMs;
    switch (record.event) {
      case "PreToolUse":
      case "PermissionDenied":
        this.#decided(record, timeMs, at);
        break;
      case "PermissionRequest":
        this.#prompts.add({ record, timeMs, at });
        break;
      case "PostToolUse":
      case "PostToolUseFailure":
      case "PostToolBatch":
        this.#ran(record);
        break;
      case "UserPromptSubmit":
      case "SessionEnd":
        this.#ended.set(record.session_id, true);
        closeOldest(this.#ended, OPEN_SESSIONS, () => {});
    }
  }

  finish(): void {
    this.#prompts.finish();
    for (const call of this.#open.values()) this.#close(call);
    this.#open.clear();
    this.counts.outcomesAlone += this.#outcomes.size;
    this.#outcomes.clear();
  }

  #decided(record: AuditRecord, timeMs: number, at: LinePlace): void {
    const ruling = rulingOf(record);
    if (ruling === null) {
      this.counts.undecided++;
      return;
    }
    const calling = callingOf(record, timeMs, at);
    const key = keyOf(record);
    if (key === null) {
      this.counts.withoutId++;
      this.#sink.call({ ...calling, ...ruling, outcome: undefined, rejected: false });
      return;
    }
    const isCall = record.event === "PreToolUse";
    const prompt = isCall ? this.#prompts.take(record, timeMs) : undefined;
    let call = this.#open.get(key);
    if (call !== undefined && Math.abs(call.calling.timeMs - timeMs) > COPY_WINDOW_MS) {
      this.#open.delete(key);
      this.#close(call);
      call = undefined;
    }
    if (call === undefined) {
      call = {
        calling,
        ruling,
        outcome: this.#outcomes.get(key),
        seen: isCall,
        prompted: false,
        refused: false,
        turnEnded: this.#ended.has(record.session_id),
      };
      this.#outcomes.delete(key);
      this.#open.set(key, call);
      closeOldest(this.#open, OPEN_CALLS, (old) => {
        if (old.calling.timeMs - this.#now <= COPY_WINDOW_MS) this.counts.closedEarly++;
        this.#close(old);
      });
    } else {
      if (isCall && call.seen) this.counts.copies++;
      // The newest copy tells of the call, whichever the log happens to hold first.
      if (isCall && (!call.seen || timeMs > call.calling.timeMs)) call.calling = calling;
      call.ruling = stricterRuling(call.ruling, ruling);
      call.seen ||= isCall;
    }
    call.refused ||= !isCall;
    if (prompt === undefined) return;
    if (call.prompted) this.counts.promptCopies++;
    else this.#sink.prompt(prompt);
    call.prompted = true;
  }

  #ran(record: AuditRecord): void {
    const key = keyOf(record);
    if (key === null) {
      this.counts.outcomesAlone++;
      return;
    }
    const outcome = outcomeOf(record);
    const call = this.#open.get(key);
    if (call !== undefined) {
      call.outcome = fuller(call.outcome, outcome);
      return;
    }
    this.#outcomes.set(key, fuller(this.#outcomes.get(key), outcome));
    closeOldest(this.#outcomes, OPEN_OUTCOMES, () => this.counts.outcomesAlone++);
  }

  /** In logs without ids a prompt that was answered by the hook is a decision of its own. */
  #promptAlone(prompt: Prompt): void {
    this.#sink.prompt(prompt);
    const ruling = prompt.record.tool_use_id === undefined ? rulingOf(prompt.record) : null;
    if (ruling === null || ruling.decision === "passthrough") return;
    this.counts.withoutId++;
    const calling = callingOf(prompt.record, prompt.timeMs, prompt.at);
    this.#sink.call({ ...calling, ...ruling, outcome: undefined, rejected: false });
  }

  #close(call: OpenCall): void {
    const { calling, ruling, outcome } = call;
    const couldRefuse = call.prompted && calling.attended !== false && !call.refused && ruling.decision !== "deny";
    const rejected = couldRefuse && call.turnEnded && outcome === undefined;
    this.#sink.call({ ...calling, ...ruling, outcome, rejected });
  }
}

/** INVARIANT: ids are unique within a session and agent only. */
function keyOf(record: AuditRecord): string | null {
  if (record.tool_use_id === undefined || record.tool_use_id === "") return null;
  return `${record.session_id}\0${record.agent_id ?? ""}\0${record.tool_use_id}`;
}

function fuller(met: Outcome | undefined, next: Outcome): Outcome {
  if (met === undefined) return next;
  return { success: met.success ?? next.success, toolMs: met.toolMs ?? next.toolMs };
}
