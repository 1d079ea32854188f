/** What a pending call came to: kept beside it, and a rule only with `promote_confirmed` and the user's own approval. */
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { awaitsOutcome } from "../../src/store/promotion/awaits-outcome.js";
import { confirmOutcome } from "../../src/store/promotion/confirm-outcome.js";
import { readPending } from "../../src/store/promotion/pending-file.js";
import { policyOf } from "../hook/scene.js";
import { bash, freshMemory, PROMOTING, said } from "./memory.js";

const CONFIRMING = `${PROMOTING}promote_confirmed = true\n`;
const LOG = "git log --oneline -5";

async function confirmed(text: string, command: string, more: Partial<AuditRecord> = {}) {
  const memory = freshMemory();
  writeFileSync(memory.places.config, text);
  const policy = policyOf(text);
  await memory.give(policy, said("YELLOW"), bash(command));
  const [pending] = readPending(memory.places.pendingRules).records;
  if (pending === undefined) throw new Error("nothing is pending");
  const { session_id, tool_use_id = "", input_hash = "", tool_name = "" } = pending.record;
  const outcome: AuditRecord = {
    v: 1,
    id: "outcome-1",
    timestamp: "2026-11-21T12:00:01.000Z",
    event: "PostToolUse",
    session_id,
    tool_name,
    tool_use_id,
    tool_success: true,
    input_hash,
    auto_promoted: false,
    ...more,
  };
  const isAwaited = awaitsOutcome(memory.places.pendingRules, outcome);
  const effects = { ...memory.effects, engine: "0", programFolder: null };
  const { promoted } = await confirmOutcome(outcome, policy.settings, effects);
  return { memory, promoted, isAwaited };
}

describe("the outcome of a pending call", () => {
  it("is kept beside it", async () => {
    const { memory, promoted, isAwaited } = await confirmed(PROMOTING, LOG);
    const events = readPending(memory.places.pendingRules).records.map(({ record }) => record.event);
    expect([isAwaited, promoted, events]).toEqual([true, undefined, ["PreToolUse", "PostToolUse"]]);
    expect(memory.promoted()).toEqual([]);
  });

  it("makes a rule with promote_confirmed, with where it came from", async () => {
    const { memory, promoted } = await confirmed(CONFIRMING, LOG);
    expect(memory.promoted()).toMatchObject([
      { name: promoted?.name, promoted_tier: "YELLOW", promoted_by: "confirmed", promoted_record: "call-1" },
    ]);
  });

  it.each([
    ["another input ran", LOG, { input_hash: "of-another-input" }],
    ["the tool failed", LOG, { event: "PostToolUseFailure", tool_success: false }],
    ["it is another session's call", LOG, { session_id: "s-9" }],
    ["it runs code", "npm test", {}],
    ["it deletes", "rm -rf node_modules/.cache", {}],
  ])("makes none when %s", async (_, command, more) => {
    const { memory, promoted } = await confirmed(CONFIRMING, command, more);
    expect([promoted, memory.promoted()]).toEqual([undefined, []]);
  });

  it("of no pending call is not asked about", () => {
    const { places } = freshMemory();
    expect(awaitsOutcome(places.pendingRules, { tool_use_id: "toolu_1" })).toBe(false);
    expect(awaitsOutcome(places.pendingRules, {})).toBe(false);
  });
});
