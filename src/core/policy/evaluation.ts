/** What the engine found about one call. The hook asks for the decision only; `explain` and the analyzer for all of it. */
import type { Effect, Tier } from "../decision.js";
import type { ParseShell, ShellPart } from "../shell/shell.js";
import type { Rule } from "./policy.js";

/** What a condition can answer. INVARIANT: `unknown` never allows, and for deny and ask is at least `ask`. */
export type Answer = "yes" | "no" | "unknown";

export interface Evaluation {
  readonly decision: "allow" | "deny" | "ask" | "passthrough";
  readonly tier: Extract<Tier, "deny" | "ask" | "allow" | "auto" | "passthrough" | "error">;
  /** The rule that gave the decision (for allow of several parts: the first part's), `null` when none did. */
  readonly rule: Rule | null;
  /** Ids of all rules that took part in the decision (for allow: one for each part, unique, in order). */
  readonly ruleIds: readonly string[];
  /** One or two sentences for the reader of that decision: Claude for deny, the user for ask. "" when there is nothing to say. */
  readonly reason: string;
  /** No deterministic rule decided, and nothing is unknown. */
  readonly open: boolean;
  /** Something that matters was not understood (text, words, paths). */
  readonly unknown: boolean;
  /** Normalised commands of the certain parts (`git push`), unique, in order. */
  readonly commands: readonly string[];
  /** Static paths the call touches as spelled, unique, in order. */
  readonly paths: readonly string[];
  readonly effect: Effect | undefined;
  /** Spelling -> resolved target, for paths that resolve elsewhere; "" when that is not known. */
  readonly resolved: Readonly<Record<string, string>>;
  readonly detail?: EvaluationDetail;
}

export interface EvaluationDetail {
  readonly parts: readonly PartReport[];
  /** Every rule that answers yes or unknown, all kinds, strictest first. */
  readonly matches: readonly RuleMatch[];
  readonly nearMisses: readonly NearMiss[];
  readonly trace: readonly TraceStep[];
}

export interface PartReport {
  /** As written. */
  readonly text: string;
  readonly part?: ShellPart;
  readonly normalised: string;
  readonly effect: Effect | undefined;
  readonly effectReason: string;
  /** Id of the allow rule that covers it, `null` when none does. */
  readonly coveredBy: string | null;
  /** In plain words what is missing when nothing covers it. */
  readonly missing: string;
}

export interface RuleMatch {
  readonly rule: Rule;
  readonly answer: Exclude<Answer, "no">;
  /** Text of the part that matched, "" when the rule is about the call as a whole. */
  readonly part: string;
}

/** A deny or ask rule for the same tool and program that fails by exactly one condition. */
export interface NearMiss {
  readonly rule: Rule;
  readonly part: string;
  /** `flags_all: -f is absent`. */
  readonly failed: string;
}

export interface TraceStep {
  readonly step: "parse" | "self-protection" | "deny" | "ask" | "allow" | "passthrough" | "mode" | "result";
  readonly text: string;
}

export interface EvaluateDeps {
  /**
   * Absolute path -> the target after symlinks (of the longest existing prefix), or `null` when it cannot be known.
   * Pure in replay: answers from the record's `resolved`.
   */
  readonly resolvePath: (absolute: string) => string | null;
  readonly parseShell: ParseShell;
  /** Milliseconds since the epoch, for `expires`. */
  readonly now: number;
}

export interface EvaluateOptions {
  readonly detail?: "decision" | "full";
}
