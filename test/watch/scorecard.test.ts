/** The running scorecard against the report's own count of the same records, which reads them the other way round. */
import { expect, it } from "vitest";
import { foldRecords, rowsOf } from "../../src/analyze/cubes/fold.js";
import { bufferSource } from "../../src/analyze/scan/byte-source.js";
import { scanBackward } from "../../src/analyze/scan/scan-backward.js";
import { UTC } from "../../src/analyze/zone.js";
import { Scorecard } from "../../src/cli/watch/scorecard.js";
import { busyLog } from "../cubes/busy-log.js";

const log = busyLog(11, 20, 60);
const scanned = [...scanBackward([[{ open: () => bufferSource("audit.jsonl", Buffer.from(log.text)) }]], {})];
const cubes = foldRecords(scanned, { window: {}, zone: UTC, now: Date.now() });

function tiersOf(): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { keys, values } of rowsOf(cubes, "deciders")) {
    sums[keys.tier ?? ""] = (sums[keys.tier ?? ""] ?? 0) + (values.calls ?? 0);
  }
  return sums;
}

it.each([
  ["oldest first, as it is written", scanned.toReversed()],
  ["newest first, as a backlog is read", scanned],
])("%s", (_, records) => {
  const scorecard = new Scorecard();
  for (const one of records) scorecard.add(one);
  const { decisions, tiers, unusable } = scorecard.counts;
  const all = rowsOf(cubes, "totals")[0]?.values;
  expect({
    approved: decisions.allow + decisions.rerouted,
    asked: decisions.ask,
    blocked: decisions.deny,
    left_alone: decisions.passthrough,
    unsafe: decisions.error_passthrough,
  }).toEqual({
    approved: all?.approved,
    asked: all?.asked,
    blocked: all?.blocked,
    left_alone: all?.left_alone,
    unsafe: all?.unsafe,
  });
  expect(Object.fromEntries(tiers)).toEqual(tiersOf());
  expect(unusable).toBe(log.badLines);
  expect(all?.calls).toBeGreaterThan(1000);
});
