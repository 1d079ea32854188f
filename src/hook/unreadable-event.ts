/** What is still known of an event that could not be read. It repairs nothing. */
import { type HookEvent, readEvent } from "./hook-event.js";
import type { ParsedEvent } from "./parse-event.js";
import { topLevelStrings } from "./top-level-strings.js";

/** Stands in for an event of which nothing is known. */
const NAMELESS: HookEvent = {
  event: "PreToolUse",
  sessionId: "",
  cwd: "",
  permissionMode: undefined,
  promptId: undefined,
  agentId: undefined,
  toolUseId: undefined,
  toolName: undefined,
  toolInput: null,
  response: undefined,
  durationMs: undefined,
  reason: undefined,
  error: undefined,
  calls: [],
};

/** `text`: what its string fields are looked for in. */
export function unreadable(why: string, text: string): ParsedEvent {
  const fields = topLevelStrings(text);
  if (typeof fields["hook_event_name"] !== "string")
    return { kind: "unreadable", why, event: NAMELESS, hasName: false };
  const event = readEvent(fields);
  return event === null ? { kind: "other" } : { kind: "unreadable", why, event, hasName: true };
}
