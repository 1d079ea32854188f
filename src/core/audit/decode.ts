/**
 * Line -> record, by hand because a scan does it a million times. Strict about the types of what version 1 defines,
 * indifferent to fields it does not know; lines without `v` go to the older dialects. It never throws and repairs nothing.
 */
import { isDecision, isTier } from "../decision.js";
import { fromOlderDialect } from "./older-dialects.js";
import type { AuditRecord } from "./record.js";
import { formatTimestamp, parseCanonicalTimestamp, parseTimestamp } from "./timestamp.js";

export type DecodeProblem = "not-json" | "not-an-object" | "no-timestamp" | "bad-timestamp" | "unknown-shape";

export type Decoded =
  | { readonly kind: "record"; readonly record: AuditRecord; readonly timeMs: number }
  | { readonly kind: "bad"; readonly problem: DecodeProblem };

type Check = (value: unknown) => boolean;
type TypeName = "string" | "number" | "boolean";

const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isTextMap: Check = (value) => isObject(value) && Object.values(value).every(isText);
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string);

const isReroute: Check = (value) =>
  isObject(value) &&
  oneOf("offer", "ask", "suggest", "reroute")(value["mode"]) &&
  isTexts(value["matched_rules"]) &&
  isText(value["rationale"]);

/** What a field must hold: a type, or what a check says; a closed union must hold a word we know, an open one any text. */
const FIELDS = {
  v: (value) => value === 1,
  id: "string",
  timestamp: "string",
  event: "string",
  session_id: "string",
  tier: isTier,
  decision: (value) => isDecision(value) || value === "promotion_blocked",
  tool_name: "string",
  rule_id: "string",
  llm_score: oneOf("GREEN", "YELLOW", "RED"),
  permission_mode: "string",
  attended: "boolean",
  agent_id: "string",
  tool_use_id: "string",
  prompt_id: "string",
  policy_hash: "string",
  duration_us: "number",
  llm_latency_ms: "number",
  llm_confidence: "number",
  llm_model: "string",
  llm_cached: "boolean",
  tool_success: "boolean",
  tool_duration_ms: "number",
  tool_result_length: "number",
  input_truncated: "boolean",
  redacted: "number",
  source_version: "string",
  engine_version: "string",
  imported_from: "string",
  project: "string",
  cwd: "string",
  home: "string",
  rule_matched: "string",
  rule_source: "string",
  rule_ids: isTexts,
  commands: isTexts,
  paths: isTexts,
  effect: oneOf("reads", "writes-project", "writes-outside", "runs-code", "network", "unknown"),
  resolved: isTextMap,
  input_hash: "string",
  reason: "string",
  llm_error: "string",
  llm_reasoning: "string",
  promoted_rule: "string",
  reroute: isReroute,
  error: "string",
  tool_result_preview: "string",
  tool_input: () => true,
  auto_promoted: "boolean",
} satisfies Record<keyof AuditRecord, TypeName | Check>;

const REQUIRED = new Map<string, TypeName | Check>(Object.entries(FIELDS));

export function decodeRecord(text: string): Decoded {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return bad("not-json");
  }
  return decodeValue(value);
}

/** The same for a line that is parsed already. Version 1 objects are checked in place and returned themselves. */
export function decodeValue(value: unknown): Decoded {
  if (!isObject(value)) return bad("not-an-object");
  const source = Object.hasOwn(value, "v") ? value : fromOlderDialect(value);
  if (source === null) return bad("timestamp" in value || "ts" in value ? "unknown-shape" : "no-timestamp");

  const timestamp = source["timestamp"];
  if (timestamp === undefined || timestamp === null) return bad("no-timestamp");
  if (typeof timestamp !== "string") return bad("bad-timestamp");
  const ownTime = parseCanonicalTimestamp(timestamp);
  const timeMs = ownTime ?? parseTimestamp(timestamp);
  if (timeMs === null) return bad("bad-timestamp");

  let hasNull = false;
  for (const key in source) {
    const required = REQUIRED.get(key);
    if (required === undefined) continue;
    const field = source[key];
    // Most fields are done with here: a scan that has just begun calls functions slowly.
    if (typeof field === required) continue;
    if (field === null) hasNull = true;
    else if (typeof required === "string" || !required(field)) return bad("unknown-shape");
  }
  if (!isText(source["id"]) || !isText(source["event"]) || !isText(source["session_id"])) return bad("unknown-shape");
  if (typeof source["auto_promoted"] !== "boolean" || ownTime === null || hasNull) {
    return { kind: "record", record: normal(source, timeMs), timeMs };
  }
  return { kind: "record", record: source as unknown as AuditRecord, timeMs };
}

/** `null` stands for absent; the moment takes its canonical spelling. */
function normal(source: Readonly<Record<string, unknown>>, timeMs: number): AuditRecord {
  const present = Object.entries(source).filter(([, field]) => field !== null);
  const record = { ...Object.fromEntries(present), timestamp: formatTimestamp(timeMs) };
  return { auto_promoted: false, ...record } as unknown as AuditRecord;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function bad(problem: DecodeProblem): Decoded {
  return { kind: "bad", problem };
}
