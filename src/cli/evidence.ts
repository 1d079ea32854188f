/** What some sections need beside the counts: a sample of calls judged again under the policy of that time, the rules' history. */
import { readFileSync } from "node:fs";
import { type Possible, parseCommands, whatIsPossible } from "../analyze/coverage/possible.js";
import { type Gaps, GapTally } from "../analyze/gaps/gap-tally.js";
import { judgeLeftover } from "../analyze/gaps/judge-leftover.js";
import type { RecordFilter, Scanned } from "../analyze/scan/scan.js";
import { type History, parseHistory } from "../analyze/sections/history.js";
import { CallSample, type JudgeAgain, type Replay, replayCalls } from "../analyze/sections/replay.js";
import type { SectionDefinition } from "../analyze/sections/section.js";
import { resolvePathOf } from "../analyze/simulate/replayable.js";
import { PastCallTally } from "../analyze/suggest/past-call.js";
import { suggestRules } from "../analyze/suggest/suggest-rules.js";
import type { Suggestions } from "../analyze/suggest/suggestion.js";
import { callOfRecord } from "../core/audit/record-call.js";
import { compilePolicy } from "../core/policy/compile.js";
import { evaluate } from "../core/policy/evaluate.js";
import { redundantRules } from "../core/policy/lint.js";
import type { Policy, Problem } from "../core/policy/policy.js";
import { analyzeShell } from "../core/shell/analyze.js";
import { readPolicyByHash } from "../store/in-force.js";
import type { Locations } from "../store/locations.js";
import type { Invocation } from "./command.js";
import { isElsewhere } from "./reading.js";
import { locationsOf } from "./where.js";

/** Ships with the package. */
const ORDINARY = new URL("../../policies/common-commands.txt", import.meta.url);

/** Answered calls that a report looks at for suggestions; `suggest` looks at all of them. */
const REPORT_CALLS = 4_000;

const REPLAYING: ReadonlySet<string> = new Set(["rules", "near-misses"]);

export interface Evidence {
  /** Something is looked for in the records. */
  readonly isAsked: boolean;
  /** Passes the records on and keeps the calls to judge. */
  readonly sampling: (records: Iterable<Scanned>, filter: RecordFilter) => Iterable<Scanned>;
  /** What is read from now on makes no difference. */
  readonly isSated: () => boolean;
  /** After the reading. */
  readonly found: () => {
    readonly replay?: Replay;
    readonly history?: History;
    readonly gaps?: Gaps;
    readonly possible?: readonly Possible[];
    readonly suggestions?: Suggestions;
    readonly redundant?: readonly Problem[];
  };
}

/** @param policy the one in force, absent when it says nothing about this log. */
export function evidenceFor(
  invocation: Pick<Invocation, "io" | "flags">,
  policy: Policy | undefined,
  sections: readonly SectionDefinition[],
): Evidence {
  const locations = locationsOf(invocation);
  const isReplayed = policy !== undefined && sections.some(({ id }) => REPLAYING.has(id));
  const hasGaps = sections.some(({ id }) => id === "gaps");
  let sample: CallSample | null = null;
  let tally: GapTally | null = null;
  let answers: PastCallTally | null = null;
  const hasSuggestions = sections.some(({ id }) => id === "suggestions");
  return {
    isAsked: isReplayed || hasGaps || hasSuggestions,
    sampling(records, filter) {
      const { since = -Infinity, until = Infinity } = filter;
      let passed = records;
      if (hasGaps) {
        tally = new GapTally(policy === undefined ? () => null : judgeLeftover(policy), filter);
        passed = tally.passing(passed);
      }
      if (hasSuggestions) {
        answers = new PastCallTally(filter, REPORT_CALLS);
        passed = answers.passing(passed);
      }
      if (!isReplayed) return passed;
      sample = new CallSample(({ timeMs }) => timeMs >= since && timeMs < until);
      return sample.passing(passed);
    },
    isSated: () => tally === null && answers === null && (sample === null || sample.isFull),
    found() {
      const isLogHere = !isElsewhere(invocation);
      return {
        ...(policy === undefined || !sections.some(({ id }) => id === "coverage")
          ? {}
          : { possible: whatIsPossible(policy, ordinaryCommands(), invocation.io.now()) }),
        ...(policy === undefined || !hasSuggestions ? {} : { redundant: redundantRules(policy) }),
        ...(tally === null ? {} : { gaps: tally.result }),
        ...(answers === null
          ? {}
          : {
              suggestions: suggestRules(answers.result, { policy: policy ?? noPolicy(), commands: ordinaryCommands() }),
            }),
        ...(sample === null || policy === undefined
          ? {}
          : { replay: replayCalls(sample.calls, judgeAgain(locations, policy)) }),
        ...(isLogHere && sections.some(({ id }) => id === "trust") ? { history: readHistory(locations) } : {}),
      };
    },
  };
}

/** Stands in where no policy says anything about a log. */
export function noPolicy(): Policy {
  return compilePolicy([], { engine: "", guarded: { folders: [], files: [] } });
}

export function ordinaryCommands(): readonly string[] {
  return parseCommands(readFileSync(ORDINARY, "utf8"));
}

function judgeAgain(locations: Locations, inForce: Policy): JudgeAgain {
  const kept = new Map<string, Policy>();
  const policyOf = (hash: string | undefined): Policy => {
    if (hash === undefined || hash === inForce.hash) return inForce;
    const policy = kept.get(hash) ?? readPolicyByHash(locations, hash) ?? inForce;
    kept.set(hash, policy);
    return policy;
  };
  return (record, timeMs) => {
    const call = callOfRecord(record);
    if (call === null) return null;
    const deps = { resolvePath: resolvePathOf(record), parseShell: analyzeShell, now: timeMs };
    const { decision, rule, detail } = evaluate(policyOf(record.policy_hash), call, deps, { detail: "full" });
    const allows = detail?.matches.filter((match) => match.rule.kind === "allow" && match.answer === "yes") ?? [];
    return {
      decision,
      decidedBy: rule?.id ?? "",
      allows: [...new Set(allows.map((match) => match.rule.id))],
      nearMisses: (detail?.nearMisses ?? []).map((miss) => ({
        rule: miss.rule.id,
        kind: miss.rule.kind,
        failed: miss.failed,
      })),
    };
  };
}

function readHistory(locations: Locations): History {
  try {
    return parseHistory(readFileSync(locations.history, "utf8"));
  } catch {
    return { entries: [], unusable: 0 };
  }
}
