/** Builds small logs in the order of writing and hands them out newest first, as the scan does. */

import type { Scanned } from "../../src/analyze/scan/scan.js";
import type { AuditRecord } from "../../src/core/audit/record.js";

export const START = Date.parse("2026-11-16T09:00:00.000Z");

/** @param at milliseconds after START */
export function record(at: number, fields: Partial<AuditRecord>): Scanned {
  const timeMs = START + at;
  return {
    kind: "record",
    timeMs,
    record: {
      v: 1,
      id: `r${at}`,
      timestamp: new Date(timeMs).toISOString(),
      event: "PreToolUse",
      session_id: "s1",
      auto_promoted: false,
      ...fields,
    },
    at: { file: "/home/u/audit.jsonl", offset: at, length: 100 },
  };
}

/** A decision of the hook on a Bash call. */
export function decided(at: number, id: string, fields: Partial<AuditRecord> = {}): Scanned {
  return record(at, {
    tier: "allow",
    decision: "allow",
    tool_name: "Bash",
    permission_mode: "default",
    attended: true,
    tool_use_id: id,
    ...fields,
  });
}

export function ran(at: number, id: string, fields: Partial<AuditRecord> = {}): Scanned {
  return record(at, { event: "PostToolUse", tool_name: "Bash", tool_use_id: id, tool_success: true, ...fields });
}

export function prompted(at: number, fields: Partial<AuditRecord> = {}): Scanned {
  return record(at, { event: "PermissionRequest", tool_name: "Bash", attended: true, ...fields });
}

export function bad(at: number): Scanned {
  return {
    kind: "bad",
    problem: "not-json",
    at: { file: "/home/u/audit.jsonl", offset: at, length: 7 },
    excerpt: "{broken",
  };
}

export function newestFirst(written: readonly Scanned[]): Scanned[] {
  return [...written].reverse();
}
