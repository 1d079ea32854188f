/**
 * A record of the log as the call it was, with the paths as they led then. What was cut, redacted or never kept makes a
 * record unknowable: it is counted by reason and never judged on the part that is left.
 */
import type { AuditRecord } from "../../core/audit/record.js";
import { callOfRecord, type RecordedCall } from "../../core/audit/record-call.js";
import type { ToolCall } from "../../core/tool-call.js";

export const UNKNOWABLE = {
  "no-input": "the input was not kept",
  cut: "the input was cut",
  redacted: "a secret in it was replaced",
  altered: "it holds characters that were replaced when it was written",
  "no-policy": "no policy is known for its project at that time",
} as const;

export type Unknowable = keyof typeof UNKNOWABLE;

export type Replayable =
  | { readonly kind: "call"; readonly call: ToolCall; readonly resolvePath: (absolute: string) => string | null }
  | { readonly kind: "unknowable"; readonly why: Unknowable };

export function replayable(record: RecordedCall & Pick<AuditRecord, "resolved" | "redacted">): Replayable {
  if (record.input_truncated === true) return { kind: "unknowable", why: "cut" };
  const call = callOfRecord(record);
  if (call === null) return { kind: "unknowable", why: typeof record.tool_input === "string" ? "cut" : "no-input" };
  const { cwd, home, project, resolved } = record;
  const kept = [call.input, cwd, home, project, resolved];
  if (record.redacted !== undefined && holds(kept, "REDACTED_")) return { kind: "unknowable", why: "redacted" };
  // A lone surrogate is written as U+FFFD, and the hook judged the lone surrogate.
  if (holds(kept, "\ufffd")) return { kind: "unknowable", why: "altered" };
  return { kind: "call", call, resolvePath: resolvePathOf(record) };
}

/** Whether a text stands in a value, names of fields included. */
function holds(value: unknown, text: string): boolean {
  if (typeof value === "string") return value.includes(text);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, inner]) => name.includes(text) || holds(inner, text));
}

/**
 * Where paths led: as recorded ("" is "not known"), below a recorded path along with it, else to themselves, which is
 * what the hook found of every path that it does not mention.
 */
export function resolvePathOf({ resolved = {} }: Pick<AuditRecord, "resolved">): (absolute: string) => string | null {
  const targets = new Map(Object.entries(resolved));
  return (absolute) => {
    if (targets.size === 0) return absolute;
    for (let edge = absolute.length; edge > 0; edge = absolute.lastIndexOf("/", edge - 1)) {
      const target = targets.get(absolute.slice(0, edge));
      if (target !== undefined) return target === "" ? null : target + absolute.slice(edge);
    }
    return absolute;
  };
}
