/**
 * The policy in force, for commands that must be quick: as it was kept while nothing it rests on has changed. What reads
 * policy files is loaded only when it has.
 */
import type { Policy } from "../core/policy/policy.js";
import type { PolicyKey } from "../store/compiled-policy.js";
import { projectOf } from "../store/git-root.js";
import { readWholePolicy } from "../store/whole-policy.js";
import type { Invocation } from "./command.js";
import { VERSION } from "./version.js";
import { hookLocations, PROGRAM_FOLDER } from "./where.js";

export async function currentPolicy(invocation: Pick<Invocation, "io" | "flags">, folder: string): Promise<Policy> {
  const kept = readWholePolicy(policyKey(invocation, folder));
  if (kept !== null) return kept;
  const { cachedPolicyFor } = await import("./judge.js");
  return cachedPolicyFor(invocation, folder);
}

export function policyKey(invocation: Pick<Invocation, "io" | "flags">, folder: string): PolicyKey {
  return {
    locations: hookLocations(invocation),
    project: projectOf(folder),
    engine: VERSION,
    programFolder: PROGRAM_FOLDER,
  };
}
