/**
 * The flat rows that cubes count: one for each decided call, each permission prompt, each record. Canonical on purpose:
 * an absent string is "", an absent number is null, so that the same counts can be computed by another engine.
 */

/**
 * What one row stands for. `command`, `path`, `rule` and `domain` rows are a call once for each of its commands, paths,
 * rules and domains; `change` rows are our own records about rules.
 */
export type FactKind = "call" | "command" | "path" | "rule" | "domain" | "prompt" | "record" | "change";

export interface Fact {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Local day, `2026-11-21`. */
  readonly day: string;
  /** Local hour of the day, `00` to `23`. */
  readonly hour: string;
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
  /** Host of an address the call names. */
  readonly domain: string;
  /** Hash of the policy that judged it. */
  readonly policy: string;
  /** What consulting the model came to: a score, `timeout`, `error`; "" when it was not consulted. */
  readonly llm: string;
  readonly llm_model: string;
  /** `yes`: the verdict came from the cache. */
  readonly llm_cached: string;
  /** `yes`: the verdict's confidence was under 0.7. */
  readonly unsure: string;
  /** Why the model gave no verdict, as recorded. */
  readonly llm_error: string;
  /** How an alternative was offered or taken: `offer`, `ask`, `suggest`, `reroute`. */
  readonly reroute: string;
  /**
   * What ran of a call with an alternative: `original`, `alternative`, `neither`; `other` when all that is known is that
   * it was not the original, "" when nothing is.
   */
  readonly ran: string;
  /**
   * What the user made of a judged call: in a dialog `as-called`, `another` (another form of it ran) or `refused`
   * (inferred); in `review` `approved`, `confirmed` or `rejected`; "" when nobody was asked.
   */
  readonly answered: string;
  /** Microseconds the hook took. */
  readonly hook_us: number | null;
  /** Milliseconds the tool ran. */
  readonly tool_ms: number | null;
  /** Milliseconds the model took. */
  readonly llm_ms: number | null;
}

export type NumberColumn = "time" | "hook_us" | "tool_ms" | "llm_ms";
export type TextColumn = Exclude<keyof Fact, NumberColumn>;

export const TEXT_COLUMNS = [
  "day",
  "hour",
  "session",
  "tool",
  "decision",
  "tier",
  "source",
  "rule",
  "project",
  "mode",
  "effect",
  "outcome",
  "rejected",
  "saved",
  "event",
  "imported",
  "command",
  "path",
  "domain",
  "policy",
  "llm",
  "llm_model",
  "llm_cached",
  "unsure",
  "llm_error",
  "reroute",
  "ran",
  "answered",
] as const satisfies readonly TextColumn[];

/** The texts of a fact in the order of `TEXT_COLUMNS`: written out, because a million facts are read by name slowly. */
export function textsOf(fact: Fact, texts: string[]): void {
  texts[0] = fact.day;
  texts[1] = fact.hour;
  texts[2] = fact.session;
  texts[3] = fact.tool;
  texts[4] = fact.decision;
  texts[5] = fact.tier;
  texts[6] = fact.source;
  texts[7] = fact.rule;
  texts[8] = fact.project;
  texts[9] = fact.mode;
  texts[10] = fact.effect;
  texts[11] = fact.outcome;
  texts[12] = fact.rejected;
  texts[13] = fact.saved;
  texts[14] = fact.event;
  texts[15] = fact.imported;
  texts[16] = fact.command;
  texts[17] = fact.path;
  texts[18] = fact.domain;
  texts[19] = fact.policy;
  texts[20] = fact.llm;
  texts[21] = fact.llm_model;
  texts[22] = fact.llm_cached;
  texts[23] = fact.unsure;
  texts[24] = fact.llm_error;
  texts[25] = fact.reroute;
  texts[26] = fact.ran;
  texts[27] = fact.answered;
}

export const NUMBER_COLUMNS = ["time", "hook_us", "tool_ms", "llm_ms"] as const satisfies readonly NumberColumn[];

/** The numbers of a fact in the order of `NUMBER_COLUMNS`, NaN for what is not there; by name for the same reason. */
export function numbersOf(fact: Fact, numbers: Float64Array): void {
  numbers[0] = fact.time;
  numbers[1] = fact.hook_us ?? Number.NaN;
  numbers[2] = fact.tool_ms ?? Number.NaN;
  numbers[3] = fact.llm_ms ?? Number.NaN;
}

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
  /** The alternative that was proposed, cut, "" when none was. */
  readonly alternative: string;
}

/** What a sample is asked of. */
export type Sampled = Pick<Fact, "time" | "rule">;
export type SampleOf = (of: Sampled) => Sample;
