/** A record of the log as the call it was, so that it can be judged again. Says when too little of it was kept. */

import { currentToolName, stringField, type ToolCall, toolShape } from "../tool-call.js";
import type { AuditRecord } from "./record.js";

/** What of a record tells its call. */
export type RecordedCall = Pick<
  AuditRecord,
  | "tool_name"
  | "tool_input"
  | "input_truncated"
  | "cwd"
  | "home"
  | "project"
  | "session_id"
  | "permission_mode"
  | "attended"
  | "tool_use_id"
  | "agent_id"
>;

/** `null`: the input was cut, or the record has no call; judging it again would be a guess. */
export function callOfRecord(record: RecordedCall): ToolCall | null {
  const { tool_name: tool, tool_input: input } = record;
  if (tool === undefined || input === undefined || record.input_truncated === true || !isObject(input)) return null;
  return {
    tool: currentToolName(tool),
    input,
    cwd: record.cwd ?? "",
    home: record.home ?? "",
    project: record.project ?? "",
    sessionId: record.session_id,
    permissionMode: record.permission_mode,
    attended: record.attended ?? true,
    ...(record.tool_use_id === undefined ? {} : { toolUseId: record.tool_use_id }),
    ...(record.agent_id === undefined ? {} : { agentId: record.agent_id }),
  };
}

/** What a record is about, in one line: the command, path, address or other main field of its tool. */
export function subjectOf(record: AuditRecord): string {
  const { tool_name: tool = "", tool_input: input } = record;
  if (typeof input === "string") return input;
  if (!isObject(input)) return "";
  const main = toolShape(tool)?.main;
  const text = main === undefined ? undefined : stringField(input, main);
  return text ?? (Object.keys(input).length === 0 ? "" : JSON.stringify(input));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
