/** The entry of a judging thread: batches of calls in, answers out. What fails here is judged again by who asked. */
import { workerData } from "node:worker_threads";
import { type Answers, openJudge } from "./judge-asked.js";
import { claim, type JudgedBatch, type SentBatch, type ThreadData } from "./judging-thread.js";
import { PolicyReceiver } from "./sent-policy.js";

const { kind, port, shared }: ThreadData = workerData;
const policies = new PolicyReceiver();
const judge = openJudge(kind);

port.on("message", ({ number, policies: sent, calls }: SentBatch) => {
  for (const one of sent) policies.receive(one);
  if (!claim(shared, number)) return;
  port.postMessage({ number, answers: judged(calls) } satisfies JudgedBatch<keyof Answers>);
  Atomics.add(shared, 0, 1);
  Atomics.notify(shared, 0);
});

function judged(calls: SentBatch["calls"]): readonly Answers[keyof Answers][] | null {
  try {
    return calls.map(({ policy, ...call }) => judge({ ...call, policy: policies.at(policy) }));
  } catch {
    return null;
  }
}
