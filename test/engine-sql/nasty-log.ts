/**
 * A made log that is meant to part engines: busy sessions, and texts and numbers at which databases are known to differ. Same
 * seed, same records.
 */
import type { Scanned } from "../../src/analyze/scan/scan.js";
import { decodeRecord } from "../../src/core/audit/decode.js";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { BUSY_START, busyLog } from "../cubes/busy-log.js";

const FILE = "/var/log/audit.jsonl";
const DAY = 86_400_000;

/** Quotes, escapes, SQL, white space, combining and astral characters, the two orders of UTF-16 and UTF-8, NULL by name. */
export const NASTY_TEXTS = [
  "'",
  "''; DROP TABLE claude_permit_rows; --",
  "\\",
  "\\'",
  '"',
  "\\N",
  "NULL",
  "null",
  " ",
  " lead",
  "trail ",
  "tab\there",
  "line\nhere",
  "carriage\rhere",
  "é",
  "e\u0301",
  "\u{1f600}",
  "\uffee",
  "\u{10000}",
  "\ufffd",
  "0",
  "1e3",
  "{}",
  "[]",
  "%",
  "a_b",
  "A",
  "a",
  "ß",
  "SS",
  "İ",
];
/** Edges of buckets and of what engines take for small numbers. */
export const NASTY_NUMBERS = [
  0,
  1,
  63,
  64,
  127,
  128,
  129,
  255,
  256,
  511,
  512,
  8191,
  8192,
  1_000_000,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 40,
];

export interface NastyLog {
  /** Newest first, as a scan yields them. */
  readonly scanned: readonly Scanned[];
}

export function nastyLog(seed: number, sessions = 8, calls = 40): NastyLog {
  const { records } = busyLog(seed, sessions, calls);
  const all = [...records, ...nastyRecords(seed)];
  let offset = 0;
  const scanned = all.map((record): Scanned => {
    const text = JSON.stringify(record);
    const decoded = decodeRecord(text);
    const length = Buffer.byteLength(text);
    const at = { file: FILE, offset, length };
    offset += length + 1;
    if (decoded.kind === "bad") return { kind: "bad", problem: "not-json", at, excerpt: text.slice(0, 40) };
    return { kind: "record", record: decoded.record, timeMs: decoded.timeMs, at };
  });
  const broken: Scanned[] = ["torn \\", "it's {", "\u{1f600}\\"].map((excerpt, index) => ({
    kind: "bad",
    problem: index === 0 ? "torn" : "not-json",
    at: { file: FILE, offset: offset + index * 10, length: 9 },
    excerpt,
  }));
  return { scanned: [...scanned, ...broken].reverse() };
}

/** One call for each text and number, in every column, at the edges of days; several in one millisecond. */
function nastyRecords(seed: number): AuditRecord[] {
  const edgeCalls = [1, 3].flatMap((days) => [-1, 0, 1].map((ms) => edgeCall(BUSY_START + days * DAY + ms)));
  const edges = [0, -1, 1, 3_600_000, -3_600_000, DAY / 2];
  const calls = NASTY_TEXTS.flatMap((text, index) => {
    const day = BUSY_START + (index % 9) * DAY;
    const time = Math.floor(day / DAY) * DAY + (edges[(index + seed) % edges.length] ?? 0);
    const number = NASTY_NUMBERS[(index + seed) % NASTY_NUMBERS.length] ?? 0;
    const id = `nasty-${seed}-${index}`;
    const base = {
      v: 1,
      timestamp: new Date(time).toISOString(),
      session_id: `s ${text}`,
      auto_promoted: false,
    } as const;
    const call: AuditRecord = {
      ...base,
      id,
      event: "PreToolUse",
      tier: index % 3 === 0 ? "deny" : "llm",
      decision: index % 3 === 0 ? "deny" : "allow",
      tool_name: index % 4 === 0 ? "Bash" : text,
      rule_id: index % 3 === 0 ? `rule ${text}` : "",
      rule_ids: [`rule ${text}`, "shared", text],
      permission_mode: "default",
      attended: true,
      tool_use_id: id,
      policy_hash: text,
      project: `/p/${text}`,
      commands: [text, "git push", text],
      paths: [`/x/${text}`, text],
      reason: text,
      rule_source: `${text}:1`,
      duration_us: number,
      llm_latency_ms: number,
      ...(index % 3 === 0 ? {} : { llm_score: "GREEN", llm_model: text }),
      tool_input: { command: `curl https://a${index}.example/${text}` },
    };
    const after: AuditRecord = {
      ...base,
      id: `${id}-ran`,
      event: index % 2 === 0 ? "PostToolUse" : "PostToolUseFailure",
      tool_use_id: id,
      tool_duration_ms: number,
    };
    const change: AuditRecord = {
      ...base,
      id: `${id}-change`,
      event: "rule_promoted",
      promoted_rule: text,
      reason: text,
    };
    return index % 5 === 0 ? [call, after, change] : [call, after];
  });
  return [...calls, ...edgeCalls];
}

/** One call in the very millisecond a window begins or ends. */
function edgeCall(time: number): AuditRecord {
  return {
    v: 1,
    id: `edge-${time}`,
    timestamp: new Date(time).toISOString(),
    event: "PreToolUse",
    session_id: "edges",
    tier: "allow",
    decision: "allow",
    tool_name: "Edge",
    tool_use_id: `edge-${time}`,
    auto_promoted: false,
  };
}
