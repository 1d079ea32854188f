/** Refused calls of promoted rules: what counts as one, and that session by session finds what the whole log tells. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contradictedRules } from "../../src/analyze/contradicted-rules.js";
import type { Scanned } from "../../src/analyze/scan/scan.js";
import type { AuditRecord } from "../../src/core/audit/record.js";
import { foldContradictions } from "../../src/core/promote/contradiction.js";
import { decided, newestFirst, prompted, ran, record } from "../cubes/log.js";
import "../fixed-seed.js";

const ALLOWED = { tier: "auto", decision: "allow", rule_id: "r", rule_ids: ["r"] } as const;
const input = (command: string) => ({ input_hash: command, tool_input: { command } });
const allowed = (at: number, id: string, more: Partial<AuditRecord> = {}) =>
  decided(at, id, { ...ALLOWED, ...input(id), ...more });
const asked = (at: number, id: string, more: Partial<AuditRecord> = {}) => prompted(at, { ...input(id), ...more });
const turnEnd = (at: number) => record(at, { event: "UserPromptSubmit" });

const rulesIn = (written: readonly Scanned[]) =>
  foldContradictions(written.flatMap((one) => (one.kind === "record" ? [one] : [])));

describe("a rule is contradicted by a call of it", () => {
  it.each<[string, boolean, readonly Scanned[]]>([
    ["asked about all the same and not run", true, [allowed(1, "a"), asked(2, "a"), turnEnd(3)]],
    ["that a session ended on", true, [allowed(1, "a"), asked(2, "a"), record(3, { event: "SessionEnd" })]],
    ["denied by auto mode", true, [allowed(1, "a"), record(2, { event: "PermissionDenied", tool_use_id: "a" })]],
    ["but not when it ran", false, [allowed(1, "a"), asked(2, "a"), ran(3, "a"), turnEnd(4)]],
    ["nor when it ran later", false, [allowed(1, "a"), asked(2, "a"), turnEnd(3), ran(4, "a")]],
    ["nor while the dialog is open", false, [turnEnd(0), allowed(1, "a"), asked(2, "a")]],
    ["nor when nobody was asked", false, [allowed(1, "a"), turnEnd(3)]],
    ["nor when another call was asked about", false, [allowed(1, "a"), asked(2, "b"), turnEnd(3)]],
    ["nor when nobody could answer", false, [allowed(1, "a", { attended: false }), asked(2, "a"), turnEnd(3)]],
    [
      "nor when a stricter copy asked",
      false,
      [allowed(1, "a"), allowed(2, "a", { decision: "ask" }), asked(3, "a"), turnEnd(4)],
    ],
  ])("%s: %s", (_, isContradicted, written) => {
    expect([...rulesIn(written).keys()]).toEqual(isContradicted ? ["r"] : []);
  });

  it("and the newest one is told, of every rule that allowed it", () => {
    const twice = [
      allowed(1, "a"),
      asked(2, "a"),
      allowed(3, "b", { rule_ids: ["r", "s"] }),
      asked(4, "b"),
      turnEnd(5),
    ];
    const found = rulesIn(twice);
    expect([...found].map(([rule, { subject }]) => [rule, subject])).toEqual([
      ["r", "b"],
      ["s", "b"],
    ]);
  });
});

it("found at a session's end is what the whole log tells", () => {
  const step = fc.record({ kind: fc.constantFrom("call", "ask", "run", "end"), id: fc.constantFrom("a", "b", "c") });
  let contradicted = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
      const known = new Set<string>();
      const written = steps.flatMap(({ kind, id }, index): Scanned[] => {
        const at = index * 1000;
        // Claude Code asks about and runs only what it called, and calls nothing twice.
        if (kind === "end") return [turnEnd(at)];
        if (kind !== "call") return known.has(id) ? [kind === "ask" ? asked(at, id) : ran(at, id)] : [];
        if (known.has(id)) return [];
        known.add(id);
        return [allowed(at, id, { rule_id: id, rule_ids: [id] })];
      });
      const here = rulesIn(written);
      const whole = contradictedRules(newestFirst(written), new Set(["a", "b", "c"]));
      contradicted += whole.size;
      expect([...here.keys()].toSorted()).toEqual([...whole.keys()].toSorted());
    }),
    { numRuns: 2_000 },
  );
  expect(contradicted).toBeGreaterThan(100);
});
