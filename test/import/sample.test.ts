/** The sample log that ships with the package: whole, readable by our own reader, free of secrets, attributed. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeRecord } from "../../src/core/audit/decode.js";
import { encodeRecord } from "../../src/core/audit/encode.js";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { redactText } from "../../src/core/audit/redact.js";

const SAMPLE = new URL("../../fixtures/sample/", import.meta.url);
const text = readFileSync(new URL("audit.jsonl", SAMPLE), "utf8");
const lines = text.split("\n").slice(0, -1);
const records = lines.map((line): AuditRecord => {
  const decoded = decodeRecord(line);
  if (decoded.kind === "bad") throw new Error(`${decoded.problem}: ${line.slice(0, 100)}`);
  return decoded.record;
});
const calls = records.filter((record) => record.event === "PreToolUse");
const different = (key: keyof AuditRecord) => new Set(calls.map((call) => call[key])).size;

describe("the sample week", () => {
  it("is written as the hook writes, line by line and in time order", () => {
    expect(text.endsWith("\n")).toBe(true);
    records.forEach((record, index) => {
      expect(`${lines[index]}\n`).toBe(encodeRecord(record));
    });
    const times = records.map((record) => record.timestamp);
    expect(times).toEqual(times.toSorted());
    expect(new Set(records.map((record) => record.id)).size).toBe(records.length);
  });

  it("has what a report needs: days, sessions, projects, tools and all kinds of decisions", () => {
    expect(new Set(calls.map((call) => call.timestamp.slice(0, 10))).size).toBe(7);
    expect(different("session_id")).toBeGreaterThan(10);
    expect(different("project")).toBeGreaterThan(3);
    expect(different("tool_name")).toBeGreaterThan(10);
    expect(new Set(calls.map((call) => call.decision))).toEqual(new Set(["allow", "ask", "deny", "passthrough"]));
    for (const event of ["PostToolUse", "PostToolUseFailure", "PermissionRequest", "SessionStart", "SessionEnd"]) {
      expect(records.some((record) => record.event === event)).toBe(true);
    }
  });

  it("tells no outcome of a denied call and asks only about calls that it holds", () => {
    const denied = new Set(calls.filter((call) => call.decision === "deny").map((call) => call.tool_use_id));
    const known = new Set(calls.map((call) => call.tool_use_id));
    for (const record of records.filter((one) => one.event.startsWith("PostToolUse"))) {
      expect(denied.has(record.tool_use_id)).toBe(false);
      expect(known.has(record.tool_use_id)).toBe(true);
    }
  });

  it("holds no secret and stays small", () => {
    expect(lines.filter((line) => redactText(line).count > 0)).toEqual([]);
    expect(text.length).toBeLessThan(2_500_000);
  });

  it("names every source with its licence, and counts its calls", () => {
    const table = readFileSync(new URL("ATTRIBUTION.md", SAMPLE), "utf8");
    const rows = [...table.matchAll(/^\| \[.*\]\((LICENSES\/[^)]+)\) \| \d+ \| (\d+) \|$/gm)];
    expect(rows.map((row) => row[1]?.slice(9)).sort()).toEqual(readdirSync(new URL("LICENSES/", SAMPLE)).sort());
    expect(rows.reduce((sum, row) => sum + Number(row[2]), 0)).toBe(calls.length);
  });
});
