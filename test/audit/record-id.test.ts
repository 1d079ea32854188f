import { describe, expect, it } from "vitest";
import { importedId } from "../../src/core/audit/imported-id.js";
import { newRecordId } from "../../src/core/audit/record-id.js";
import { formatTimestamp, parseCanonicalTimestamp, parseTimestamp } from "../../src/core/audit/timestamp.js";

describe("ids", () => {
  it("of new records are UUID v7: the time in front, chance behind", () => {
    // The example of RFC 9562, appendix A.6.
    const tail = Uint8Array.from([0xc, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    expect(newRecordId(0x017f22e279b0, tail)).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    expect(newRecordId(0, new Uint8Array(10))).toBe("00000000-0000-7000-8000-000000000000");
    expect(newRecordId(2 ** 48 - 1, new Uint8Array(10).fill(255))).toBe("ffffffff-ffff-7fff-bfff-ffffffffffff");
  });

  it("of imports are the same for the same input and differ for any other", () => {
    const id = importedId(1_700_000_000_000, "s1", "PreToolUse", "toolu_1");
    expect(id).toBe(importedId(1_700_000_000_000, "s1", "PreToolUse", "toolu_1"));
    expect(id).toMatch(/^018bcfe5-6800-8[0-9a-f]{3}-[89ab]/);
    const others = [
      importedId(1_700_000_000_001, "s1", "PreToolUse", "toolu_1"),
      importedId(1_700_000_000_000, "s1", "PostToolUse", "toolu_1"),
      importedId(1_700_000_000_000, "s1PreToolUse", "", "toolu_1"),
      importedId(1_700_000_000_000, "s1", "PreToolUse"),
    ];
    expect(new Set([id, ...others]).size).toBe(5);
  });
});

describe("moments", () => {
  it.each<[string, number | null]>([
    ["2026-11-21T08:42:11.123Z", Date.UTC(2026, 10, 21, 8, 42, 11, 123)],
    ["2024-02-29T00:00:00.000Z", Date.UTC(2024, 1, 29)],
    ["2000-02-29T23:59:59.999Z", Date.UTC(2000, 1, 29, 23, 59, 59, 999)],
    ["1970-01-01T00:00:00.000Z", 0],
    ["1969-12-31T23:59:59.999Z", -1],
    ["9999-12-31T23:59:59.999Z", Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
    ["2026-11-21T08:42:60.000Z", Date.UTC(2026, 10, 21, 8, 43)],
    ["2026-11-21t08:42:11z", Date.UTC(2026, 10, 21, 8, 42, 11)],
    ["2026-03-10T23:53:39.391113+00:00", Date.UTC(2026, 2, 10, 23, 53, 39, 391)],
    ["2026-11-21T00:42:11.5-08:30", Date.UTC(2026, 10, 21, 9, 12, 11, 500)],
    ["2025-02-29T00:00:00.000Z", null],
    ["1900-02-29T00:00:00.000Z", null],
    ["2026-04-31T00:00:00.000Z", null],
    ["2026-00-10T00:00:00.000Z", null],
    ["2026-13-10T00:00:00.000Z", null],
    ["2026-01-00T00:00:00.000Z", null],
    ["2026-01-01T24:00:00.000Z", null],
    ["2026-01-01T00:60:00.000Z", null],
    ["2026-01-01T00:00:00.000+24:00", null],
    ["2026-01-01T00:00:00.000", null],
    ["2026-01-01", null],
    ["2026-01-01T00:0x:00.000Z", null],
    ["", null],
  ])("%s", (text, expected) => {
    expect(parseTimestamp(text)).toBe(expected);
    if (expected !== null) expect(parseTimestamp(formatTimestamp(expected))).toBe(expected);
    const isCanonical = expected !== null && formatTimestamp(expected) === text;
    if (isCanonical || expected === null) expect(parseCanonicalTimestamp(text)).toBe(expected);
  });

  it("every day of four centuries, as Date counts them", () => {
    for (let day = Date.UTC(1800, 0, 1); day < Date.UTC(2200, 0, 1); day += 86_400_000) {
      if (parseCanonicalTimestamp(new Date(day).toISOString()) !== day) expect(new Date(day).toISOString()).toBe("");
    }
  });
});
