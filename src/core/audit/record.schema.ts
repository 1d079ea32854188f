/**
 * Version 1 of the record as a zod schema: the source of the published JSON Schema. Reading a log does not go through it
 * (`decode.ts` is many times faster); a test holds the two together.
 */
import * as z from "zod";
import type { AuditRecord } from "./record.js";

const texts = z.array(z.string());
const canonicalMoment = z.string().describe("RFC 3339, UTC, milliseconds");

/** Loose: a later version may add fields. */
export const recordSchema = z.looseObject({
  v: z.literal(1),
  id: z.string().describe("UUID v7; for imports derived from time, session and call"),
  timestamp: canonicalMoment,
  event: z.string(),
  session_id: z.string(),
  tier: z
    .enum([
      "deny",
      "ask",
      "allow",
      "auto",
      "llm",
      "reroute",
      "passthrough",
      "error",
      "deny_promote",
      "claude_rule",
      "claude_mode",
      "auto_mode",
      "user",
    ])
    .optional(),
  decision: z
    .enum(["allow", "deny", "ask", "passthrough", "error_passthrough", "rerouted", "promotion_blocked"])
    .optional(),
  tool_name: z.string().optional(),
  rule_id: z.string().optional(),
  llm_score: z.enum(["GREEN", "YELLOW", "RED"]).optional(),
  permission_mode: z.string().optional(),
  attended: z.boolean().optional(),
  agent_id: z.string().optional(),
  tool_use_id: z.string().optional(),
  prompt_id: z.string().optional(),
  policy_hash: z.string().optional(),
  duration_us: z.number().optional(),
  llm_latency_ms: z.number().optional(),
  llm_confidence: z.number().optional(),
  llm_model: z.string().optional(),
  llm_cached: z.boolean().optional(),
  tool_success: z.boolean().optional(),
  tool_duration_ms: z.number().optional(),
  tool_result_length: z.number().optional(),
  input_truncated: z.boolean().optional(),
  redacted: z.number().optional(),
  source_version: z.string().optional(),
  engine_version: z.string().optional(),
  imported_from: z.string().optional(),
  project: z.string().optional(),
  cwd: z.string().optional(),
  home: z.string().optional(),
  rule_matched: z.string().optional(),
  rule_source: z.string().optional(),
  rule_ids: texts.optional(),
  commands: texts.optional(),
  paths: texts.optional(),
  effect: z.enum(["reads", "writes-project", "writes-outside", "runs-code", "network", "unknown"]).optional(),
  resolved: z.record(z.string(), z.string()).optional(),
  input_hash: z.string().optional(),
  reason: z.string().optional(),
  llm_error: z.string().optional(),
  llm_reasoning: z.string().optional(),
  promoted_rule: z.string().optional(),
  reroute: z
    .looseObject({
      mode: z.enum(["offer", "ask", "suggest", "reroute"]),
      original_input: z.unknown(),
      alternative_input: z.unknown(),
      matched_rules: texts,
      rationale: z.string(),
      alternative_hash: z.string().optional(),
    })
    .optional(),
  error: z.string().optional(),
  tool_result_preview: z.string().optional(),
  tool_input: z.unknown().optional(),
  auto_promoted: z.boolean().default(false),
} satisfies Record<keyof AuditRecord, z.ZodType>);
