/**
 * The words for "may this call run?": what was decided, who decided it, and which of two answers is stricter.
 * It holds no rule and no input; it only names the answers (SPEC sections 4 and 9).
 */

/** What a person or Claude Code is told. `passthrough` means we say nothing and Claude Code's own flow goes on. */
export type Decision = "allow" | "deny" | "ask" | "passthrough" | "error_passthrough" | "rerouted";

/** Who gave the decision. The last four are observed from Claude Code, not given by us. */
export type Tier =
  | "deny"
  | "ask"
  | "allow"
  | "auto"
  | "llm"
  | "reroute"
  | "passthrough"
  | "error"
  | "deny_promote"
  | "claude_rule"
  | "claude_mode"
  | "auto_mode"
  | "user";

/** The tiers folded to the five answers of "by whom?". */
export type Source = "rule" | "llm" | "claude" | "user" | "none";

/** What a call does, from least to most: the first that is true of any part names the whole. */
export type Effect = "reads" | "writes-project" | "writes-outside" | "runs-code" | "network" | "unknown";

/** INVARIANT: deny > ask > rerouted > allow > error_passthrough > passthrough; `strictest` reads this table only. */
const STRICTNESS: Readonly<Record<Decision, number>> = {
  deny: 5,
  ask: 4,
  rerouted: 3,
  allow: 2,
  error_passthrough: 1,
  passthrough: 0,
};

export const DECISIONS = Object.keys(STRICTNESS) as readonly Decision[];

export function isDecision(value: unknown): value is Decision {
  return typeof value === "string" && Object.hasOwn(STRICTNESS, value);
}

/** The stricter of two decisions; independent of order. */
export function strictest(a: Decision, b: Decision): Decision {
  return STRICTNESS[a] >= STRICTNESS[b] ? a : b;
}

const SOURCES: Readonly<Record<Tier, Source>> = {
  deny: "rule",
  ask: "rule",
  allow: "rule",
  auto: "rule",
  deny_promote: "rule",
  llm: "llm",
  reroute: "llm",
  passthrough: "none",
  error: "none",
  claude_rule: "claude",
  claude_mode: "claude",
  auto_mode: "claude",
  user: "user",
};

/** By whom: a passthrough that a rule declared counts as decided by a rule. */
export function sourceOf(tier: Tier, ruleId: string | undefined): Source {
  if (tier === "passthrough" && ruleId !== undefined && ruleId !== "") return "rule";
  return SOURCES[tier];
}

export const TIERS = Object.keys(SOURCES) as readonly Tier[];

export function isTier(value: unknown): value is Tier {
  return typeof value === "string" && Object.hasOwn(SOURCES, value);
}
