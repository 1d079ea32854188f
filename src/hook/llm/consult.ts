/**
 * A call that no rule decided, put to the model: cost guard, verdict cache, the question itself, and what follows from
 * it. Loaded only then. Everything that touches the machine or the network is an effect.
 */
import type { Evaluation } from "../../core/policy/evaluation.js";
import type { Policy } from "../../core/policy/policy.js";
import type { ToolCall } from "../../core/tool-call.js";
import type { Verdict } from "../../core/verdict.js";
import type { Assess, Assessment } from "../../llm/assessment.js";
import type { ModelFields, Ruling } from "../decide.js";
import { withoutVerdict } from "../failed.js";
import type { Judge } from "./alternatives.js";
import { rulingOf } from "./verdict-ruling.js";

export interface ConsultRequest {
  readonly call: ToolCall;
  readonly policy: Policy;
  readonly evaluation: Evaluation;
  readonly isUnattendedRun: boolean;
  /** Id of the record about to be written. */
  readonly recordId: string;
}

export interface ConsultEffects {
  readonly judge: Judge;
  readonly policyText: () => string;
  readonly readVerdict: (call: ToolCall, policyText: string) => Verdict | null;
  readonly keepVerdict: (call: ToolCall, policyText: string, verdict: Verdict) => void;
  /** Counts one call of the model; the limit it would break, "" when there is room. */
  readonly spend: () => string;
  readonly assess: Assess;
  /** How many failures in a row this one makes. */
  readonly noteFailure: () => number;
  readonly noteSuccess: () => void;
  /** Leaves something the user must hear. */
  readonly notify: (text: string) => void;
}

export async function consult(request: ConsultRequest, effects: ConsultEffects): Promise<Ruling> {
  const { call, policy, evaluation, isUnattendedRun } = request;
  const { llm } = policy.settings;
  const policyText = effects.policyText();
  // INVARIANT: a verdict on what was not understood is never kept.
  const known = evaluation.unknown ? null : effects.readVerdict(call, policyText);
  if (known !== null)
    return judgedBy(request, effects, { verdict: known, isCut: false }, { llm_model: llm.model, llm_cached: true });
  const limit = effects.spend();
  if (limit !== "") return limited(request, limit);
  const found = await effects.assess({ call, evaluation, policy, policyText });
  const fields: ModelFields = { llm_model: found.model, llm_latency_ms: found.latencyMs };
  if (found.kind === "failure") {
    const error = `${found.code}: ${found.message}`;
    tellFailure(effects.noteFailure(), error, policy, effects);
    return withoutVerdict(policy, call, evaluation, isUnattendedRun, { ...fields, llm_error: error });
  }
  effects.noteSuccess();
  if (!found.isCut && !evaluation.unknown) effects.keepVerdict(call, policyText, found.verdict);
  return judgedBy(request, effects, found, { ...fields, llm_cached: false });
}

function judgedBy(
  request: ConsultRequest,
  { judge }: ConsultEffects,
  { verdict, isCut }: Pick<Extract<Assessment, { kind: "verdict" }>, "verdict" | "isCut">,
  fields: ModelFields,
): Ruling {
  const { score, confidence, reasoning } = verdict;
  const model = { llm_score: score, llm_confidence: confidence, llm_reasoning: reasoning, ...fields };
  return { ...rulingOf({ ...request, verdict, isCut, judge }), model, given: { verdict, isCut } };
}

/** Money is a person's to spend: beyond the limit somebody decides, or nothing runs. */
function limited({ call, evaluation }: ConsultRequest, limit: string): Ruling {
  const reason = `No rule decides this call, and the limit of ${limit} is reached, so the language model was not asked.`;
  return { decision: call.attended ? "ask" : "deny", tier: "error", reason, evaluation, error: `llm limit: ${limit}` };
}

/** At the first failure of a row, and when the row is as long as the settings say. */
function tellFailure(row: number, error: string, policy: Policy, { notify }: ConsultEffects): void {
  const { onError } = policy.settings.llm;
  const { llmFailures } = policy.settings.alerts;
  const isLong = row > 1 && row === llmFailures;
  if (!isLong && row > 1) return;
  const times = isLong ? `failed ${row} times in a row, last with` : "gave no verdict:";
  notify(
    `claude-permit: the language model ${times} ${error}. Until it answers, on_error = "${onError}" decides. See: claude-permit status`,
  );
}
