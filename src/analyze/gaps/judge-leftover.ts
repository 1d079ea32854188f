/** A past call under the policy in force, with every detail: which of its parts no rule covers, and why. */

import { evaluate } from "../../core/policy/evaluate.js";
import type { Evaluation } from "../../core/policy/evaluation.js";
import type { Policy } from "../../core/policy/policy.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import { OncePerCall } from "../simulate/once-per-call.js";
import { replayable } from "../simulate/replayable.js";
import type { JudgeLeftover, Leftover } from "./gap-tally.js";

/** Distinct calls judged with every detail; the rest are named by all of their commands. */
const JUDGED = 5_000;

export function judgeLeftover(policy: Policy): JudgeLeftover {
  const calls = new OncePerCall<Leftover>();
  return (record, timeMs) => {
    const found = replayable(record);
    if (found.kind === "unknowable" || calls.size >= JUDGED) return null;
    const { call, resolvePath } = found;
    return calls.find(call, record, "", () =>
      leftoverOf(evaluate(policy, call, { resolvePath, parseShell: analyzeShell, now: timeMs }, { detail: "full" })),
    );
  };
}

function leftoverOf({ decision, rule, unknown, detail }: Evaluation): Leftover {
  const open = (detail?.parts ?? []).filter(
    ({ part, coveredBy, missing }) => coveredBy === null && missing !== "" && part?.certainty !== "candidate",
  );
  const isDecided = decision !== "passthrough" || rule !== null;
  const why = open[0]?.missing ?? (unknown ? "it was not fully understood" : "");
  return {
    uncovered: isDecided ? [] : open.flatMap(({ normalised }) => (normalised === "" ? [] : [normalised])),
    why: isDecided ? "" : why,
    ruleNow: isDecided ? (rule?.id ?? decision) : "",
  };
}
