/** Past calls and ordinary commands under one policy: each judged once by the engine, then known. */
import { join } from "node:path";
import type { Possible } from "../analyze/coverage/possible.js";
import type { Leftover } from "../analyze/gaps/clusters.js";
import type { GapSample } from "../analyze/gaps/gap-cells.js";
import { type Judgements, openJudgements } from "../analyze/judgements.js";
import { type CallSample, type JudgedAgain, type Replay, replayCalls } from "../analyze/sections/replay.js";
import { expiredBy, judgedKey } from "../analyze/simulate/call-key.js";
import type { JudgedPast, PastJudgement } from "../analyze/suggest/judge-past.js";
import type { PastCall, PastCalls } from "../analyze/suggest/past-call.js";
import type { Suggestions } from "../analyze/suggest/suggestion.js";
import type { AuditRecord } from "../core/audit/record.js";
import type { RecordedCall } from "../core/audit/record-call.js";
import type { Policy, Problem } from "../core/policy/policy.js";
import { readPolicyByHash } from "../store/in-force.js";
import type { Locations } from "../store/locations.js";
import type { Invocation } from "./command.js";
import { type Progress, startJudging } from "./progress.js";
import { VERSION } from "./version.js";
import { locationsOf } from "./where.js";

export class Judged {
  readonly #policy: Policy;
  readonly #startProgress: (calls: number) => Progress;
  readonly #known: Judgements;
  /** Apart, because they are many and few commands ask for them. */
  readonly #openAnswered: () => Judgements;
  #answered: Judgements | null = null;

  constructor(invocation: Pick<Invocation, "io" | "flags">, policy: Policy) {
    const folder = join(locationsOf(invocation).cache, "judged");
    const isReadOnly = invocation.flags.on("readOnly");
    const { hash, guarded } = policy;
    this.#policy = policy;
    this.#startProgress = (calls) => startJudging(invocation.io, invocation.flags.on("quiet"), calls);
    this.#known = openJudgements(folder, `${VERSION} ${hash}`, isReadOnly);
    this.#openAnswered = () =>
      openJudgements(folder, `${VERSION} ${hash} answered ${JSON.stringify(guarded)}`, isReadOnly);
  }

  /** Writes down what was found. */
  keep(): void {
    this.#known.keep();
    this.#answered?.keep();
  }

  /** What the policy says of calls that had no rule, `null` for those of which too little was kept. */
  leftovers(samples: readonly GapSample[]): Promise<readonly (Leftover | null)[]> {
    return this.#known.find(
      "leftover",
      samples,
      ({ kept, timeMs }) => (kept === null ? null : this.#callKey(kept, timeMs)),
      async () => {
        const judge = (await judging()).judgeLeftover(this.#policy);
        return ({ kept, timeMs }) => (kept === null ? null : judge(kept, timeMs));
      },
    );
  }

  /** Under the policy of that time where it was kept, else under this one. */
  async replay({ calls }: CallSample, locations: Locations): Promise<Replay> {
    const found = await this.#known.find<(typeof calls)[number], JudgedAgain | null>(
      "again",
      calls,
      ({ record, timeMs }) => [this.#callKey(record, timeMs), record.policy_hash ?? null],
      async () => {
        const judge = (await judging()).judgeAgain(policiesOf(locations, this.#policy));
        return ({ record, timeMs }) => judge(record, timeMs);
      },
    );
    const answers = new Map(calls.map(({ record }, index) => [record, found[index] ?? null]));
    return replayCalls(calls, (record) => answers.get(record) ?? null);
  }

  /** Rules that the answers speak for. */
  async suggestions(past: PastCalls): Promise<Suggestions> {
    const [found] = await this.#known.find<PastCalls, Suggestions>("suggestions", [past], evidenceKey, async () => {
      const judged = await this.#past(past.calls);
      const { ordinaryCommands, suggestRules } = await judging();
      return (all) => suggestRules(all, { policy: this.#policy, commands: ordinaryCommands(), judged });
    });
    if (found === undefined) throw new Error("one question has one answer");
    return found;
  }

  /** What the policy says of answered calls. */
  async #past(calls: readonly PastCall[]): Promise<JudgedPast> {
    this.#answered ??= this.#openAnswered();
    const known = this.#answered;
    const policy = this.#policy;
    const answers = new Map<string, PastJudgement>();
    const unknown = new Map<string, PastCall>();
    for (const one of calls) {
      const key = judgedKey(policy, one);
      if (answers.has(key) || unknown.has(key)) continue;
      const answer = known.recall<PastJudgement>("past", key);
      if (answer === undefined) unknown.set(key, one);
      else answers.set(key, answer);
    }
    if (unknown.size > 0) {
      const judges = (await judging()).openJudgingPool("open");
      const progress = this.#startProgress(unknown.size);
      let judged = 0;
      for (const [key, { call, resolved, timeMs }] of unknown) {
        judges.ask({ call, resolved, timeMs, policy }, (answer) => {
          answers.set(key, answer);
          known.note("past", key, answer);
          progress.reached(++judged);
        });
      }
      judges.settle();
      judges.close();
      progress.stop();
    }
    return (one) => answers.get(judgedKey(policy, one)) ?? NOT_OPEN;
  }

  /** What ordinary commands would be answered. */
  async possible(now: number): Promise<readonly Possible[] | undefined> {
    const [found] = await this.#known.find<number, readonly Possible[]>(
      "possible",
      [expiredBy(this.#policy, now)],
      String,
      async () => {
        const { ordinaryCommands, whatIsPossible } = await judging();
        return () => whatIsPossible(this.#policy, ordinaryCommands(), now);
      },
    );
    return found;
  }

  /** Rules that others make needless. */
  async redundant(): Promise<readonly Problem[] | undefined> {
    const [found] = await this.#known.find<Policy, readonly Problem[]>(
      "redundant",
      [this.#policy],
      () => "",
      async () => {
        const { redundantRules } = await judging();
        return redundantRules;
      },
    );
    return found;
  }

  /** All of a call that a rule can depend on. */
  #callKey(record: RecordedCall & Pick<AuditRecord, "resolved" | "redacted">, timeMs: number): unknown {
    const { tool_name, tool_input, cwd, project, home, permission_mode, attended, resolved } = record;
    const { input_truncated: isCut = false, redacted = 0 } = record;
    const place = [cwd ?? null, project ?? null, home ?? null, permission_mode ?? null, attended ?? null];
    return [tool_name, tool_input ?? null, place, resolved ?? null, isCut, redacted, expiredBy(this.#policy, timeMs)];
  }
}

function evidenceKey({ calls, unknowable, isCut }: PastCalls): unknown {
  const each = calls.map(({ key, call, timeMs, answer, isPrompted, at, subject }) => {
    return [key, call.sessionId, timeMs, answer, isPrompted, at, subject];
  });
  return [each, unknowable, isCut];
}

/** Of a call that nobody asked about nothing is learnt. */
const NOT_OPEN: PastJudgement = { isOpen: false, acting: [] };

function judging() {
  return import("./judging.js");
}

/** By hash; the one in force where that one was not kept. */
function policiesOf(locations: Locations, inForce: Policy): (hash: string | undefined) => Policy {
  const kept = new Map<string, Policy>();
  return (hash) => {
    if (hash === undefined || hash === inForce.hash) return inForce;
    const policy = kept.get(hash) ?? readPolicyByHash(locations, hash) ?? inForce;
    kept.set(hash, policy);
    return policy;
  };
}
