/** `pending-rules.jsonl` stays small: what was answered goes first, then what is oldest; an open call keeps its outcome. */
import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { foldPending } from "../../src/core/promote/pending.js";
import { appendPending, readPending } from "../../src/store/promotion/pending-file.js";
import { bash, NOW, recordOf, said } from "./memory.js";

const path = () => join(mkdtempSync(join(tmpdir(), "claude-permit-pending-")), "pending-rules.jsonl");
const lineOf = (record: Partial<AuditRecord>) => `${JSON.stringify(record)}\n`;
const LONG = "x".repeat(4_000);

const yellow = (n: number) => recordOf(bash(`echo ${n} ${LONG}`), said("YELLOW"), `call-${n}`, NOW + n);
const answered = (call: AuditRecord, n: number): Partial<AuditRecord> => ({
  ...call,
  id: `answer-${n}`,
  event: "review",
  timestamp: new Date(NOW + n + 1).toISOString(),
});
const outcome = (call: AuditRecord, n: number): Partial<AuditRecord> => ({
  ...call,
  id: `outcome-${n}`,
  event: "PostToolUse",
  tool_success: true,
});

it("what was answered is left out first, and the file is bounded", () => {
  const file = path();
  const calls = Array.from({ length: 600 }, (_, n) => yellow(n));
  for (const [n, call] of calls.entries()) {
    expect(appendPending(file, lineOf(call))).toBeNull();
    // Of the older half all but the first are answered.
    if (n > 0 && n < 100) appendPending(file, lineOf(answered(call, n)));
    if (n === 0) appendPending(file, lineOf(outcome(call, n)));
    expect(statSync(file).size).toBeLessThanOrEqual((1 << 20) + 10_000);
  }
  const { records, unusable } = readPending(file);
  const open = foldPending(records);
  expect(unusable).toBe(0);
  expect(records.some(({ record }) => record.event === "review")).toBe(false);
  expect(open[0]?.id).toBe("call-599");
  // The newest ones, without a hole.
  expect(open.map(({ id }) => id)).toEqual(open.map((_, n) => `call-${599 - n}`));
  expect(open.length).toBeGreaterThan(100);
});

it("an open call is kept with its outcome as long as there is room", () => {
  const file = path();
  const first = yellow(0);
  appendPending(file, lineOf(first));
  appendPending(file, lineOf(outcome(first, 0)));
  for (let n = 1; n < 150; n++) {
    const call = yellow(n);
    appendPending(file, lineOf(call));
    appendPending(file, lineOf(answered(call, n)));
  }
  const { records } = readPending(file);
  expect(records.length).toBeLessThan(100);
  expect(foldPending(records).find(({ id }) => id === "call-0")).toMatchObject({ outcome: "ran", confirmed: true });
});
