/** An event from its text. What cannot be read is not guessed at: as much is told of it as its beginning says. */
import { type HookEvent, isObject, readEvent } from "./hook-event.js";
import { unreadable } from "./unreadable-event.js";

export type ParsedEvent =
  | { readonly kind: "event"; readonly event: HookEvent }
  /** An event that leaves no record. */
  | { readonly kind: "other" }
  /** Not to be understood; `event` holds what the beginning tells, and stands for a call when that is nothing. */
  | { readonly kind: "unreadable"; readonly why: string; readonly event: HookEvent; readonly hasName: boolean };

/** `isWhole` is false when the text was cut at the reading limit. */
export function parseEvent(text: string, isWhole: boolean): ParsedEvent {
  if (!isWhole) return unreadable("the event is larger than claude-permit reads", text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable("the event is not valid JSON", text);
  }
  if (!isObject(value)) return unreadable("the event is not a JSON object", "");
  if (typeof value["hook_event_name"] !== "string") return unreadable("the event has no `hook_event_name`", "");
  const event = readEvent(value);
  return event === null ? { kind: "other" } : { kind: "event", event };
}
