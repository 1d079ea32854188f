/**
 * A record of a line that the head reader accepted: what reports count is there at once, anything else is parsed when it
 * is asked for. To be read field by field, not to be copied or printed: its fields are accessors.
 */
import { decodeRecord } from "../../core/audit/decode.js";
import type { AuditRecord } from "../../core/audit/record.js";
import { formatTimestamp } from "../../core/audit/timestamp.js";
import { createHeadReader, fieldIndex, type HeadReader } from "./head.js";
import type { Scanned } from "./scan.js";

const EVENT = fieldIndex("event");
const SESSION_ID = fieldIndex("session_id");
const TIER = fieldIndex("tier");
const DECISION = fieldIndex("decision");
const TOOL_NAME = fieldIndex("tool_name");
const RULE_ID = fieldIndex("rule_id");
const PERMISSION_MODE = fieldIndex("permission_mode");
const ATTENDED = fieldIndex("attended");
const AGENT_ID = fieldIndex("agent_id");
const TOOL_USE_ID = fieldIndex("tool_use_id");
const POLICY_HASH = fieldIndex("policy_hash");
const DURATION_US = fieldIndex("duration_us");
const TOOL_SUCCESS = fieldIndex("tool_success");
const TOOL_DURATION_MS = fieldIndex("tool_duration_ms");
const INPUT_TRUNCATED = fieldIndex("input_truncated");
const REDACTED = fieldIndex("redacted");
const IMPORTED_FROM = fieldIndex("imported_from");
const PROJECT = fieldIndex("project");
const CWD = fieldIndex("cwd");
const HOME = fieldIndex("home");
const RULE_SOURCE = fieldIndex("rule_source");
const RULE_IDS = fieldIndex("rule_ids");
const COMMANDS = fieldIndex("commands");
const PATHS = fieldIndex("paths");
const EFFECT = fieldIndex("effect");
const INPUT_HASH = fieldIndex("input_hash");
const REASON = fieldIndex("reason");
const PROMOTED_RULE = fieldIndex("promoted_rule");
const LLM_SCORE = fieldIndex("llm_score");
const LLM_LATENCY_MS = fieldIndex("llm_latency_ms");
const LLM_CONFIDENCE = fieldIndex("llm_confidence");
const LLM_MODEL = fieldIndex("llm_model");
const LLM_CACHED = fieldIndex("llm_cached");
const LLM_ERROR = fieldIndex("llm_error");
const TOOL_INPUT = fieldIndex("tool_input");

class LazyRecord {
  readonly v = 1;
  /** The head leaves lines that have one to the parser. */
  readonly reroute = undefined;
  readonly event: string;
  readonly session_id: string;
  readonly tier: string | undefined;
  readonly decision: string | undefined;
  readonly tool_name: string | undefined;
  readonly rule_id: string | undefined;
  readonly permission_mode: string | undefined;
  readonly attended: boolean | undefined;
  readonly agent_id: string | undefined;
  readonly tool_use_id: string | undefined;
  readonly policy_hash: string | undefined;
  readonly duration_us: number | undefined;
  readonly tool_success: boolean | undefined;
  readonly tool_duration_ms: number | undefined;
  readonly input_truncated: boolean | undefined;
  readonly redacted: number | undefined;
  readonly imported_from: string | undefined;
  readonly project: string | undefined;
  readonly cwd: string | undefined;
  readonly home: string | undefined;
  readonly rule_source: string | undefined;
  readonly rule_ids: readonly string[] | undefined;
  readonly commands: readonly string[] | undefined;
  readonly paths: readonly string[] | undefined;
  readonly effect: string | undefined;
  readonly input_hash: string | undefined;
  readonly reason: string | undefined;
  readonly promoted_rule: string | undefined;
  readonly llm_score: string | undefined;
  readonly llm_latency_ms: number | undefined;
  readonly llm_confidence: number | undefined;
  readonly llm_model: string | undefined;
  readonly llm_cached: boolean | undefined;
  readonly llm_error: string | undefined;
  readonly auto_promoted: boolean;
  readonly #timeMs: number;
  /** The line, one character a byte: cheaper than text, and hardly ever needed. */
  readonly #line: string;
  #whole: AuditRecord | undefined;

  constructor(head: HeadReader, line: string) {
    this.event = head.text(EVENT) ?? "";
    this.session_id = head.text(SESSION_ID) ?? "";
    this.tier = head.text(TIER);
    this.decision = head.text(DECISION);
    this.tool_name = head.text(TOOL_NAME);
    this.rule_id = head.text(RULE_ID);
    this.permission_mode = head.text(PERMISSION_MODE);
    this.attended = head.flag(ATTENDED);
    this.agent_id = head.text(AGENT_ID);
    this.tool_use_id = head.text(TOOL_USE_ID);
    this.policy_hash = head.text(POLICY_HASH);
    this.duration_us = head.number(DURATION_US);
    this.tool_success = head.flag(TOOL_SUCCESS);
    this.tool_duration_ms = head.number(TOOL_DURATION_MS);
    this.input_truncated = head.flag(INPUT_TRUNCATED);
    this.redacted = head.number(REDACTED);
    this.imported_from = head.text(IMPORTED_FROM);
    this.project = head.text(PROJECT);
    this.cwd = head.text(CWD);
    this.home = head.text(HOME);
    this.rule_source = head.text(RULE_SOURCE);
    this.rule_ids = head.list(RULE_IDS);
    this.commands = head.list(COMMANDS);
    this.paths = head.list(PATHS);
    this.effect = head.text(EFFECT);
    this.input_hash = head.text(INPUT_HASH);
    this.reason = head.text(REASON);
    this.promoted_rule = head.text(PROMOTED_RULE);
    this.llm_score = head.text(LLM_SCORE);
    this.llm_latency_ms = head.number(LLM_LATENCY_MS);
    this.llm_confidence = head.number(LLM_CONFIDENCE);
    this.llm_model = head.text(LLM_MODEL);
    this.llm_cached = head.flag(LLM_CACHED);
    this.llm_error = head.text(LLM_ERROR);
    this.auto_promoted = head.autoPromoted();
    this.#timeMs = head.timeMs();
    this.#line = line;
  }

  get timestamp(): string {
    return formatTimestamp(this.#timeMs);
  }

  toJSON(): AuditRecord {
    return this.whole;
  }

  /** The record as the parser reads it. */
  get whole(): AuditRecord {
    if (this.#whole === undefined) {
      const decoded = decodeRecord(Buffer.from(this.#line, "latin1").toString("utf8"));
      if (decoded.kind === "bad") throw new Error(`the head accepted a line that is ${decoded.problem}`);
      this.#whole = decoded.record;
    }
    return this.#whole;
  }
}

/** Fields that are seldom read: each costs a parse of the line. */
const REST = [
  "id",
  "prompt_id",
  "tool_result_length",
  "source_version",
  "engine_version",
  "rule_matched",
  "resolved",
  "llm_reasoning",
  "error",
  "tool_result_preview",
  "tool_input",
] as const satisfies readonly Exclude<keyof AuditRecord, keyof LazyRecord>[];

for (const field of REST) {
  Object.defineProperty(LazyRecord.prototype, field, {
    get(this: LazyRecord) {
      return this.whole[field];
    },
  });
}

/** Reads a line that is single by its `LineIndex` and lies in well-formed UTF-8; `null`: parse it. */
export function createLazyReader(
  file: string,
): (bytes: Buffer, start: number, end: number, offset: number) => Extract<Scanned, { kind: "record" }> | null {
  const head = createHeadReader();
  return (bytes, start, end, offset) => {
    if (!head.read(bytes, start, end)) return null;
    const length = end - start - (bytes[end - 1] === RETURN ? 1 : 0);
    const line = bytes.toString("latin1", start, start + length);
    const record = new LazyRecord(head, line) as unknown as AuditRecord;
    const at = { file, offset, length };
    const namesNoHost = !mayNameHost(line, head.startOf(TOOL_INPUT) - start);
    return { kind: "record", record, timeMs: head.timeMs(), at, namesNoHost };
  };
}

const RETURN = 0x0d;

/** Whether the text behind `from` may hold `://`, each character of which has escaped spellings. */
function mayNameHost(line: string, from: number): boolean {
  if (from < 0) return false;
  return (
    line.includes("://", from) ||
    (line.includes("\\", from) && (line.includes("\\/", from) || line.includes("\\u", from)))
  );
}
