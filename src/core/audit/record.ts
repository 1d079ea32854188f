/**
 * One line of `audit.jsonl`, version 1 (SPEC section 7). Field order here is the order on disk: the scan's fast path
 * relies on it. Types only; `encode.ts` writes it, `decode.ts` reads it and its older dialects.
 */
import type { Decision, Effect, Tier } from "../decision.js";

export type HookEvent =
  | "PreToolUse"
  | "PermissionRequest"
  | "PermissionDenied"
  | "PostToolUse"
  | "PostToolUseFailure"
  | "PostToolBatch"
  | "SessionStart"
  | "SessionEnd"
  | "Stop"
  | "UserPromptSubmit";

/** Events of our own. */
export type OwnEvent = "policy_changed" | "rule_promoted" | "rule_revoked" | "PromotionBlocked" | "review";

export interface Reroute {
  readonly mode: "offer" | "ask" | "suggest" | "reroute";
  readonly original_input: unknown;
  readonly alternative_input: unknown;
  readonly matched_rules: readonly string[];
  readonly rationale: string;
  /** Keyed like `input_hash`, of the whole uncut alternative: whether it is what ran. */
  readonly alternative_hash?: string;
}

export interface AuditRecord {
  readonly v: 1;
  /** UUID v7; for imports derived from transcript time, session and tool_use_id. */
  readonly id: string;
  /** RFC 3339, UTC, milliseconds: `2026-11-21T08:42:11.123Z`. */
  readonly timestamp: string;
  readonly event: HookEvent | OwnEvent | (string & {});
  readonly session_id: string;
  readonly tier?: Tier;
  readonly decision?: Decision | "promotion_blocked";
  readonly tool_name?: string;
  readonly rule_id?: string;
  readonly llm_score?: "GREEN" | "YELLOW" | "RED";
  readonly permission_mode?: string;
  readonly attended?: boolean;
  readonly agent_id?: string;
  readonly tool_use_id?: string;
  readonly prompt_id?: string;
  readonly policy_hash?: string;
  /** Microseconds from reading the event to the answer, the model's time not included. */
  readonly duration_us?: number;
  readonly llm_latency_ms?: number;
  readonly llm_confidence?: number;
  readonly llm_model?: string;
  readonly llm_cached?: boolean;
  readonly tool_success?: boolean;
  readonly tool_duration_ms?: number;
  /** Characters of the tool's result. */
  readonly tool_result_length?: number;
  readonly input_truncated?: boolean;
  /** How many secrets were replaced in this line. */
  readonly redacted?: number;
  readonly source_version?: string;
  readonly engine_version?: string;
  readonly imported_from?: string;
  readonly project?: string;
  readonly cwd?: string;
  readonly home?: string;
  /** `deny[no-force-push]: tool=Bash`. */
  readonly rule_matched?: string;
  /** `file:line`. */
  readonly rule_source?: string;
  readonly rule_ids?: readonly string[];
  readonly commands?: readonly string[];
  readonly paths?: readonly string[];
  readonly effect?: Effect;
  readonly resolved?: Readonly<Record<string, string>>;
  readonly input_hash?: string;
  readonly reason?: string;
  readonly llm_error?: string;
  readonly llm_reasoning?: string;
  readonly promoted_rule?: string;
  readonly reroute?: Reroute;
  readonly error?: string;
  readonly tool_result_preview?: string;
  /** The input, redacted and cut; a string when an older dialect kept it as cut JSON text. */
  readonly tool_input?: unknown;
  /** INVARIANT: always present and always last. */
  readonly auto_promoted: boolean;
}

/** INVARIANT: the order of keys on disk. */
export const RECORD_KEYS = [
  "v",
  "id",
  "timestamp",
  "event",
  "session_id",
  "tier",
  "decision",
  "tool_name",
  "rule_id",
  "llm_score",
  "permission_mode",
  "attended",
  "agent_id",
  "tool_use_id",
  "prompt_id",
  "policy_hash",
  "duration_us",
  "llm_latency_ms",
  "llm_confidence",
  "llm_model",
  "llm_cached",
  "tool_success",
  "tool_duration_ms",
  "tool_result_length",
  "input_truncated",
  "redacted",
  "source_version",
  "engine_version",
  "imported_from",
  "project",
  "cwd",
  "home",
  "rule_matched",
  "rule_source",
  "rule_ids",
  "commands",
  "paths",
  "effect",
  "resolved",
  "input_hash",
  "reason",
  "llm_error",
  "llm_reasoning",
  "promoted_rule",
  "reroute",
  "error",
  "tool_result_preview",
  "tool_input",
  "auto_promoted",
] as const satisfies readonly (keyof AuditRecord)[];
