/**
 * What a log tells of the calls that no rule decided: approved or refused, by whom, when and where. Calls in bypass and
 * auto mode are no evidence, since no person was asked, and neither is what our own rules allowed.
 */
import type { ToolCall } from "../../core/tool-call.js";
import { toolShape } from "../../core/tool-call.js";
import { type Answer, answerOf } from "../cubes/answer-of.js";
import type { KeptCall } from "../cubes/kept-call.js";
import type { Call } from "../cubes/open-call.js";
import { isCallWanted } from "../cubes/wanted.js";
import type { RecordFilter } from "../scan/scan.js";
import { callKey } from "../simulate/call-key.js";
import { wasPrompted } from "../simulate/drift.js";
import { replayable } from "../simulate/replayable.js";

export interface PastCall {
  /** Without the parts of its input that no rule of ours looks at. */
  readonly call: ToolCall;
  readonly resolvePath: (absolute: string) => string | null;
  /** Calls with the same one are judged alike at the same time. */
  readonly key: string;
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

type Judged = Pick<PastCall, "call" | "resolvePath" | "key">;

/** The newest ones tell most; a rule mined from more is the same rule. */
export const MAX_CALLS = 60_000;

export class PastCallTally {
  readonly #filter: RecordFilter;
  readonly #calls: PastCall[] = [];
  readonly #most: number;
  readonly #also: (call: Call) => void;
  readonly #distinct = new Map<string, Judged>();
  #unknowable = 0;
  #isCut = false;

  /** @param most answered calls that are kept, the newest. @param also is shown every call of the window. */
  constructor(filter: RecordFilter, most: number, also: (call: Call) => void = () => {}) {
    this.#filter = filter;
    this.#most = most;
    this.#also = also;
  }

  /** There are older calls, which are not kept. */
  get isCut(): boolean {
    return this.#isCut;
  }

  get result(): PastCalls {
    const order = (a: PastCall, b: PastCall) => a.timeMs - b.timeMs || (a.at < b.at ? -1 : 1);
    return { calls: this.#calls.toSorted(order), unknowable: this.#unknowable, isCut: this.#isCut };
  }

  /** Newest first. */
  call(call: Call): void {
    const { timeMs, at } = call.calling;
    const { since = -Infinity, until = Infinity } = this.#filter;
    if (timeMs < since || timeMs >= until || !isCallWanted(call, this.#filter)) return;
    this.#also(call);
    const answer = this.#isCut ? null : answerOf(call);
    if (answer === null) return;
    const { kept, subject } = call.calling;
    const judged = kept === null ? null : this.#judged(kept);
    if (judged === null) {
      this.#unknowable++;
      return;
    }
    if (this.#calls.length >= this.#most) {
      this.#isCut = true;
      return;
    }
    this.#calls.push({
      ...judged,
      answer,
      isPrompted: wasPrompted(call),
      timeMs,
      at: `${at.file}:${at.offset}`,
      subject,
    });
  }

  /** What is the same in calls that are judged alike is held once. */
  #judged(kept: KeptCall): Judged | null {
    const found = replayable(kept);
    if (found.kind !== "call") return null;
    const call = slim(found.call);
    const key = callKey(call, kept);
    const met = this.#distinct.get(key) ?? { call, resolvePath: found.resolvePath, key };
    this.#distinct.set(key, met);
    return { ...met, call: { ...met.call, sessionId: call.sessionId } };
  }
}

/** Contents of files and prompts are not needed to judge a call, and are most of a log. */
function slim({ tool, input: whole, cwd, home, project, sessionId, permissionMode, attended }: ToolCall): ToolCall {
  const shape = toolShape(tool);
  const fields = ["glob", "dangerouslyDisableSandbox", shape?.main, ...(shape?.paths ?? []).map(({ field }) => field)];
  const input = Object.fromEntries(
    Object.entries(whole).filter(([field, value]) => fields.includes(field) && isShort(value)),
  );
  return { tool, input, cwd, home, project, sessionId, permissionMode, attended };
}

function isShort(value: unknown): boolean {
  return typeof value === "boolean" || (typeof value === "string" && value.length <= 32_768);
}
