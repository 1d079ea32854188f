import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fieldIndex } from "../../src/analyze/scan/head-fields.js";
import { HeadTable } from "../../src/analyze/scan/head-table.js";
import { Interner } from "../../src/analyze/scan/intern.js";
import { takeWalk } from "../../src/analyze/scan/quick-walk.js";
import { viewOf } from "../../src/analyze/scan/words.js";
import { decodeRecord } from "../../src/core/audit/decode.js";
import { encodeRecord } from "../../src/core/audit/encode.js";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { recordOf } from "../audit/record-of.js";

const TEXTS = [
  "event",
  "session_id",
  "tier",
  "decision",
  "tool_name",
  "rule_id",
  "llm_score",
  "permission_mode",
  "agent_id",
  "tool_use_id",
  "prompt_id",
  "policy_hash",
  "llm_model",
  "source_version",
  "engine_version",
  "imported_from",
  "project",
  "cwd",
  "home",
  "rule_matched",
  "rule_source",
  "effect",
  "input_hash",
  "reason",
  "llm_error",
  "llm_reasoning",
  "promoted_rule",
  "error",
  "tool_result_preview",
] as const;
const NUMBERS = [
  "duration_us",
  "llm_latency_ms",
  "llm_confidence",
  "tool_duration_ms",
  "tool_result_length",
  "redacted",
] as const;
const FLAGS = ["attended", "llm_cached", "tool_success", "input_truncated"] as const;
const LISTS = ["rule_ids", "commands", "paths"] as const;

/** Every field the table tells of a row, as a record has it. */
function told(table: HeadTable, row: number): Record<string, unknown> {
  const fields: [string, unknown][] = [
    ["id", table.id(row)],
    ["time", table.timeMs(row)],
    ["auto_promoted", table.autoPromoted(row)],
    ...TEXTS.map((field): [string, unknown] => [field, table.text(row, fieldIndex(field))]),
    ...NUMBERS.map((field): [string, unknown] => [field, table.number(row, fieldIndex(field))]),
    ...FLAGS.map((field): [string, unknown] => [field, table.flag(row, fieldIndex(field))]),
    ...LISTS.map((field): [string, unknown] => [field, table.list(row, fieldIndex(field))]),
  ];
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

function expected(record: AuditRecord, timeMs: number): Record<string, unknown> {
  const names: readonly (keyof AuditRecord)[] = ["id", "auto_promoted", ...TEXTS, ...NUMBERS, ...FLAGS, ...LISTS];
  const fields = names.map((name): [string, unknown] => [name, record[name]]);
  return { ...Object.fromEntries(fields.filter(([, value]) => value !== undefined)), time: timeMs };
}

const tables = [new HeadTable(), new HeadTable()] as const;
const quick = takeWalk();

/** What the table says of a line among others, `null` when it leaves it to the parser. */
function read(line: string, table = tables[0]): Record<string, unknown> | null {
  // Not at the front of the buffer: places must not be taken for offsets in the line.
  const bytes = Buffer.from(`\n\n${line}\n{"v":1}\n`);
  const end = 2 + Buffer.byteLength(line);
  table.open(bytes, viewOf(bytes), bytes.length);
  const row = table.add(2);
  const found = row >= 0 ? told(table, row) : null;
  if (row >= 0) expect(table.index(2).ends[0]).toBe(end);
  const alone = Buffer.from(line);
  const other = tables[1];
  other.open(alone, viewOf(alone), alone.length);
  expect(other.add(0) >= 0).toBe(row >= 0);
  const room = quick?.room(bytes.length);
  if (room === undefined || room === null || quick === null) throw new Error("no WebAssembly");
  room.set(bytes);
  other.open(room, viewOf(room), bytes.length, quick);
  const quickRow = other.add(2);
  expect(quickRow >= 0 ? told(other, quickRow) : null).toEqual(found);
  return found;
}

const text = fc.string({ unit: "binary", maxLength: 20 }).map((value) => value.toWellFormed());
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const records: fc.Arbitrary<AuditRecord> = fc
  .record({
    event: text,
    session_id: text,
    tier: optional(fc.constantFrom("deny", "claude_rule")),
    decision: optional(fc.constantFrom("allow", "promotion_blocked")),
    llm_score: optional(fc.constantFrom("GREEN", "RED")),
    tool_name: optional(text),
    rule_id: optional(text),
    attended: optional(fc.boolean()),
    tool_use_id: optional(text),
    duration_us: optional(fc.nat()),
    llm_confidence: optional(fc.double({ min: 0.001, max: 1, noNaN: true })),
    tool_success: optional(fc.boolean()),
    cwd: optional(text),
    rule_ids: optional(fc.array(text, { maxLength: 3 })),
    paths: optional(fc.array(text, { maxLength: 3 })),
    effect: optional(fc.constantFrom("reads", "unknown")),
    resolved: optional(
      fc.dictionary(
        text.filter((key) => key !== "__proto__"),
        text,
        { maxKeys: 3 },
      ),
    ),
    reason: optional(text),
    tool_input: optional(fc.jsonValue()),
    auto_promoted: fc.boolean(),
  })
  .map((fields) => {
    const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    const base = { v: 1, id: "019c0000-0000-7000-8000-000000000001", timestamp: "2026-11-21T08:42:11.123Z" };
    return { ...base, ...present } as AuditRecord;
  });

describe("reading a line's head", () => {
  it("tells what a full parse tells, for any record of ours", () => {
    const head = new HeadTable();
    let accepted = 0;
    fc.assert(
      fc.property(records, (record) => {
        const line = encodeRecord(record).trimEnd();
        const decoded = decodeRecord(line);
        const found = read(line, head);
        if (found === null) return;
        accepted += 1;
        if (decoded.kind === "bad") throw new Error(decoded.problem);
        expect(found).toEqual(expected(decoded.record, decoded.timeMs));
      }),
      { numRuns: 1000 },
    );
    // Control characters, exponents and the like are the parser's.
    expect(accepted).toBeGreaterThan(250);
  });

  it("keeps apart values that share a place in its memory", () => {
    const places = new Interner((bytes) => bytes.toString());
    const placeOf = (text: string) => {
      const bytes = viewOf(Buffer.from(JSON.stringify(text)));
      return places.slotOf(bytes, 0, bytes.byteLength);
    };
    const shared = placeOf("deny");
    let session = 0;
    while (placeOf(`session-${session}`) !== shared) session++;
    const record = recordOf({ session_id: `session-${session}`, tier: "allow", decision: "allow" });
    const head = new HeadTable();
    for (const next of [record, { ...record, decision: "deny" } as AuditRecord, record]) {
      expect(read(encodeRecord(next).trimEnd(), head)).toMatchObject({
        session_id: record.session_id,
        decision: next.decision,
      });
    }
  });

  it("knows a closed list's words by themselves, not by what stood there before", () => {
    const places = new Interner((bytes) => bytes.toString());
    const placeOf = (text: string) => {
      const bytes = viewOf(Buffer.from(JSON.stringify(text)));
      return places.slotOf(bytes, 0, bytes.byteLength);
    };
    const shared = placeOf("deny");
    let other = 0;
    while (placeOf(`tool-${other}`) !== shared) other++;
    const record = recordOf({ tier: "ask", decision: "deny", tool_name: `tool-${other}` });
    const head = new HeadTable();
    const line = encodeRecord(record).trimEnd();
    expect(read(line, head)).not.toBeNull();
    expect(read(line.replace('"decision":"deny"', `"decision":"tool-${other}"`), head)).toBeNull();
    expect(read(line, head)).toMatchObject({ decision: "deny", tool_name: record.tool_name });
  });

  it("takes the lines that logs are made of", () => {
    for (const record of [
      recordOf(),
      recordOf({ reason: 'quotes " and \\ and\nlines', commands: [], paths: ["/a b", "/ü"] }),
      recordOf({ resolved: { "/a": "/b" }, auto_promoted: true, llm_confidence: 0.95 }),
      recordOf({ event: "PostToolUse", tool_success: true, tool_duration_ms: 12 }),
    ]) {
      expect(read(encodeRecord(record).trimEnd())).toEqual(expected(record, Date.parse(record.timestamp)));
      expect(read(encodeRecord(record).replace("\n", "\r"))).not.toBeNull();
    }
    const bare =
      '{"v":1,"id":"019c0000-0000-7000-8000-000000000001","timestamp":"2026-11-21T08:42:11.123Z","event":"Stop","session_id":"s","auto_promoted":false}';
    expect(read(bare)).toMatchObject({ event: "Stop", session_id: "s" });
  });

  const line = encodeRecord(recordOf({ decision: "deny", tier: "deny", reason: "no" })).trimEnd();
  it.each<[string, string]>([
    ["a space after a colon", line.replace('"decision":', '"decision": ')],
    ["a space before a comma", line.replace(',"decision"', ' ,"decision"')],
    ["another order", line.replace('"tier":"deny","decision":"deny"', '"decision":"deny","tier":"deny"')],
    [
      "a field behind those of the head",
      line.replace('"decision":"deny",', "").replace(',"tool_input"', ',"decision":"deny","tool_input"'),
    ],
    ["an unknown field", line.replace('"tier"', '"new":1,"tier"')],
    ["a field twice", line.replace('"decision":"deny"', '"decision":"allow","decision":"deny"')],
    ["a decision nobody knows", line.replace('"decision":"deny"', '"decision":"maybe"')],
    ["a number as text", line.replace('"duration_us":812', '"duration_us":"812"')],
    ["a number with an exponent", line.replace('"duration_us":812', '"duration_us":8e2')],
    ["a number that is none", line.replace('"duration_us":812', '"duration_us":0812')],
    ["a word as flag", line.replace('"attended":true', '"attended":1')],
    ["null", line.replace('"attended":true', '"attended":null')],
    ["an escaped letter", line.replace('"decision":"deny"', '"decision":"d\\u0065ny"')],
    ["an escape that is none", line.replace('"reason":"no"', '"reason":"\\q"')],
    ["a raw control character", line.replace('"reason":"no"', '"reason":"a\tb"')],
    ["a list of numbers", line.replace('["read-only"]', "[1]")],
    ["an open list", line.replace('["read-only"]', '["read-only"')],
    ["another version", line.replace('"v":1', '"v":2')],
    ["a short id", line.replace("019c0000-", "")],
    ["a moment in another zone", line.replace("11.123Z", "11.12+01")],
    ["a day that does not exist", line.replace("2026-11-21", "2026-02-30")],
    ["a letter in the moment", line.replace("2026-11-21", "2026-1x-21")],
    ["no session", line.replace(/"session_id":"[^"]+",/, "")],
    ["no end", line.slice(0, -1)],
    ["no word on promotion", line.replace(',"auto_promoted":false', "")],
    ["a stump with a record glued to it", line.slice(0, 300) + line],
    ["two records", line + line],
    ["nothing", ""],
  ])("leaves to the parser: %s", (_, other) => expect(read(other)).toBeNull());

  it("is not fooled by any damage", () => {
    const whole = encodeRecord(
      recordOf({ tool_input: { command: 'a "b"', n: [1, { x: null }] }, reason: 'é \\ " x', resolved: { a: "b" } }),
    ).trimEnd();
    const damage = fc.tuple(
      fc.nat(whole.length - 1),
      fc.nat(6),
      fc.constantFrom("", '"', ",", "}", "{", "0", "\\", ":", "[", "a", "\0"),
    );
    fc.assert(
      fc.property(damage, ([at, length, put]) => {
        const damaged = whole.slice(0, at) + put + whole.slice(at + length);
        const found = read(damaged);
        const decoded = decodeRecord(damaged);
        if (found === null) return;
        expect(decoded.kind === "record" && expected(decoded.record, decoded.timeMs)).toEqual(found);
      }),
      { numRuns: 5000 },
    );
  });
});
