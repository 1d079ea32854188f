/** What a simulation says of a log, read as `simulate` reads it. */
import { foldRecords } from "../../src/analyze/cubes/fold.js";
import type { Scanned } from "../../src/analyze/scan/scan.js";
import { type Simulated, Simulation } from "../../src/analyze/simulate/simulate.js";
import { UTC } from "../../src/analyze/zone.js";
import type { Policy } from "../../src/core/policy/policy.js";

/** @param log newest first. */
export function simulated(policy: Policy, log: Iterable<Scanned>): Simulated {
  const simulation = new Simulation(() => policy, {});
  foldRecords(log, { window: {}, zone: UTC, now: 0, cubes: [] }, simulation);
  return simulation.result;
}
