/** An evaluation as `--json` shows it: names of SPEC section 10 (`match_test`), plain values only. */
import { isForModel } from "./answer.js";
import type { Evaluation } from "./evaluation.js";
import type { Rule } from "./policy.js";

export function evaluationJson(evaluation: Evaluation, llmEnabled: boolean): Readonly<Record<string, unknown>> {
  const { decision, tier, rule, ruleIds, reason, unknown, commands, paths, effect, resolved, detail } = evaluation;
  return {
    would_match: decision !== "passthrough" || rule !== null,
    decision,
    tier,
    matched_rule: rule === null ? null : ruleJson(rule),
    rule_ids: ruleIds,
    llm_consulted: isForModel(evaluation) && llmEnabled ? "would_consult" : false,
    reason,
    unknown,
    commands,
    paths,
    effect: effect ?? null,
    resolved,
    ...(detail === undefined
      ? {}
      : {
          parts: detail.parts.map((part) => ({
            text: part.text,
            command: part.normalised,
            effect: part.effect ?? null,
            effect_reason: part.effectReason,
            covered_by: part.coveredBy,
            missing: part.missing,
          })),
          near_misses: detail.nearMisses.map((miss) => ({ id: miss.rule.id, part: miss.part, failed: miss.failed })),
          trace: detail.trace,
        }),
  };
}

export function ruleJson(rule: Rule): Readonly<Record<string, unknown>> {
  return { id: rule.id, type: rule.kind, source_file: rule.source.file, source_line: rule.source.line };
}
