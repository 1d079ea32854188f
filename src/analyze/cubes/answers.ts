/**
 * The newest calls that somebody said yes or no to, which suggestions are learnt from: as many as are asked for, and whether
 * there are more. What stretches of a log came to adds up. Calls in bypass and auto mode are no evidence, since no person
 * was asked, and neither is what our own rules allowed.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import { type ToolCall, toolShape } from "../../core/tool-call.js";
import { callKey } from "../simulate/call-key.js";
import { wasPrompted } from "../simulate/drift.js";
import { replayable } from "../simulate/replayable.js";
import { type Answer, answerOf } from "./answer-of.js";
import type { KeptCall } from "./kept-call.js";
import type { Call } from "./open-call.js";

/** Plain data. */
export interface AnsweredCall {
  /** Without the parts of its input that no rule of ours looks at. */
  readonly call: ToolCall;
  readonly resolved?: NonNullable<AuditRecord["resolved"]>;
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

export interface Answers {
  /** Calls that can be judged again. */
  readonly known: number;
  /** There are older ones, which are not told. */
  readonly hasMore: boolean;
  /** As they were met, newest first; `null` for one of which too little was kept. */
  readonly calls: readonly (AnsweredCall | null)[];
}

/** Of a stretch of which nobody asked. */
export const UNTOLD: Answers = { known: 0, hasMore: true, calls: [] };

type Judged = Pick<AnsweredCall, "call" | "resolved" | "key">;

export class AnswerTally {
  readonly #most: number;
  readonly #calls: (AnsweredCall | null)[] = [];
  readonly #distinct = new Map<string, Judged>();
  #known = 0;
  #hasMore = false;

  /** @param most calls that are told, beside those of which too little was kept */
  constructor(most: number) {
    this.#most = most;
  }

  /** Newest first. */
  call(call: Call): void {
    if (this.#hasMore) return;
    const answer = answerOf(call);
    if (answer === null) return;
    if (this.#most === 0) {
      // Nobody asks: it need not be looked at.
      this.#hasMore = true;
      return;
    }
    const { timeMs, at, session, kept, subject } = call.calling;
    const judged = kept === null ? null : this.#judged(kept);
    if (judged === null) {
      this.#calls.push(null);
      return;
    }
    const shared = { ...judged, call: { ...judged.call, sessionId: session } };
    const place = `${at.file}:${at.offset}`;
    this.#add({ ...shared, answer, isPrompted: wasPrompted(call), timeMs, at: place, subject });
  }

  /** Takes in what an older stretch of the same log came to. */
  merge({ calls, hasMore }: Answers): void {
    for (const one of calls) {
      if (this.#hasMore) return;
      if (one === null) this.#calls.push(null);
      else this.#add(one);
    }
    this.#hasMore ||= hasMore;
  }

  get answers(): Answers {
    return { known: this.#known, hasMore: this.#hasMore, calls: this.#calls };
  }

  #add(one: AnsweredCall): void {
    if (this.#known >= this.#most) this.#hasMore = true;
    else {
      this.#known++;
      this.#calls.push(one);
    }
  }

  /** What is the same in calls that are judged alike is held once. */
  #judged(kept: KeptCall): Judged | null {
    const found = replayable(kept);
    if (found.kind !== "call") return null;
    const call = slim(found.call);
    const key = callKey(call, kept);
    const { resolved } = kept;
    const met = this.#distinct.get(key) ?? { call, key, ...(resolved === undefined ? {} : { resolved }) };
    this.#distinct.set(key, met);
    return met;
  }
}

/** What stretches of a log told, the newest first, as one; put together when it is asked for. */
export function sumAnswers(parts: readonly Answers[], most: number): Answers {
  let known = 0;
  let hasMore = false;
  for (const part of parts) {
    hasMore = part.hasMore || known + part.known > most;
    known = Math.min(known + part.known, most);
    if (hasMore) break;
  }
  return lazyAnswers({ known, hasMore }, () => {
    const tally = new AnswerTally(most);
    for (const part of parts) tally.merge(part);
    return tally.answers.calls;
  });
}

/** @param make asked once. */
export function lazyAnswers(
  { known, hasMore }: Pick<Answers, "known" | "hasMore">,
  make: () => Answers["calls"],
): Answers {
  let calls: Answers["calls"] | undefined;
  return {
    known,
    hasMore,
    get calls() {
      calls ??= make();
      return calls;
    },
  };
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
