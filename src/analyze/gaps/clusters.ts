/**
 * What was counted of gaps, under the policy in force: the newest calls of a cell are judged again, so that a cell is named
 * by the commands no rule covers, and cells of one name are one cluster. What could not be judged keeps all its commands.
 */
import type { Sample } from "../cubes/fact.js";
import type { KeptCall } from "../cubes/kept-call.js";
import { compareSamples } from "../cubes/table.js";
import { compareBytes } from "../report/shape.js";
import { commandsName } from "./cluster.js";
import type { GapCell, GapCounts, GapSample, GapTotals } from "./gap-cells.js";

/** What the policy in force says of a call that had no rule. */
export interface Leftover {
  /** Normalised commands that no allow rule covers; empty when that is not told by commands. */
  readonly uncovered: readonly string[];
  /** In plain words, why nothing covers it. */
  readonly why: string;
  /** The rule that would decide it by now, "" when it is still a gap. */
  readonly ruleNow: string;
}

/** `null` when it cannot be judged again. */
export type JudgeLeftover = (kept: KeptCall, timeMs: number) => Leftover | null;

type OfSample = (sample: GapSample) => Leftover | null;

/** Cells of one name. */
export interface Cluster extends Pick<GapCell, "tool" | "name" | "rule" | "calls" | "prompts" | "refused" | "lastMs"> {
  /** Calls like those that a rule of the policy in force would decide, told by the newest of each cell. */
  readonly closed: number;
  readonly ruleNow: string;
  readonly why: string;
  /** Up to MANY. */
  readonly sessions: ReadonlySet<string>;
  readonly projects: ReadonlySet<string>;
  /** Effect -> calls. */
  readonly effects: ReadonlyMap<string, number>;
  /** Tier -> calls: who decided instead. */
  readonly deciders: ReadonlyMap<string, number>;
  /** The newest ones, each subject once. */
  readonly samples: readonly Sample[];
}

export interface Gaps extends GapTotals {
  readonly clusters: readonly Cluster[];
  /** Clusters by what caused the prompt, gaps among them. */
  readonly causes: readonly Cluster[];
  /** Cells whose newest calls were judged, of all that there are. */
  readonly judged: number;
  readonly cells: number;
}

/** Cells that are judged, those with most prompts and calls first. */
const JUDGED = 400;
const SAMPLES = 3;

/** Calls that tell what the policy in force says of the largest cells. */
export function newestCalls({ gaps }: GapCounts): readonly GapSample[] {
  return largest(gaps).flatMap(({ samples }) => samples);
}

/** @param judge answers for `newestCalls` of the same counts */
export function clustersOf({ totals, gaps, causes }: GapCounts, judge: OfSample): Gaps {
  const found = new Map<GapCell, Judged>();
  for (const cell of largest(gaps)) found.set(cell, judged(cell, judge));
  const names = new Map([...found].map(([cell, { name }]) => [keyOf(cell), name]));
  const clusters = gaps.map((cell) => clusterOfCell(cell, found.get(cell) ?? unjudged(cell)));
  const prompts = causes.map((cell) => {
    const name = cell.rule === "" ? names.get(keyOf(cell)) : undefined;
    return clusterOfCell(cell, { ...unjudged(cell), ...(name === undefined ? {} : { name }) });
  });
  return {
    ...totals,
    clusters: oneByName(clusters),
    causes: oneByName(prompts),
    judged: found.size,
    cells: gaps.length,
  };
}

type Judged = Pick<Cluster, "name" | "closed" | "ruleNow" | "why">;

function largest(cells: readonly GapCell[]): readonly GapCell[] {
  return cells.toSorted(mostPrompts).slice(0, JUDGED);
}

function judged(cell: GapCell, judge: OfSample): Judged {
  const found = cell.samples.flatMap((sample) => judge(sample) ?? []);
  const uncovered = found.find((one) => one.uncovered.length > 0)?.uncovered;
  const isClosed = found.length > 0 && found.every(({ ruleNow }) => ruleNow !== "");
  return {
    name: uncovered === undefined ? cell.name : commandsName(uncovered),
    closed: isClosed ? cell.calls : 0,
    ruleNow: found.find(({ ruleNow }) => ruleNow !== "")?.ruleNow ?? "",
    why: found.find(({ why }) => why !== "")?.why ?? "",
  };
}

function unjudged({ name }: GapCell): Judged {
  return { name, closed: 0, ruleNow: "", why: "" };
}

function clusterOfCell(cell: GapCell, { name, closed, ruleNow, why }: Judged): Cluster {
  const { tool, rule, calls, prompts, refused, lastMs } = cell;
  const counted = { tool, name, rule, calls, prompts, refused, closed, ruleNow, why, lastMs };
  return {
    ...counted,
    sessions: new Set(cell.sessions),
    projects: new Set(cell.projects),
    effects: new Map(cell.effects),
    deciders: new Map(cell.deciders),
    samples: cell.samples.map(({ kept: _, ...sample }) => sample),
  };
}

function oneByName(clusters: readonly Cluster[]): readonly Cluster[] {
  const named = new Map<string, Cluster>();
  for (const one of clusters) {
    const met = named.get(keyOf(one));
    named.set(keyOf(one), met === undefined ? one : together(met, one));
  }
  return [...named.values()];
}

function together(a: Cluster, b: Cluster): Cluster {
  const samples = [...a.samples, ...b.samples].sort(compareSamples);
  return {
    ...a,
    calls: a.calls + b.calls,
    prompts: a.prompts + b.prompts,
    refused: a.refused + b.refused,
    closed: a.closed + b.closed,
    ruleNow: a.ruleNow || b.ruleNow,
    why: a.why || b.why,
    sessions: new Set([...a.sessions, ...b.sessions]),
    projects: new Set([...a.projects, ...b.projects]),
    effects: summed(a.effects, b.effects),
    deciders: summed(a.deciders, b.deciders),
    lastMs: Math.max(a.lastMs, b.lastMs),
    samples: samples
      .filter(({ subject }, at) => samples.findIndex((one) => one.subject === subject) === at)
      .slice(0, SAMPLES),
  };
}

function summed(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const sum = new Map(a);
  for (const [key, calls] of b) sum.set(key, (sum.get(key) ?? 0) + calls);
  return sum;
}

function keyOf({ rule, tool, name }: Pick<GapCell, "rule" | "tool" | "name">): string {
  return `${rule}\0${tool}\0${name}`;
}

function mostPrompts(a: GapCell, b: GapCell): number {
  return b.prompts - a.prompts || b.calls - a.calls || compareBytes(a.name, b.name) || compareBytes(a.tool, b.tool);
}
