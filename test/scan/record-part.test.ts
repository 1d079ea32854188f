import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { partOf } from "../../src/analyze/scan/lazy-record.js";
import { openScan } from "../../src/analyze/scan/open-scan.js";
import { recordPart } from "../../src/analyze/scan/record-part.js";
import { encodeRecord } from "../../src/core/audit/encode.js";
import type { AuditRecord } from "../../src/core/audit/record.js";

const folder = mkdtempSync(join(tmpdir(), "record-part-"));
afterAll(() => rmSync(folder, { recursive: true }));

const FIELDS = ["tier", "tool_name", "attended", "rule_ids", "commands", "cwd"] as const;

/** Values of every length, some of which differ at their end only. */
function recordAt(index: number, kinds: number): AuditRecord {
  const kind = index % kinds;
  return {
    v: 1,
    id: `019c0000-0000-7000-8000-${String(index).padStart(12, "0")}`,
    timestamp: new Date(1_790_000_000_000 + index).toISOString(),
    event: "PreToolUse",
    session_id: "s",
    tier: kind % 3 === 0 ? "allow" : "deny",
    decision: "allow",
    tool_name: "x".repeat(kind % 19),
    ...(kind % 2 === 0 ? { attended: kind % 4 === 0 } : {}),
    ...(index % 100 === 0 ? { llm_score: "GREEN" as const } : {}),
    cwd: `/${"long/".repeat(kind % 60)}${kind}`,
    rule_ids: ["a".repeat(kind % 5), String(kind % 7)],
    ...(kind % 5 === 0 ? { commands: [`git ${kind % 11}`] } : {}),
    tool_input: {},
    auto_promoted: false,
  };
}

const toldOf = (record: AuditRecord) => JSON.stringify(FIELDS.map((field) => record[field] ?? null));

async function partsOf(
  kinds: number,
): Promise<{ readonly told: string[]; readonly made: number; readonly lines: number }> {
  const records = Array.from({ length: 12_000 }, (_, index) => recordAt(index, kinds));
  const file = join(folder, `${kinds}.jsonl`);
  writeFileSync(file, records.map(encodeRecord).join(""));
  let made = 0;
  const part = recordPart(FIELDS, ["llm_score"], (record) => {
    made++;
    return { told: toldOf(record), score: record.llm_score };
  });
  const opened = await openScan([file]);
  if (opened.kind === "failed") throw new Error(opened.message);
  const told: string[] = [];
  for (const one of opened.scan.backward({}, { isLazy: true })) {
    if (one.kind !== "record") throw new Error(one.problem);
    const found = partOf(one.record, part);
    expect(found).toEqual({ told: toldOf(one.record), score: one.record.llm_score });
    told.push(found.told);
  }
  opened.scan.close();
  expect(told).toEqual(records.reverse().map(toldOf));
  return { told, made, lines: records.length };
}

describe("a part of a record", () => {
  it("is made once for records that agree in it, where they are read by the quick walk", async () => {
    const { told, made, lines } = await partsOf(200);
    expect(made).toBeGreaterThanOrEqual(new Set(told).size);
    expect(made).toBeLessThan(lines / 4);
  });

  it("tells the same when there are more values and more parts than are kept", async () => {
    const { told } = await partsOf(12_000);
    expect(new Set(told).size).toBeGreaterThan(8_192);
  });

  it("is not told by fields that are not read where they stand", () => {
    expect(() => recordPart(["resolved"], [], () => 0)).toThrow("resolved");
  });
});
