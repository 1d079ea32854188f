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

const isText: Check = (value) => typeof value === "string";
const isNumber: Check = (value) => typeof value === "number";
const isFlag: Check = (value) => typeof value === "boolean";
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isTextMap: Check = (value) => isObject(value) && Object.values(value).every(isText);
const isAny: Check = () => true;
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string);

const isReroute: Check = (value) =>
  isObject(value) &&
  oneOf("offer", "ask", "suggest", "reroute")(value["mode"]) &&
  isTexts(value["matched_rules"]) &&
  isText(value["rationale"]);

/** One check a field; a closed union must hold a word we know, an open one any text. */
const CHECKS = new Map<string, Check>(
  Object.entries({
    v: (value) => value === 1,
    id: isText,
    timestamp: isText,
    event: isText,
    session_id: isText,
    tier: isTier,
    decision: (value) => isDecision(value) || value === "promotion_blocked",
    tool_name: isText,
    rule_id: isText,
    llm_score: oneOf("GREEN", "YELLOW", "RED"),
    permission_mode: isText,
    attended: isFlag,
    agent_id: isText,
    tool_use_id: isText,
    prompt_id: isText,
    policy_hash: isText,
    duration_us: isNumber,
    llm_latency_ms: isNumber,
    llm_confidence: isNumber,
    llm_model: isText,
    llm_cached: isFlag,
    tool_success: isFlag,
    tool_duration_ms: isNumber,
    tool_result_length: isNumber,
    input_truncated: isFlag,
    redacted: isNumber,
    source_version: isText,
    engine_version: isText,
    imported_from: isText,
    project: isText,
    cwd: isText,
    home: isText,
    rule_matched: isText,
    rule_source: isText,
    rule_ids: isTexts,
    commands: isTexts,
    paths: isTexts,
    effect: oneOf("reads", "writes-project", "writes-outside", "runs-code", "network", "unknown"),
    resolved: isTextMap,
    input_hash: isText,
    reason: isText,
    llm_error: isText,
    llm_reasoning: isText,
    promoted_rule: isText,
    reroute: isReroute,
    error: isText,
    tool_result_preview: isText,
    tool_input: isAny,
    auto_promoted: isFlag,
  } satisfies Record<keyof AuditRecord, Check>),
);

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
    const check = CHECKS.get(key);
    if (check === undefined) continue;
    const field = source[key];
    if (field === null) hasNull = true;
    else if (!check(field)) return bad("unknown-shape");
  }
  if (!isText(source["id"]) || !isText(source["event"]) || !isText(source["session_id"])) return bad("unknown-shape");
  if (!isFlag(source["auto_promoted"]) || ownTime === null || hasNull) {
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function bad(problem: DecodeProblem): Decoded {
  return { kind: "bad", problem };
}
