import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeRecord, decodeValue } from "../../src/core/audit/decode.js";
import { encodeRecord } from "../../src/core/audit/encode.js";
import { type AuditRecord, RECORD_KEYS } from "../../src/core/audit/record.js";
import { recordSchema } from "../../src/core/audit/record.schema.js";
import { recordOf } from "./record-of.js";

const text = fc.string({ unit: "binary", maxLength: 40 });
const tidy = text.map((value) => value.toWellFormed());
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });

/** Any record of version 1, its texts well-formed or not. */
const recordArbitrary = (words: fc.Arbitrary<string>): fc.Arbitrary<AuditRecord> =>
  fc
    .record({
      event: fc.constantFrom("PreToolUse", "PostToolUse", "SessionStart", "policy_changed", "SomethingNew"),
      session_id: words,
      time: fc.integer({ min: 0, max: 4_000_000_000_000 }),
      tier: optional(fc.constantFrom("deny", "llm", "user", "error")),
      decision: optional(fc.constantFrom("allow", "rerouted", "promotion_blocked", "error_passthrough")),
      tool_name: optional(words),
      rule_id: optional(words),
      attended: optional(fc.boolean()),
      duration_us: optional(fc.nat()),
      llm_confidence: optional(fc.double({ min: 0, max: 1, noNaN: true }).filter((value) => !Object.is(value, -0))),
      project: optional(words),
      rule_ids: optional(fc.array(words, { maxLength: 3 })),
      commands: optional(fc.array(words, { maxLength: 3 })),
      effect: optional(fc.constantFrom("reads", "network", "unknown")),
      resolved: optional(
        fc.dictionary(
          words.filter((key) => key !== "__proto__"),
          words,
          { maxKeys: 3 },
        ),
      ),
      reason: optional(words),
      tool_input: optional(
        fc.oneof(
          words,
          fc.dictionary(
            words.filter((key) => key !== "__proto__"),
            fc.jsonValue(),
          ),
        ),
      ),
      auto_promoted: fc.boolean(),
    })
    .map(({ time, ...rest }) => {
      const present = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
      const base = { v: 1, id: "019c0000-0000-7000-8000-000000000001", timestamp: new Date(time).toISOString() };
      return { ...base, ...present } as AuditRecord;
    });

describe("encoding", () => {
  it("reads back what it wrote", () => {
    fc.assert(
      fc.property(recordArbitrary(tidy), (record) => {
        const decoded = decodeRecord(encodeRecord(record));
        expect(decoded).toEqual({
          kind: "record",
          record: JSON.parse(JSON.stringify(record)),
          timeMs: Date.parse(record.timestamp),
        });
      }),
    );
  });

  it("writes one line of well-formed text, keys in their order, whatever the record holds", () => {
    fc.assert(
      fc.property(recordArbitrary(text), (record) => {
        const line = encodeRecord(record);
        expect(line.isWellFormed()).toBe(true);
        expect(line.indexOf("\n")).toBe(line.length - 1);
        expect(line).not.toMatch(/(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/);
        const keys = Object.keys(JSON.parse(line));
        expect(keys).toEqual(RECORD_KEYS.filter((key) => keys.includes(key)));
        expect(line).toMatch(/,"auto_promoted":(?:true|false)\}\n$/);
      }),
    );
  });

  it("is byte for byte what the format says", () => {
    const record = recordOf({ tool_input: { command: 'echo "é\n"' }, auto_promoted: true });
    expect(encodeRecord(record)).toBe(
      '{"v":1,"id":"019c0000-0000-7000-8000-000000000001","timestamp":"2026-11-21T08:42:11.123Z","event":"PreToolUse",' +
        '"session_id":"5f8a4d0e-0000-4000-8000-000000000001","tier":"allow","decision":"allow","tool_name":"Bash",' +
        '"rule_id":"read-only","permission_mode":"default","attended":true,"tool_use_id":"toolu_01","duration_us":812,' +
        '"cwd":"/srv/app","rule_ids":["read-only"],"commands":["git status"],"effect":"reads",' +
        '"tool_input":{"command":"echo \\"é\\n\\""},"auto_promoted":true}\n',
    );
  });
});

describe("decoding", () => {
  const good = () => JSON.parse(encodeRecord(recordOf()));

  it.each<[string, Record<string, unknown>, string]>([
    ["another version", { v: 2 }, "unknown-shape"],
    ["no id", { id: undefined }, "unknown-shape"],
    ["no event", { event: undefined }, "unknown-shape"],
    ["no session", { session_id: undefined }, "unknown-shape"],
    ["no moment", { timestamp: undefined }, "no-timestamp"],
    ["a moment without zone", { timestamp: "2026-11-21T08:42:11.123" }, "bad-timestamp"],
    ["the 30th of February", { timestamp: "2026-02-30T08:42:11.123Z" }, "bad-timestamp"],
    ["a number as moment", { timestamp: 1 }, "bad-timestamp"],
    ["a decision nobody knows", { decision: "maybe" }, "unknown-shape"],
    ["a tier nobody knows", { tier: "oracle" }, "unknown-shape"],
    ["an inherited name as tier", { tier: "toString" }, "unknown-shape"],
    ["a number as tool", { tool_name: 5 }, "unknown-shape"],
    ["a text among numbers", { duration_us: "5" }, "unknown-shape"],
    ["a number among paths", { paths: ["a", 5] }, "unknown-shape"],
    ["a list as resolved paths", { resolved: ["a"] }, "unknown-shape"],
    ["half a reroute", { reroute: { mode: "ask" } }, "unknown-shape"],
  ])("refuses %s, by hand and by schema", (_, over, problem) => {
    const line = JSON.parse(JSON.stringify({ ...good(), ...over }));
    expect(decodeValue(line)).toEqual({ kind: "bad", problem });
    if (!["bad-timestamp"].includes(problem)) expect(recordSchema.safeParse(line).success).toBe(false);
  });

  it.each<[string, Record<string, unknown>]>([
    ["a record", {}],
    ["unknown fields", { tomorrow: { a: [1] } }],
    ["an event nobody knows", { event: "Tomorrow" }],
    ["a mode nobody knows", { permission_mode: "yolo" }],
    ["no word on promotion", { auto_promoted: undefined }],
    ["any tool input", { tool_input: ["list"] }],
    [
      "a reroute",
      { reroute: { mode: "ask", original_input: 1, alternative_input: 2, matched_rules: [], rationale: "" } },
    ],
  ])("takes %s, by hand and by schema", (_, over) => {
    const line = JSON.parse(JSON.stringify({ ...good(), ...over }));
    const decoded = decodeValue(line);
    const parsed = recordSchema.safeParse(line);
    expect(decoded.kind).toBe("record");
    expect(parsed.success && parsed.data).toEqual(decoded.kind === "record" && decoded.record);
  });

  it("agrees with the schema on any line of ours with one field replaced by anything", () => {
    const timestampIsText = (key: string, value: unknown) => key !== "timestamp" || typeof value !== "string";
    fc.assert(
      fc.property(fc.constantFrom(...RECORD_KEYS), fc.jsonValue(), (key, value) => {
        fc.pre(timestampIsText(key, value) && value !== null);
        const line = JSON.parse(JSON.stringify({ ...good(), [key]: value }));
        expect(decodeValue(line).kind === "record").toBe(recordSchema.safeParse(line).success);
      }),
      { numRuns: 2000 },
    );
  });

  it("takes null for absent and gives the moment its one spelling", () => {
    const line = { ...good(), rule_id: null, timestamp: "2026-11-21T10:42:11.1239+02:00" };
    expect(decodeValue(line)).toEqual({
      kind: "record",
      record: Object.fromEntries(Object.entries(recordOf()).filter(([key]) => key !== "rule_id")),
      timeMs: Date.UTC(2026, 10, 21, 8, 42, 11, 123),
    });
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        expect(["record", "bad"]).toContain(decodeRecord(line).kind);
      }),
    );
    expect(decodeRecord("[".repeat(200_000))).toEqual({ kind: "bad", problem: "not-json" });
    const deep = `{"timestamp":"2026-11-21T08:00:00Z","session_id":"s","tool_name":"X","tool_input":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    expect(decodeRecord(deep).kind).toBe("record");
  });
});
