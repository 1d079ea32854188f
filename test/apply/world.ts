/** A machine for changes: files below a temporary root, a clock that stands, and no program around it. */
import { readFileSync } from "node:fs";
import { runApply } from "../../src/analyze/apply/run-apply.js";
import type { ApplyWorld } from "../../src/analyze/apply/world.js";
import { openScan } from "../../src/analyze/scan/open-scan.js";
import { newRecordId } from "../../src/core/audit/record-id.js";
import { noteInForce } from "../../src/store/in-force.js";
import { loadPolicy } from "../../src/store/load-policy.js";
import { NOW } from "../query/world.js";
import { type Place, temporaryPlace, USER_CONFIG } from "../store/temporary.js";

export interface Machine extends Place {
  readonly world: ApplyWorld;
  readonly config: () => string;
  /** The result, or the error as `{ error }`. */
  readonly apply: (change: unknown, dryRun?: boolean) => Promise<unknown>;
}

export function machine(policy: string | null, more: Partial<ApplyWorld> = {}): Machine {
  const place = temporaryPlace();
  if (policy !== null) place.write(USER_CONFIG, policy);
  let ids = 0;
  const inputs = place.inputs();
  const world: ApplyWorld = {
    cwd: place.project,
    locations: inputs.locations,
    now: () => NOW,
    elapsed: () => 0,
    newId: (nowMs) => newRecordId(nowMs + ids++, new Uint8Array(10)),
    load: (_, instead) => loadPolicy({ ...inputs, ...(instead === undefined ? {} : { instead }) }, () => null),
    noteInForce: ({ policy: changed }) => noteInForce(inputs, changed, ""),
    openLog: () => openScan([place.home]),
    diff: (file, before, after) => `${file}: ${before?.length ?? "none"} -> ${after?.length ?? "none"}`,
    engine: "0.0.0-test",
    refusal: null,
    ...more,
  };
  return {
    ...place,
    world,
    config: () => readFileSync(inputs.locations.config, "utf8"),
    async apply(change, dryRun = false) {
      const text = typeof change === "string" ? change : JSON.stringify(change);
      const answer = await runApply(text, world, dryRun);
      return "error" in answer ? { error: answer.error } : answer.result;
    },
  };
}
