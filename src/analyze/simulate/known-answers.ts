/** What earlier simulations of the same policy found, as far as it was kept. */
import type { Judgements } from "../judgements.js";
import type { Known } from "./judge-once.js";
import type { Rejudged } from "./rejudged.js";

export function knownAnswers(judgements: Judgements): Known<Rejudged> {
  return {
    looks: (tool) => judgements.recall("looks", tool) ?? [],
    // What this run finds it knows without asking here.
    find: (key) => (judgements.isFresh ? undefined : judgements.recall("simulated", key)),
    keepLooks: (tool, looks) => judgements.note("looks", tool, looks),
    keep: (key, found) => judgements.note("simulated", key, found),
  };
}
