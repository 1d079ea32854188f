/**
 * What a log tells of the calls that no rule decided: approved or refused, by whom, when and where. Calls in bypass and
 * auto mode are no evidence, since no person was asked, and neither is what our own rules allowed.
 */
import type { ToolCall } from "../../core/tool-call.js";
import { toolShape } from "../../core/tool-call.js";
import { type Answer, answerOf } from "../cubes/answer-of.js";
import { CallJoin } from "../cubes/join-calls.js";
import type { Call } from "../cubes/open-call.js";
import { isCallWanted } from "../cubes/wanted.js";
import type { RecordFilter, Scanned } from "../scan/scan.js";
import { wasPrompted } from "../simulate/drift.js";
import { replayable } from "../simulate/replayable.js";

export interface PastCall {
  /** Without the parts of its input that no rule of ours looks at. */
  readonly call: ToolCall;
  readonly resolvePath: (absolute: string) => string | null;
  readonly answer: Answer;
  /** Somebody was asked, as far as the log tells. */
  readonly isPrompted: boolean;
  readonly timeMs: number;
  /** `file:offset`. */
  readonly at: string;
  readonly subject: string;
}

export interface PastCalls {
  /** Oldest first. */
  readonly calls: readonly PastCall[];
  /** Calls left out because too little of them was kept. */
  readonly unknowable: number;
  /** Older calls than these were not looked at. */
  readonly isCut: boolean;
}

/** The newest ones tell most; a rule mined from more is the same rule. */
export const MAX_CALLS = 60_000;

type Kept = Pick<PastCall, "call" | "resolvePath"> | null;

export class PastCallTally {
  readonly #filter: RecordFilter;
  readonly #kept = new Map<string, Kept>();
  readonly #calls: PastCall[] = [];
  #unknowable = 0;
  readonly #most: number;
  readonly #also: (call: Call) => void;
  #isCut = false;

  /** @param most answered calls that are kept, the newest. @param also is shown every call of the window. */
  constructor(filter: RecordFilter, most: number, also: (call: Call) => void = () => {}) {
    this.#filter = filter;
    this.#most = most;
    this.#also = also;
  }

  /** Passes records on, newest first; the result stands once all have passed. */
  *passing(scanned: Iterable<Scanned>): Generator<Scanned, void> {
    const join = new CallJoin({ call: (call) => this.#add(call), prompt: () => {} });
    for (const one of scanned) {
      if (one.kind === "record" && !this.#isCut) {
        const { record, timeMs, at } = one;
        if (record.decision !== undefined && record.tool_name !== undefined) {
          const found = replayable(record);
          const kept = found.kind === "call" ? { call: slim(found.call), resolvePath: found.resolvePath } : null;
          this.#kept.set(`${at.file}:${at.offset}`, kept);
        }
        join.add(record, timeMs, at);
      }
      yield one;
    }
    join.finish();
  }

  get result(): PastCalls {
    const order = (a: PastCall, b: PastCall) => a.timeMs - b.timeMs || (a.at < b.at ? -1 : 1);
    return { calls: this.#calls.toSorted(order), unknowable: this.#unknowable, isCut: this.#isCut };
  }

  #add(call: Call): void {
    const { timeMs, at, subject } = call.calling;
    const place = `${at.file}:${at.offset}`;
    const kept = this.#kept.get(place);
    this.#kept.delete(place);
    const { since = -Infinity, until = Infinity } = this.#filter;
    if (timeMs < since || timeMs >= until || !isCallWanted(call, this.#filter)) return;
    this.#also(call);
    if (kept === undefined) return;
    const answer = answerOf(call);
    if (answer === null) return;
    if (kept === null) {
      this.#unknowable++;
      return;
    }
    if (this.#calls.length >= this.#most) {
      this.#isCut = true;
      return;
    }
    this.#calls.push({ ...kept, answer, isPrompted: wasPrompted(call), timeMs, at: place, subject });
  }
}

/** Contents of files and prompts are not needed to judge a call, and are most of a log. */
function slim(call: ToolCall): ToolCall {
  const shape = toolShape(call.tool);
  const fields = ["glob", "dangerouslyDisableSandbox", shape?.main, ...(shape?.paths ?? []).map(({ field }) => field)];
  const input = Object.fromEntries(
    Object.entries(call.input).filter(([field, value]) => fields.includes(field) && isShort(value)),
  );
  return { ...call, input };
}

function isShort(value: unknown): boolean {
  return typeof value === "boolean" || (typeof value === "string" && value.length <= 32_768);
}
