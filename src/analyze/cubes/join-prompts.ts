/**
 * PermissionRequest records wait here for the call they belong to. They carry no tool_use_id, so session, agent, tool and
 * input tell; newest first, a prompt is met just before its call. A prompt whose call never comes still counts.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import { holdRecord } from "../scan/lazy-record.js";
import type { LinePlace } from "../scan/scan.js";
import { OpenMap } from "./open-map.js";

export interface Prompt {
  readonly record: AuditRecord;
  readonly timeMs: number;
  readonly at: LinePlace;
}

interface WaitingPrompt extends Prompt {
  readonly signature: string;
}

const MATCH_WINDOW_MS = 10 * 60_000;
const WAITING = 2_048;

export class PromptJoin {
  readonly #waiting: OpenMap<WaitingPrompt[]>;
  readonly #alone: (prompt: Prompt) => void;

  /** `alone` gets each prompt for which no call came. */
  constructor(alone: (prompt: Prompt) => void) {
    this.#alone = alone;
    this.#waiting = new OpenMap(WAITING, (prompts) => prompts.forEach(alone));
  }

  add(prompt: Prompt): void {
    const key = callerOf(prompt.record);
    holdRecord(prompt.record);
    const waiting = { ...prompt, signature: signatureOf(prompt.record) };
    const same = this.#waiting.get(key);
    if (same === undefined) {
      this.#waiting.set(key, [waiting], () => false);
      return;
    }
    same.push(waiting);
    if (same.length > WAITING) for (const one of same.splice(0, WAITING / 2)) this.#alone(one);
  }

  /** The prompt that this call raised, taken out of the waiting ones. */
  take(call: AuditRecord, timeMs: number): Prompt | undefined {
    if (this.#waiting.size === 0) return undefined;
    const key = callerOf(call);
    const same = this.#waiting.get(key);
    if (same === undefined) return undefined;
    const inTime = (prompt: Prompt) => prompt.timeMs >= timeMs && prompt.timeMs - timeMs <= MATCH_WINDOW_MS;
    const signature = signatureOf(call);
    let index = same.findLastIndex((prompt) => prompt.signature === signature && inTime(prompt));
    // An offered alternative is prompted for with another input than the call came with.
    if (index < 0 && call.decision === "ask") index = same.findLastIndex(inTime);
    if (index < 0) return undefined;
    const [prompt] = same.splice(index, 1);
    if (same.length === 0) this.#waiting.delete(key);
    return prompt;
  }

  /** Hands over the prompts whose call can no longer come. */
  settle(now: number): void {
    this.#waiting.settle(() => false);
    for (const [key, same] of this.#waiting.entries) {
      const open = same.filter((prompt) => prompt.timeMs - MATCH_WINDOW_MS <= now);
      for (const prompt of same) if (prompt.timeMs - MATCH_WINDOW_MS > now) this.#alone(prompt);
      if (open.length === 0) this.#waiting.delete(key);
      else same.splice(0, same.length, ...open);
    }
    this.#waiting.settle(() => false);
  }

  get entries(): readonly (readonly [string, WaitingPrompt[]])[] {
    return this.#waiting.entries;
  }

  restore(entries: PromptJoin["entries"]): void {
    this.#waiting.restore(entries);
  }

  finish(): void {
    this.#waiting.closeAll();
  }
}

function callerOf(record: AuditRecord): string {
  return `${record.session_id}\0${record.agent_id ?? ""}\0${record.tool_name ?? ""}`;
}

function signatureOf(record: AuditRecord): string {
  return record.input_hash ?? JSON.stringify(record.tool_input ?? null);
}
