/**
 * One call put to the model and its verdict checked: prompt, question, deadline, schema. It never rejects and never
 * takes longer than the deadline; what to make of the verdict is the hook's business.
 */

import { askInTime } from "./ask-in-time.js";
import type { AskModel, Reply } from "./ask-model.js";
import type { Assess, Assessment } from "./assessment.js";
import { type Failure, failure } from "./failure.js";
import { buildPrompt, type PromptEffects } from "./prompt.js";
import { parseVerdict, VERDICT_JSON_SCHEMA } from "./verdict.schema.js";

export interface AssessEffects extends PromptEffects {
  readonly ask: AskModel;
  /** Milliseconds on a clock that only goes forward. */
  readonly clock: () => number;
  /** Ends the question without a verdict. */
  readonly stop?: AbortSignal;
}

const TOOL = {
  name: "report_verdict",
  description: "Reports the verdict on the tool call. Call it exactly once.",
  schema: VERDICT_JSON_SCHEMA,
} as const;

/** A verdict has some hundred tokens; three alternatives with long commands have more. */
const MAX_TOKENS = 2_048;

/** `deadlineMs`: for everything, from the call on. */
export function assessor(model: string, deadlineMs: number, effects: AssessEffects): Assess {
  return async (request) => {
    const began = effects.clock();
    const timed = <Found extends object>(found: Found) => ({
      ...found,
      model,
      latencyMs: Math.max(0, Math.round(effects.clock() - began)),
    });
    try {
      const { system, user, isCut } = buildPrompt(request, effects);
      const question = { system, user, tool: TOOL, maxTokens: MAX_TOKENS };
      const reply = await askInTime(effects.ask, question, deadlineMs, effects.stop);
      return timed(judged(reply, isCut));
    } catch (error) {
      return timed(failure("llm-internal", error instanceof Error ? error.name : "unknown"));
    }
  };
}

type Judged = Failure | Omit<Extract<Assessment, { kind: "verdict" }>, "model" | "latencyMs">;

function judged(reply: Reply, isCut: boolean): Judged {
  if (reply.kind === "failure") return reply;
  const parsed = parseVerdict(reply.value);
  if (parsed.kind === "malformed") return failure("llm-malformed", parsed.message);
  return { kind: "verdict", verdict: parsed.verdict, cached: false, isCut };
}
