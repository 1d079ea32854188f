/**
 * The whole policy as tools that answer programs read it: a cache of its own, for the hook's cache also says what the
 * hook has told the user of. Used only while all its inputs are what they were; deletable at any time.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Policy } from "../core/policy/policy.js";
import { keyName, keyParts, type PolicyKey } from "./compiled-policy.js";
import type { LoadedPolicy } from "./load-policy.js";
import { isCurrent, isTooFresh, type Stamp } from "./stamp.js";
import { writeAtomic } from "./write-atomic.js";

/** The first line of the file; the second is the policy. */
interface Head {
  readonly key: readonly (string | null)[];
  readonly stamps: readonly Stamp[];
}

/** `null` when compiling could give something else by now. */
export function readWholePolicy(key: PolicyKey): Policy | null {
  try {
    const policy: Policy = JSON.parse(readKept(key)?.text ?? "null");
    return policy?.format === 1 ? policy : null;
  } catch {
    return null;
  }
}

/** What the policy that is kept was made from; `null` like the policy itself. */
export function wholePolicyStamps(key: PolicyKey): readonly Stamp[] | null {
  return readKept(key)?.stamps ?? null;
}

function readKept(key: PolicyKey): { readonly stamps: readonly Stamp[]; readonly text: string } | null {
  try {
    const [head = "", text = ""] = readFileSync(pathOf(key), "utf8").split("\n");
    const { key: made, stamps } = JSON.parse(head) as Head;
    return JSON.stringify(made) === JSON.stringify(keyParts(key)) && isCurrent(stamps) ? { stamps, text } : null;
  } catch {
    return null;
  }
}

/** A broken policy rests on more than its inputs and is not kept. A home that cannot be written costs only time. */
export function keepWholePolicy(key: PolicyKey, { policy, stamps }: LoadedPolicy, now: number): void {
  if (policy.state === "broken" || isTooFresh(stamps, now)) return;
  const head = JSON.stringify({ key: keyParts(key), stamps } satisfies Head);
  writeAtomic(pathOf(key), `${head}\n${JSON.stringify(policy)}`);
}

function pathOf(key: PolicyKey): string {
  return join(key.locations.cache, `policy-whole-${keyName(key)}.json`);
}
