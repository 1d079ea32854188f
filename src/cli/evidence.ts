/** What some sections need beside the counts: calls judged again, answers to learn from, the rules' history. */
import { readFileSync } from "node:fs";
import { UNTOLD } from "../analyze/cubes/answers.js";
import type { Cubes } from "../analyze/cubes/fold.js";
import { clustersOf, type Gaps, newestCalls } from "../analyze/gaps/clusters.js";
import type { GapCounts } from "../analyze/gaps/gap-cells.js";
import type { RecordFilter, Scanned } from "../analyze/scan/scan.js";
import { type History, parseHistory } from "../analyze/sections/history.js";
import { CallSample } from "../analyze/sections/replay.js";
import type { SectionContext, SectionDefinition } from "../analyze/sections/section.js";
import { answersFor, type PastCalls, pastCallsOf } from "../analyze/suggest/past-call.js";
import type { Suggestions } from "../analyze/suggest/suggestion.js";
import type { Policy } from "../core/policy/policy.js";
import type { Locations } from "../store/locations.js";
import type { Invocation } from "./command.js";
import { Judged } from "./judged.js";
import { isElsewhere } from "./reading.js";
import { locationsOf } from "./where.js";

/** Answered calls that a report looks at for suggestions; `suggest` looks at all of them. */
const REPORT_CALLS = 4_000;

const REPLAYING: ReadonlySet<string> = new Set(["rules", "near-misses"]);

export type Found = Pick<SectionContext, "replay" | "history" | "gaps" | "possible" | "suggestions" | "redundant">;

export interface Evidence {
  /** Answered calls that the counts have to tell. */
  readonly answers: number;
  /** Beside them, of what the counts tell: what no rule decided. */
  readonly needsGaps: boolean;
  /** Wants to see more lines, newest first; once not, never again. */
  readonly wantsNext: () => boolean;
  readonly line: (one: Scanned) => void;
  /** After the reading. */
  readonly found: (cubes: Cubes) => Promise<Found>;
}

/** @param policy the one in force, absent when it says nothing about this log. */
export function evidenceFor(
  invocation: Pick<Invocation, "io" | "flags">,
  policy: Policy | undefined,
  sections: readonly SectionDefinition[],
  filter: RecordFilter,
): Evidence {
  const { io } = invocation;
  const has = (name: string): boolean => sections.some(({ id }) => id === name);
  const { since = -Infinity, until = Infinity } = filter;
  const isReplayed = policy !== undefined && sections.some(({ id }) => REPLAYING.has(id));
  const sample = isReplayed ? new CallSample(({ timeMs }) => timeMs >= since && timeMs < until) : null;
  const isAnswered = has("suggestions");
  return {
    answers: isAnswered ? answersFor(REPORT_CALLS) : 0,
    needsGaps: has("gaps"),
    wantsNext: () => sample?.isFull === false,
    line: (one) => sample?.line(one),
    async found(cubes) {
      const places = locationsOf(invocation);
      const history = isElsewhere(invocation) || !has("trust") ? {} : { history: readHistory(places) };
      const counts = has("gaps") ? cubes.gaps?.counts : undefined;
      const past = isAnswered ? pastCallsOf(cubes.answers ?? UNTOLD, REPORT_CALLS) : null;
      if (policy === undefined) {
        return {
          ...history,
          ...(past === null ? {} : { suggestions: await suggestionsOf(past) }),
          ...(counts === undefined ? {} : { gaps: clustersOf(counts, () => null) }),
        };
      }
      const judged = new Judged(invocation, policy);
      const suggestions = past === null ? undefined : await judged.suggestions(past);
      const replay = sample === null ? undefined : await judged.replay(sample, places);
      const possible = has("coverage") ? await judged.possible(io.now()) : undefined;
      const redundant = has("suggestions") ? await judged.redundant() : undefined;
      const gaps = counts === undefined ? undefined : await gapsOf(counts, judged);
      judged.keep();
      return {
        ...history,
        ...(suggestions === undefined ? {} : { suggestions }),
        ...(replay === undefined ? {} : { replay }),
        ...(possible === undefined ? {} : { possible }),
        ...(redundant === undefined ? {} : { redundant }),
        ...(gaps === undefined ? {} : { gaps }),
      };
    },
  };
}

async function gapsOf(counts: GapCounts, judged: Judged): Promise<Gaps> {
  const samples = newestCalls(counts);
  const leftovers = await judged.leftovers(samples);
  const found = new Map(samples.map((one, index) => [one, leftovers[index] ?? null]));
  return clustersOf(counts, (one) => found.get(one) ?? null);
}

/** Where no policy says anything about a log. */
async function suggestionsOf(past: PastCalls): Promise<Suggestions> {
  const { noPolicy, ordinaryCommands, suggestRules } = await import("./judging.js");
  return suggestRules(past, { policy: noPolicy(), commands: ordinaryCommands() });
}

function readHistory(locations: Locations): History {
  try {
    return parseHistory(readFileSync(locations.history, "utf8"));
  } catch {
    return { entries: [], unusable: 0 };
  }
}
