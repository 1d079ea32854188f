/** What of a report's evidence needs the engine: loaded only when a judgement is not known from before. */
import { readFileSync } from "node:fs";
import { parseCommands } from "../analyze/coverage/possible.js";
import type { JudgeAgain } from "../analyze/sections/replay.js";
import { resolvePathOf } from "../analyze/simulate/replayable.js";
import { callOfRecord } from "../core/audit/record-call.js";
import { compilePolicy } from "../core/policy/compile.js";
import { evaluate } from "../core/policy/evaluate.js";
import type { Policy } from "../core/policy/policy.js";
import { analyzeShell } from "../core/shell/analyze.js";

export { whatIsPossible } from "../analyze/coverage/possible.js";
export { judgeLeftover } from "../analyze/gaps/judge-leftover.js";
export { openJudgingPool } from "../analyze/judging/judging-pool.js";
export { suggestRules } from "../analyze/suggest/suggest-rules.js";
export { redundantRules } from "../core/policy/lint.js";

/** Ships with the package. */
const ORDINARY = new URL("../../policies/common-commands.txt", import.meta.url);

export function ordinaryCommands(): readonly string[] {
  return parseCommands(readFileSync(ORDINARY, "utf8"));
}

/** Stands in where no policy says anything about a log. */
export function noPolicy(): Policy {
  return compilePolicy([], { engine: "", guarded: { folders: [], files: [] } });
}

/** @param policyOf the policy of that hash. */
export function judgeAgain(policyOf: (hash: string | undefined) => Policy): JudgeAgain {
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
