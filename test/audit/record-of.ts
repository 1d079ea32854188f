/** Records for tests: a whole PreToolUse decision, with what a test cares about laid over it. */
import type { AuditRecord } from "../../src/core/audit/record.js";

export function recordOf(over: Partial<AuditRecord> = {}): AuditRecord {
  return {
    v: 1,
    id: "019c0000-0000-7000-8000-000000000001",
    timestamp: "2026-11-21T08:42:11.123Z",
    event: "PreToolUse",
    session_id: "5f8a4d0e-0000-4000-8000-000000000001",
    tier: "allow",
    decision: "allow",
    tool_name: "Bash",
    rule_id: "read-only",
    permission_mode: "default",
    attended: true,
    tool_use_id: "toolu_01",
    duration_us: 812,
    cwd: "/srv/app",
    rule_ids: ["read-only"],
    commands: ["git status"],
    effect: "reads",
    tool_input: { command: "git status", description: "See what changed" },
    auto_promoted: false,
    ...over,
  };
}

/** The n-th second after the base record's moment. */
export function recordAt(second: number, over: Partial<AuditRecord> = {}): AuditRecord {
  const timeMs = Date.UTC(2026, 10, 21, 8, 0, 0) + second * 1000;
  const id = `019c0000-0000-7000-8000-${String(second).padStart(12, "0")}`;
  return recordOf({ id, timestamp: new Date(timeMs).toISOString(), tool_use_id: `toolu_${second}`, ...over });
}
