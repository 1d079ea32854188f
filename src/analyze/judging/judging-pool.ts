/**
 * Judges past calls on other threads beside this one, which reads on meanwhile and judges as well: a batch goes to a thread
 * that is free, else it is judged here. It is synchronous: answers are fetched, not waited for, until `settle`. A thread
 * that does not start, fails or stays silent costs time and changes no answer, for its batches are judged here.
 */
import { availableParallelism } from "node:os";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { type Answers, type AskedCall, openJudge } from "./judge-asked.js";
import type { Judges } from "./judges.js";
import { claim, type JudgedBatch, type SentBatch, type ThreadData } from "./judging-thread.js";
import { PolicySender, type SentPolicy } from "./sent-policy.js";

export interface PoolOptions {
  /** Threads beside this one. */
  readonly threads: number;
  /** Calls judged here before threads are started: fewer are judged sooner than a thread is up. */
  readonly alone: number;
  /** How long a thread may judge one batch, milliseconds. */
  readonly patienceMs: number;
  readonly entry: URL;
}

const DEFAULTS: PoolOptions = {
  threads: Math.min(3, availableParallelism() - 1),
  alone: 400,
  patienceMs: 10_000,
  entry: new URL("judge-worker.js", import.meta.url),
};

/** Calls. */
const BATCH = 32;
/** Batches that wait for a thread while it judges one: it must not run out while this thread judges one too. */
const AHEAD = 3;
/** Batches of one pool that go to threads; more are judged here. */
const MOST_BATCHES = 1 << 16;

interface Asked<Kind extends keyof Answers> {
  readonly asked: AskedCall;
  readonly answered: (answer: Answers[Kind]) => void;
}

interface Seat {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly policies: PolicySender;
  /** Sent and not come back. */
  readonly sent: Set<number>;
}

export function openJudgingPool<Kind extends keyof Answers>(
  kind: Kind,
  options: Partial<PoolOptions> = {},
): Judges<Kind> {
  return new JudgingPool(kind, { ...DEFAULTS, ...options });
}

class JudgingPool<Kind extends keyof Answers> implements Judges<Kind> {
  readonly #kind: Kind;
  readonly #options: PoolOptions;
  readonly #judge: (asked: AskedCall) => Answers[Kind];
  #batch: Asked<Kind>[] = [];
  readonly #sent = new Map<number, readonly Asked<Kind>[]>();
  #seats: readonly Seat[] | null = null;
  #shared: Int32Array = new Int32Array(0);
  #batches = 0;
  #alone = 0;

  constructor(kind: Kind, options: PoolOptions) {
    this.#kind = kind;
    this.#options = options;
    this.#judge = openJudge(kind);
  }

  ask(asked: AskedCall, answered: (answer: Answers[Kind]) => void): void {
    this.#batch.push({ asked, answered });
    if (this.#batch.length < BATCH) return;
    const batch = this.#take();
    this.#fetch();
    const seat = this.#freeSeat();
    if (seat === null) this.#judgeHere(batch);
    else this.#send(seat, batch);
  }

  settle(): void {
    for (;;) {
      // An answer may ask for more.
      if (this.#batch.length > 0) {
        this.#judgeHere(this.#take());
        continue;
      }
      if (this.#sent.size === 0) return;
      const unclaimed = [...this.#sent].find(([number]) => claim(this.#shared, number));
      if (unclaimed !== undefined) {
        this.#takeBack(unclaimed[0]);
        continue;
      }
      const met = Atomics.load(this.#shared, 0);
      this.#fetch();
      if (this.#batch.length > 0 || this.#sent.size === 0) continue;
      if (Atomics.wait(this.#shared, 0, met, this.#options.patienceMs) === "timed-out") {
        this.close();
        for (const number of [...this.#sent.keys()]) this.#takeBack(number);
      }
    }
  }

  readonly close = (): void => {
    for (const { worker, port } of this.#seats ?? []) {
      port.close();
      void worker.terminate();
    }
    this.#seats = [];
  };

  #take(): readonly Asked<Kind>[] {
    const batch = this.#batch;
    this.#batch = [];
    return batch;
  }

  #judgeHere(batch: readonly Asked<Kind>[]): void {
    this.#alone += batch.length;
    for (const { asked, answered } of batch) answered(this.#judge(asked));
  }

  #takeBack(number: number): void {
    const batch = this.#sent.get(number) ?? [];
    this.#forget(number);
    this.#judgeHere(batch);
  }

  #forget(number: number): void {
    this.#sent.delete(number);
    for (const { sent } of this.#seats ?? []) sent.delete(number);
  }

  #freeSeat(): Seat | null {
    const { threads, alone } = this.#options;
    if (this.#alone < alone || this.#batches >= MOST_BATCHES) return null;
    this.#seats ??= this.#start(threads);
    return this.#seats.find(({ sent }) => sent.size <= AHEAD) ?? null;
  }

  #start(threads: number): readonly Seat[] {
    if (threads < 1) return [];
    const shared = new SharedArrayBuffer((MOST_BATCHES + 1) * Int32Array.BYTES_PER_ELEMENT);
    this.#shared = new Int32Array(shared);
    return Array.from({ length: threads }, () => {
      const { port1: port, port2 } = new MessageChannel();
      const data: ThreadData = { kind: this.#kind, port: port2, shared: this.#shared };
      const worker = new Worker(this.#options.entry, { workerData: data, transferList: [port2], execArgv: [] });
      // INVARIANT: what a thread does not answer is judged here; the process waits for none of them.
      worker.on("error", () => {});
      worker.unref();
      return { worker, port, policies: new PolicySender(), sent: new Set() };
    });
  }

  #send({ port, policies, sent }: Seat, batch: readonly Asked<Kind>[]): void {
    const first: SentPolicy[] = [];
    const number = this.#batches++;
    const calls = batch.map(({ asked: { policy, call, resolved, timeMs } }) => {
      return { call, resolved, timeMs, policy: policies.numberOf(policy, (one) => first.push(one)) };
    });
    this.#sent.set(number, batch);
    sent.add(number);
    port.postMessage({ number, policies: first, calls } satisfies SentBatch);
  }

  /** What threads have answered by now. */
  #fetch(): void {
    for (const { port } of this.#seats ?? []) {
      for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
        const { number, answers }: JudgedBatch<Kind> = got.message;
        const batch = this.#sent.get(number) ?? [];
        if (answers === null) {
          this.#takeBack(number);
          continue;
        }
        this.#forget(number);
        for (const [index, { asked, answered }] of batch.entries()) answered(answers[index] ?? this.#judge(asked));
      }
    }
  }
}
