/** A past call under the policy in force, with every detail: which of its parts no rule covers, and why. */

import { evaluate } from "../../core/policy/evaluate.js";
import type { Evaluation } from "../../core/policy/evaluation.js";
import type { Policy } from "../../core/policy/policy.js";
import { analyzeShell } from "../../core/shell/analyze.js";
import { replayable } from "../simulate/replayable.js";
import type { JudgeLeftover, Leftover } from "./clusters.js";

export function judgeLeftover(policy: Policy): JudgeLeftover {
  return (kept, timeMs) => {
    const found = replayable(kept);
    if (found.kind === "unknowable") return null;
    const { call, resolvePath } = found;
    const deps = { resolvePath, parseShell: analyzeShell, now: timeMs };
    return leftoverOf(evaluate(policy, call, deps, { detail: "full" }));
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
