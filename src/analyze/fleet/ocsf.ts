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

/** Place in the event -> what of the row stands there; places that come out empty are left out. */
const PLACES: readonly (readonly [place: string, value: (row: Row) => string | number | null])[] = [
  ["metadata.uid", ({ id }) => id],
  ["metadata.correlation_uid", ({ call_id }) => call_id],
  ["api.operation", ({ tool, event }) => tool || event],
  ["ai_agent.instance_uid", ({ session }) => session],
  ["device.uid", ({ machine }) => machine],
  ["policy.uid", ({ rule }) => rule],
  ["policy.version", ({ policy }) => policy],
  ["ai_model.name", ({ llm_model }) => llm_model],
  ["duration", ({ tool_ms }) => tool_ms],
  ["unmapped.claude_permit.tier", ({ tier }) => tier],
  ["unmapped.claude_permit.source", ({ source }) => source],
  ["unmapped.claude_permit.effect", ({ effect }) => effect],
  ["unmapped.claude_permit.mode", ({ mode }) => mode],
  ["unmapped.claude_permit.project", ({ project }) => project],
  ["unmapped.claude_permit.kind", ({ kind }) => kind],
];

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
    time: row.time,
    ...VERDICTS[row.decision],
    ...STATUS[row.outcome],
    metadata: {
      version: OCSF_VERSION,
      profiles: ["security_control", "ai_operation"],
      product: { name: "claude-permit", vendor_name: "claude-permit" },
    },
  };
  for (const [place, valueAt] of PLACES) {
    const value = valueAt(row);
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
