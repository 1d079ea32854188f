/**
 * What Claude Code sends on standard input, read leniently: unknown keys are ignored, any key may be missing, nothing
 * is trusted to have its type (contract section 3). No schema library: loading one costs more than the whole hook.
 */
/** Events that become a record; every other event is answered with silence and leaves none. */
export const RECORDED_EVENTS = [
  "PreToolUse",
  "PermissionRequest",
  "PermissionDenied",
  "PostToolUse",
  "PostToolUseFailure",
  "PostToolBatch",
  "SessionStart",
  "SessionEnd",
  "Stop",
  "UserPromptSubmit",
] as const;

export type RecordedEvent = (typeof RECORDED_EVENTS)[number];

export type ToolInput = Readonly<Record<string, unknown>>;

/** One call of a PostToolBatch. */
export interface BatchCall {
  readonly toolName: string;
  readonly toolUseId: string;
  readonly toolInput: ToolInput | null;
  readonly response: unknown;
}

export interface HookEvent {
  readonly event: RecordedEvent;
  readonly sessionId: string;
  readonly cwd: string;
  readonly permissionMode: string | undefined;
  readonly promptId: string | undefined;
  readonly agentId: string | undefined;
  readonly toolUseId: string | undefined;
  readonly toolName: string | undefined;
  /** `null` when the event has none, or it is no object. */
  readonly toolInput: ToolInput | null;
  readonly response: unknown;
  readonly durationMs: number | undefined;
  /** PermissionDenied: why. */
  readonly reason: string | undefined;
  /** PostToolUseFailure: what went wrong. */
  readonly error: string | undefined;
  readonly calls: readonly BatchCall[];
}

/** `null` for an event that leaves no record. */
export function readEvent(value: ToolInput): HookEvent | null {
  const event = RECORDED_EVENTS.find((name) => name === value["hook_event_name"]);
  if (event === undefined) return null;
  const text = (key: string): string | undefined => {
    const field = value[key];
    return typeof field === "string" ? field : undefined;
  };
  const duration = value["duration_ms"];
  const calls = value["tool_calls"];
  return {
    event,
    sessionId: text("session_id") ?? "",
    cwd: text("cwd") ?? "",
    permissionMode: text("permission_mode"),
    promptId: text("prompt_id"),
    agentId: text("agent_id"),
    toolUseId: text("tool_use_id"),
    toolName: text("tool_name"),
    toolInput: objectOrNull(value["tool_input"]),
    response: value["tool_response"],
    durationMs: typeof duration === "number" ? duration : undefined,
    reason: text("reason"),
    error: text("error"),
    calls: Array.isArray(calls) ? calls.flatMap(readCall) : [],
  };
}

function readCall(value: unknown): BatchCall[] {
  if (!isObject(value)) return [];
  const { tool_name: toolName, tool_use_id: toolUseId } = value;
  if (typeof toolName !== "string" || typeof toolUseId !== "string") return [];
  return [{ toolName, toolUseId, toolInput: objectOrNull(value["tool_input"]), response: value["tool_response"] }];
}

export function isObject(value: unknown): value is ToolInput {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectOrNull(value: unknown): ToolInput | null {
  return isObject(value) ? value : null;
}
