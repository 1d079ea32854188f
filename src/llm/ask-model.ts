/** What every backend can do: put one question to a model and bring back its structured answer. */
import { type Failure, failure } from "./failure.js";

export interface Question {
  readonly system: string;
  readonly user: string;
  /** The one tool the model has to call; its input is the answer. */
  readonly tool: {
    readonly name: string;
    readonly description: string;
    readonly schema: Readonly<Record<string, unknown>>;
  };
  readonly maxTokens: number;
  /** Aborted at the deadline: nothing may go on after it. */
  readonly signal: AbortSignal;
}

/** `value` is whatever the model said: unchecked. */
export type Reply = { readonly kind: "reply"; readonly value: unknown } | Failure;

/** May reject only when aborted. */
export type AskModel = (question: Question) => Promise<Reply>;

/** An answer that came as text: one JSON value and nothing else. */
export function textReply(text: string): Reply {
  try {
    return { kind: "reply", value: JSON.parse(text) };
  } catch {
    return failure("llm-malformed");
  }
}
