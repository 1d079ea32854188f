import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_BOUNDS, isUncut } from "../../src/core/audit/bounds.js";
import { cutBytes, cutChars } from "../../src/core/audit/cut.js";
import { encodeRecord } from "../../src/core/audit/encode.js";
import { protectInput, protectRecord, type RedactText } from "../../src/core/audit/protect.js";
import { redactText } from "../../src/core/audit/redact.js";
import { recordOf } from "./record-of.js";

const nothing: RedactText = (text) => ({ text, count: 0 });
const words: RedactText = (text) => {
  const found = text.match(/SECRET/g)?.length ?? 0;
  return { text: text.replaceAll("SECRET", "gone"), count: found };
};
const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe("cutting", () => {
  const text = fc.string({ unit: "binary", maxLength: 60 });

  it("keeps whole characters from the start, as many as fit", () => {
    fc.assert(
      fc.property(text, fc.nat(70), (value, max) => {
        const chars = [...value];
        expect(cutChars(value, max)).toBe(chars.slice(0, max).join(""));
        let kept = "";
        for (const char of chars) {
          if (Buffer.byteLength(kept.toWellFormed()) + Buffer.byteLength(char.toWellFormed()) > max) break;
          kept += char;
        }
        expect(cutBytes(value, max)).toBe(kept);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a tool input", () => {
  it.each<[string, unknown, unknown, boolean]>([
    [
      "a small one",
      { command: "ls", n: 1, list: [null, true, 1.5] },
      { command: "ls", n: 1, list: [null, true, 1.5] },
      false,
    ],
    ["a text", "ls", "ls", false],
    ["a long command", { command: "x".repeat(40_000) }, { command: "x".repeat(32_768) }, true],
    ["a long command of wide characters", { command: "é".repeat(20_000) }, { command: "é".repeat(16_384) }, true],
    ["a long field", { content: "😀".repeat(2000) }, { content: "😀".repeat(1024) }, true],
    ["a field at its bound", { content: "x".repeat(1024) }, { content: "x".repeat(1024) }, false],
    ["a long key", { ["k".repeat(2000)]: 1 }, { ["k".repeat(1024)]: 1 }, true],
    [
      "a key that is a trap",
      JSON.parse('{"__proto__":{"x":1},"a":2}'),
      JSON.parse('{"__proto__":{"x":1},"a":2}'),
      false,
    ],
  ])("%s", (_, input, value, truncated) => {
    expect(protectInput(input, nothing)).toEqual({ value, truncated, secrets: 0 });
    expect(JSON.stringify(protectInput(input, nothing).value)).toBe(JSON.stringify(value));
  });

  it("stays within its bytes for any value, and says when something was left out", () => {
    const bounds = { maxCommandBytes: 40, maxFieldChars: 20, maxInputBytes: 120 };
    const input = fc.oneof(
      fc.jsonValue({ stringUnit: "binary" }),
      fc.dictionary(fc.constantFrom("command", "a", "b"), fc.jsonValue()),
    );
    fc.assert(
      fc.property(input, (value) => {
        const kept = protectInput(value, nothing, bounds);
        if (kept.value !== undefined) expect(bytes(kept.value)).toBeLessThanOrEqual(120);
        if (!kept.truncated) expect(JSON.stringify(kept.value)).toBe(JSON.stringify(value));
        else expect(JSON.stringify(kept.value)).not.toBe(JSON.stringify(value));
      }),
      { numRuns: 1000 },
    );
  });

  it("of any size stays a small line, fields in front first", () => {
    const edits = Array.from({ length: 500 }, (_, n) => ({
      old_string: `${n}${"\u0001".repeat(2000)}`,
      new_string: "y",
    }));
    const kept = protectInput({ file_path: "/a", edits }, nothing);
    expect(kept.truncated).toBe(true);
    expect(kept.value).toMatchObject({ file_path: "/a" });
    expect(bytes(kept.value)).toBeLessThanOrEqual(DEFAULT_BOUNDS.maxInputBytes);
    expect(bytes(kept.value)).toBeGreaterThan(DEFAULT_BOUNDS.maxInputBytes - 8000);
  });

  it("nested a million deep is cut, not followed", () => {
    let deep: unknown = "core";
    for (let depth = 0; depth < 1_000_000; depth++) deep = [deep];
    const kept = protectInput({ a: 1, deep, b: 2 }, nothing);
    expect(kept.truncated).toBe(true);
    expect(kept.value).toMatchObject({ a: 1, b: 2 });
    expect(JSON.stringify(kept.value).length).toBeLessThan(200);
  });

  it("redacts whole strings before cutting", () => {
    const kept = protectInput({ note: `${"x".repeat(1020)}SECRET ${"y".repeat(100)}` }, words);
    expect(kept).toEqual({ value: { note: `${"x".repeat(1020)}gone` }, truncated: true, secrets: 1 });
  });
});

describe("a record", () => {
  it("is clean in every field", () => {
    const record = recordOf({
      session_id: "SECRET",
      reason: "because SECRET",
      error: "SECRET",
      llm_reasoning: "SECRET",
      llm_error: "SECRET",
      tool_result_preview: "SECRET",
      rule_matched: "SECRET",
      cwd: "/SECRET",
      paths: ["/SECRET/a"],
      commands: ["SECRET run"],
      resolved: { "/SECRET": "/SECRET/x" },
      reroute: {
        mode: "ask",
        original_input: { command: "SECRET" },
        alternative_input: ["SECRET"],
        matched_rules: [],
        rationale: "SECRET",
      },
      tool_input: { command: "SECRET", deep: [{ SECRETive: "SECRET" }] },
    });
    const safe = protectRecord(record, words);
    expect(encodeRecord(safe).replace('"SECRETive"', "")).not.toContain("SECRET");
    expect(safe.redacted).toBe(17);
    expect(safe.input_truncated).toBeUndefined();
  });

  it("that is clean and short comes through as it is", () => {
    const record = recordOf({ resolved: { a: "b" }, policy_hash: "0123456789abcdef" });
    expect(protectRecord(record, redactText)).toEqual(record);
  });

  it("that is told to need no cutting is not cut", () => {
    const bounds = { maxCommandBytes: 40, maxFieldChars: 40, maxInputBytes: 400 };
    const text = fc.string({ unit: "binary", maxLength: 48 });
    const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 3 }));
    const input = fc.dictionary(fc.oneof(fc.constant("command"), text), value, { maxKeys: 4 });
    let told = 0;
    fc.assert(
      fc.property(input, text, fc.array(text, { maxLength: 3 }), (tool_input, reason, paths) => {
        const record = recordOf({ tool_input, reason, paths });
        if (!isUncut(record, bounds)) return;
        told += 1;
        expect(encodeRecord(protectRecord(record, nothing, bounds))).toBe(encodeRecord(record));
      }),
      { numRuns: 2000 },
    );
    expect(told).toBeGreaterThan(100);
  });

  it.each<[string, Parameters<typeof recordOf>[0]]>([
    ["a long list", { paths: Array.from({ length: 201 }, () => "a") }],
    ["a long text", { cwd: "x".repeat(1025) }],
    ["structure in the input", { tool_input: { edits: [{ a: "b" }] } }],
    [
      "a reroute",
      { reroute: { mode: "ask", original_input: {}, alternative_input: {}, matched_rules: [], rationale: "" } },
    ],
  ])("with %s is looked at closely", (_, fields) => {
    expect(isUncut(recordOf(fields), DEFAULT_BOUNDS)).toBe(false);
  });

  it("has its texts cut and keeps what was said before", () => {
    const record = recordOf({
      reason: "é".repeat(5000),
      redacted: 2,
      input_truncated: true,
      tool_input: { command: "ls" },
    });
    const safe = protectRecord(record, words);
    expect(safe).toMatchObject({ reason: "é".repeat(1024), redacted: 2, input_truncated: true });
  });
});
