/** What passes between the thread that reads a log and one that judges for it. */
import type { MessagePort } from "node:worker_threads";
import type { Answers, AskedCall } from "./judge-asked.js";
import type { SentPolicy } from "./sent-policy.js";

/** What a thread is started with. */
export interface ThreadData {
  readonly kind: keyof Answers;
  readonly port: MessagePort;
  /** First how many batches came back, then one place a batch: who begins with it puts a 1 there. */
  readonly shared: Int32Array;
}

export type SentCall = Omit<AskedCall, "policy"> & { readonly policy: number };

export interface SentBatch {
  readonly number: number;
  readonly policies: readonly SentPolicy[];
  readonly calls: readonly SentCall[];
}

/** `answers`: `null` when judging failed there. */
export interface JudgedBatch<Kind extends keyof Answers> {
  readonly number: number;
  readonly answers: readonly Answers[Kind][] | null;
}

/** INVARIANT: true for one side only, so that no batch is judged twice or by nobody. */
export function claim(shared: Int32Array, batch: number): boolean {
  return Atomics.compareExchange(shared, batch + 1, 0, 1) === 0;
}
