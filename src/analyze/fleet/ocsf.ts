/**
 * A row as an OCSF event (1.9.0-dev: API Activity with the profiles `security_control` and `ai_operation`), for stores that
 * speak it. One table of places; decisions, prompts and changes only, the rest has no OCSF meaning. Still a draft there,
 * so nothing of ours is stored under these names.
 */
import type { Row } from "./row.js";

export const OCSF_VERSION = "1.9.0-dev";

interface Verdict {
  readonly action_id: number;
  readonly action: string;
  readonly disposition_id: number;
  readonly disposition: string;
}

/** What a decision is in `security_control`. `passthrough`: Claude Code's own flow decides later. */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  allow: { action_id: 1, action: "Allowed", disposition_id: 1, disposition: "Allowed" },
  rerouted: { action_id: 4, action: "Modified", disposition_id: 11, disposition: "Corrected" },
  deny: { action_id: 2, action: "Denied", disposition_id: 2, disposition: "Blocked" },
  ask: { action_id: 0, action: "Unknown", disposition_id: 23, disposition: "Challenge" },
  passthrough: { action_id: 0, action: "Unknown", disposition_id: 16, disposition: "No Action" },
  error_passthrough: { action_id: 0, action: "Unknown", disposition_id: 18, disposition: "Error" },
};

const STATUS: Readonly<Record<string, { readonly status_id: number; readonly status: string }>> = {
  succeeded: { status_id: 1, status: "Success" },
  failed: { status_id: 2, status: "Failure" },
};

const CLASS_UID = 6_003;

/** Where a column stands in the event; what is empty is left out. */
export const OCSF_PLACES = [
  { place: "metadata.uid", column: "id" },
  { place: "metadata.correlation_uid", column: "call_id" },
  { place: "api.operation", column: "event" },
  { place: "api.operation", column: "tool" },
  { place: "ai_agent.instance_uid", column: "session" },
  { place: "device.uid", column: "machine" },
  { place: "policy.uid", column: "rule" },
  { place: "policy.version", column: "policy" },
  { place: "ai_model.name", column: "llm_model" },
  { place: "duration", column: "tool_ms" },
  { place: "time", column: "time" },
  { place: "unmapped.claude_permit.kind", column: "kind" },
  { place: "unmapped.claude_permit.tier", column: "tier" },
  { place: "unmapped.claude_permit.source", column: "source" },
  { place: "unmapped.claude_permit.effect", column: "effect" },
  { place: "unmapped.claude_permit.mode", column: "mode" },
  { place: "unmapped.claude_permit.project", column: "project" },
] as const;

/** `null` for a row that is no event: a line, a batch. */
export function ocsfEvent(row: Row): Readonly<Record<string, unknown>> | null {
  if (row.kind !== "call" && row.kind !== "prompt" && row.kind !== "change") return null;
  const event: Record<string, unknown> = {
    category_uid: 6,
    class_uid: CLASS_UID,
    activity_id: 99,
    activity_name: row.kind,
    type_uid: CLASS_UID * 100 + 99,
    severity_id: row.decision === "deny" || row.decision === "error_passthrough" ? 3 : 1,
    ...VERDICTS[row.decision],
    ...STATUS[row.outcome],
    metadata: {
      version: OCSF_VERSION,
      profiles: ["security_control", "ai_operation"],
      product: { name: "claude-permit", vendor_name: "claude-permit" },
    },
  };
  for (const { place, column } of OCSF_PLACES) {
    const value = row[column];
    if (value !== "" && value !== null) put(event, place.split("."), value);
  }
  return event;
}

function put(into: Record<string, unknown>, [name = "", ...rest]: readonly string[], value: string | number): void {
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const met = into[name];
  const below: Record<string, unknown> = typeof met === "object" && met !== null ? { ...met } : {};
  put(below, rest, value);
  into[name] = below;
}
