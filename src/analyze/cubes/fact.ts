/**
 * The flat rows that cubes count: one for each decided call, each permission prompt, each record. Canonical on purpose:
 * an absent string is "", an absent number is null, so that the same counts can be computed by another engine.
 */

/** What one row stands for. `command`, `path` and `rule` rows are a call once for each of its commands, paths and rules. */
export type FactKind = "call" | "command" | "path" | "rule" | "prompt" | "record";

export interface Fact {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Local day, `2026-11-21`. */
  readonly day: string;
  readonly session: string;
  readonly tool: string;
  readonly decision: string;
  readonly tier: string;
  /** `rule`, `llm`, `claude`, `user`, `none`. */
  readonly source: string;
  readonly rule: string;
  readonly project: string;
  readonly mode: string;
  readonly effect: string;
  /** `succeeded`, `failed`, "" when no outcome was recorded. */
  readonly outcome: string;
  /** `yes`: the user said no or interrupted, inferred (contract 2.1). */
  readonly rejected: string;
  /** `yes`: our allow very likely spared a prompt (prompts-saved.ts). */
  readonly saved: string;
  readonly event: string;
  /** File or dialect an imported record came from; "" for records of the hook. */
  readonly imported: string;
  readonly command: string;
  readonly path: string;
  /** Microseconds the hook took. */
  readonly hook_us: number | null;
  /** Milliseconds the tool ran. */
  readonly tool_ms: number | null;
}

export type NumberColumn = "time" | "hook_us" | "tool_ms";
export type TextColumn = Exclude<keyof Fact, NumberColumn>;

/** A place in the log that stands for a figure. */
export interface Sample {
  /** `file:offset`, bytes from the start of the (decompressed) file. */
  readonly at: string;
  readonly timeMs: number;
  readonly session: string;
  /** What was called, cut: a command, a path, a URL. */
  readonly subject: string;
  /** What the reader of the decision was told, "" when nothing. */
  readonly reason: string;
  /** `file:line` of the rule, "" when none decided. */
  readonly ruleSource: string;
}
