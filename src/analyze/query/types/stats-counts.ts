/**
 * What `stats` tells, as plain counts: from the cubes of every report, which may be remembered, or call by call, because few
 * counts of a short window are sooner made without cubes. It tells the same either way.
 */
import type { CubeName, Key } from "../../cubes/definitions.js";
import { type Cubes, count, rowsOf } from "../../cubes/fold.js";
import type { Scan } from "../../scan/open-scan.js";
import { type DecidedFilter, visitDecided } from "./decided-calls.js";
import { Tally } from "./tally.js";

export interface StatsCounts {
  readonly span: Span;
  readonly byDecision: Tally;
  readonly bySource: Tally;
  readonly byTier: Tally;
  readonly byTool: Tally;
  /** Commands of blocked calls. */
  readonly denied: Tally;
}

/** Milliseconds since the epoch; they mean nothing without a call. */
export interface Span {
  readonly calls: number;
  readonly first: number;
  readonly last: number;
}

export function statsOfCubes(cubes: Cubes): StatsCounts {
  const denied = new Tally();
  for (const row of rowsOf(cubes, "commands")) denied.add(row.keys.command ?? "", count(row, "blocked"));
  return {
    span: spanOfCubes(cubes),
    byDecision: tallyOf(cubes, "deciders", "decision"),
    bySource: tallyOf(cubes, "deciders", "source"),
    byTier: tallyOf(cubes, "deciders", "tier"),
    byTool: tallyOf(cubes, "tools", "tool"),
    denied,
  };
}

export function statsOfCalls(scan: Scan, filter: DecidedFilter): StatsCounts {
  const [byDecision, bySource, byTier, byTool, denied] = [
    new Tally(),
    new Tally(),
    new Tally(),
    new Tally(),
    new Tally(),
  ];
  let calls = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  visitDecided(scan, filter, ({ timeMs, tool, commands }, { decision, source, tier }) => {
    calls++;
    if (timeMs < first) first = timeMs;
    if (timeMs > last) last = timeMs;
    byDecision.add(decision, 1);
    bySource.add(source, 1);
    byTier.add(tier, 1);
    byTool.add(tool, 1);
    if (decision === "deny") for (const command of new Set(commands)) denied.add(command, 1);
  });
  return { span: { calls, first, last }, byDecision, bySource, byTier, byTool, denied };
}

export function spanOfCubes(cubes: Cubes): Span {
  const total = rowsOf(cubes, "totals")[0];
  return { calls: count(total, "calls"), first: count(total, "first"), last: count(total, "last") };
}

export function tallyOf(cubes: Cubes, cube: CubeName, key: Key): Tally {
  const tally = new Tally();
  for (const row of rowsOf(cubes, cube)) tally.add(row.keys[key] ?? "", count(row, "calls"));
  return tally;
}
