/** Past calls and ordinary commands under one policy: each judged once by the engine, then known. */
import type { Possible } from "../analyze/coverage/possible.js";
import type { Leftover } from "../analyze/gaps/clusters.js";
import type { GapSample } from "../analyze/gaps/gap-cells.js";
import type { Judgements } from "../analyze/judgements.js";
import { type CallSample, type JudgedAgain, type Replay, replayCalls } from "../analyze/sections/replay.js";
import type { AuditRecord } from "../core/audit/record.js";
import type { RecordedCall } from "../core/audit/record-call.js";
import type { Policy, Problem } from "../core/policy/policy.js";
import { readPolicyByHash } from "../store/in-force.js";
import type { Locations } from "../store/locations.js";

export class Judged {
  readonly #policy: Policy;
  readonly #known: Judgements;
  readonly #ends: readonly number[];

  /** @param known under this policy */
  constructor(policy: Policy, known: Judgements) {
    this.#policy = policy;
    this.#known = known;
    this.#ends = policy.rules.flatMap(({ expires }) => expires ?? []);
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

  /** What ordinary commands would be answered. */
  async possible(now: number): Promise<readonly Possible[] | undefined> {
    const [found] = await this.#known.find<number, readonly Possible[]>(
      "possible",
      [this.#expired(now)],
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
    return [tool_name, tool_input ?? null, place, resolved ?? null, isCut, redacted, this.#expired(timeMs)];
  }

  /** How many of the policy's rules have expired by then. */
  #expired(timeMs: number): number {
    return this.#ends.filter((end) => end <= timeMs).length;
  }
}

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
