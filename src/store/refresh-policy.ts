/**
 * Compiling the policy because no current compiled one is at hand: keeps it for the next hook, notes what is now in
 * force, and leaves a notice when the user must hear of a problem. Loaded by the hook only when it is needed.
 */
import { formatProblem } from "../core/errors.js";
import type { Policy } from "../core/policy/policy.js";
import { type PolicyKey, writeCompiled } from "./compiled-policy.js";
import { noteInForce, readInForce, readLastGood } from "./in-force.js";
import { type LoadedPolicy, loadPolicy } from "./load-policy.js";
import { addNotice } from "./notices.js";

export interface Refreshed {
  readonly policy: Policy;
  /** Hash of the policy that was in force before, when this is another one. */
  readonly changedFrom: string | null;
}

/** `now`: milliseconds since the epoch. Never throws for what files hold; a home that cannot be written costs only time. */
export function refreshPolicy(key: PolicyKey, now: number): Refreshed {
  const loaded = loadPolicy(key, () => readLastGood(key));
  const { policy } = loaded;
  const before = readInForce(key);
  const told = troubleOf(loaded);
  noteInForce(key, policy, told);
  writeCompiled(key, policy, loaded.stamps, now);
  if (told !== "" && told !== before?.told) addNotice(key.locations.state, told);
  const isOther = before !== null && before.hash !== "" && policy.state === "ok" && before.hash !== policy.hash;
  return { policy, changedFrom: isOther ? before.hash : null };
}

/** What the user must hear, "" when nothing. Warnings about the user's own files are for `validate` to say. */
function troubleOf({ policy, problems, sources }: LoadedPolicy): string {
  const errors = problems.filter(({ severity }) => severity === "error");
  const [error] = errors;
  if (error !== undefined) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    const rest = policy.rules.length > 0 ? "the last good deny and ask rules still apply, " : "";
    return `claude-permit: ${formatProblem(error)}${more}\n  Until it is mended ${rest}no rule allows anything. See: claude-permit validate`;
  }
  const strangers = new Set(
    sources.filter(({ layer, trusted }) => layer === "project" && !trusted).map(({ file }) => file),
  );
  const [warning] = problems.filter(({ file }) => file !== undefined && strangers.has(file));
  return warning === undefined ? "" : `claude-permit: ${formatProblem(warning)}`;
}
