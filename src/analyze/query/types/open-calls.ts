/**
 * Which past calls no rule of the policy in force decides by now. Each distinct one is judged once, and what was judged for an
 * earlier question is remembered. A call that a passthrough rule leaves alone is decided.
 */
import { evaluate } from "../../../core/policy/evaluate.js";
import type { Evaluation } from "../../../core/policy/evaluation.js";
import type { Policy } from "../../../core/policy/policy.js";
import { analyzeShell } from "../../../core/shell/analyze.js";
import type { Judgements } from "../../judgements.js";
import { judgedKey } from "../../simulate/call-key.js";
import type { GapCall } from "./gap-clusters.js";

export function judged(policy: Policy, { call, resolvePath, timeMs }: GapCall): Evaluation {
  return evaluate(policy, call, { resolvePath, parseShell: analyzeShell, now: timeMs });
}

export class OpenCalls {
  readonly #policy: Policy;
  readonly #memory: Judgements;
  readonly #known = new Map<string, boolean>();

  constructor(policy: Policy, memory: Judgements) {
    this.#policy = policy;
    this.#memory = memory;
  }

  /** Those among them that are open. */
  async among<Call extends GapCall>(calls: readonly Call[]): Promise<readonly Call[]> {
    const keyed = calls.map((call) => ({ call, key: judgedKey(this.#policy, call) }));
    const asked = new Map(keyed.filter(({ key }) => !this.#known.has(key)).map(({ call, key }) => [key, call]));
    const found = await this.#memory.find<readonly [string, GapCall], boolean>(
      "open",
      [...asked],
      ([key]) => key,
      async () =>
        ([, call]) =>
          this.#isOpen(call),
    );
    for (const [index, key] of [...asked.keys()].entries()) this.#known.set(key, found[index] === true);
    return keyed.filter(({ key }) => this.#known.get(key) === true).map(({ call }) => call);
  }

  /** Writes down what was found. */
  keep(): void {
    this.#memory.keep();
  }

  #isOpen(call: GapCall): boolean {
    const { decision, rule } = judged(this.#policy, call);
    return decision === "passthrough" && rule === null;
  }
}
