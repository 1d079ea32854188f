/** The history of rules: what is written is what the analyzer's timeline reads, and a torn end costs no neighbour. */
import { appendFileSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseHistory } from "../../src/analyze/sections/history.js";
import { appendRuleChange, type RuleChange, tellsOf } from "../../src/store/promotion/rule-history.js";

const change: RuleChange = {
  id: "0199-1",
  timestamp: "2026-11-21T12:00:00.000Z",
  event: "rule_promoted",
  rule: "auto-npm-test",
  by: "llm",
  reason: 'three "GREEN"\nverdicts',
};

it("is read back by the timeline, and kept private", () => {
  const path = join(mkdtempSync(join(tmpdir(), "claude-permit-history-")), "auto-rules.history.jsonl");
  expect(appendRuleChange(path, change)).toBeNull();
  appendFileSync(path, '{"timestamp":"2026-');
  expect(appendRuleChange(path, { ...change, id: "0199-2", event: "rule_revoked", by: "user" })).toBeNull();
  const { entries, unusable } = parseHistory(readFileSync(path, "utf8"));
  expect(unusable).toBe(1);
  expect(entries.map(({ event, rule, by, reason }) => [event, rule, by, reason])).toEqual([
    ["rule_promoted", "auto-npm-test", "llm", change.reason],
    ["rule_revoked", "auto-npm-test", "user", change.reason],
  ]);
  expect(statSync(path).mode & 0o077).toBe(0);
  expect([tellsOf(path, "0199-1"), tellsOf(path, "0199-3"), tellsOf(`${path}.gone`, "0199-1")]).toEqual([
    true,
    false,
    false,
  ]);
});

it("says why a line could not be written", () => {
  expect(appendRuleChange("/dev/null/history.jsonl", change)).toBe("ENOTDIR");
});
