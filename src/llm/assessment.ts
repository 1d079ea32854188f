/** The one question the hook asks a language model, and what can come back. Types only: nothing here loads a client. */
import type { Evaluation } from "../core/policy/evaluation.js";
import type { Policy } from "../core/policy/policy.js";
import type { ToolCall } from "../core/tool-call.js";
import type { Verdict } from "../core/verdict.js";
import type { Failure } from "./failure.js";

export interface AssessRequest {
  readonly call: ToolCall;
  readonly evaluation: Evaluation;
  /** With at least the rules that calls of this tool look at. */
  readonly policy: Policy;
  /** `policy.md` of the home, "" when there is none. */
  readonly policyText: string;
}

/** `latencyMs`: from asking to knowing, whole milliseconds. */
export type Assessment =
  | {
      readonly kind: "verdict";
      readonly verdict: Verdict;
      readonly model: string;
      readonly latencyMs: number;
      readonly cached: boolean;
      /** The model did not see the whole input: nobody may be allowed, remembered or promoted by this verdict. */
      readonly isCut: boolean;
    }
  | (Failure & { readonly model: string; readonly latencyMs: number });

/** Never rejects. */
export type Assess = (request: AssessRequest) => Promise<Assessment>;
