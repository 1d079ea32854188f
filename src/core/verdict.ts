/**
 * What a language model said of one call that no rule decided (SPEC section 5). A word of advice, not a decision: it
 * stands below every rule, and nothing here can turn it into one.
 */

export type Score = "GREEN" | "YELLOW" | "RED";

/** A safer form the model proposes. INVARIANT: it counts for nothing until `evaluate` allows it by a human-written rule. */
export interface SuggestedAlternative {
  /** Fields of tool_input that would change; the others stay as they are. */
  readonly toolInput: Readonly<Record<string, unknown>>;
  readonly rationale: string;
}

export interface Verdict {
  readonly score: Score;
  /** 0 to 1. */
  readonly confidence: number;
  readonly reasoning: string;
  /** A permission rule in Claude Code's syntax, `Bash(npm test *)`, as the model wrote it: unchecked. */
  readonly suggestedRule?: string;
  /** At most three, the model's favourite first. */
  readonly suggestedAlternatives?: readonly SuggestedAlternative[];
}
