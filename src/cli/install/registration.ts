/**
 * What is registered in Claude Code, and the smallest edits that bring a settings file there or take it out again.
 * INVARIANT: the edited text is parsed and compared with the edited value; a file whose layout defeats the edits
 * (a key written twice) is refused, never half changed.
 */
import { isDeepStrictEqual } from "node:util";
import { editText, editValue, type JsonEdit } from "../../store/json-edit.js";
import { isJsonObject, type JsonObject } from "../../store/json-text.js";
import { BYTE_ORDER_MARK, withoutMark } from "../../store/settings-file.js";
import { type HookHandler, hookHandlers, isOurs } from "../../store/settings-hooks.js";

/** What the registered command line is made of; absolute paths. */
export interface Program {
  readonly node: string;
  readonly hook: string;
  readonly home: string;
}

export type Edited =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "same" }
  | { readonly kind: "refused"; readonly message: string };

/** Events of tools, which take a matcher. */
const TOOL_EVENTS = ["PreToolUse", "PostToolUse", "PostToolUseFailure", "PermissionRequest", "PermissionDenied"];
const OTHER_EVENTS = ["PostToolBatch", "UserPromptSubmit", "Stop", "SessionStart", "SessionEnd"];
export const REGISTERED_EVENTS: readonly string[] = [...TOOL_EVENTS, ...OTHER_EVENTS];

/** Seconds. A decision takes milliseconds; a busy machine and a model that is asked take longer. */
const DECISION_TIMEOUT = 20;
/** That of SessionEnd also raises the 1.5 s which Claude Code gives all hooks of that event. */
const RECORD_TIMEOUT = 10;

/** The matcher group of one event. Only PreToolUse decides, so only its failure blocks. */
export function groupFor(event: string, { node, hook, home }: Program): JsonObject {
  const handler = {
    type: "command",
    command: node,
    args: [hook, "--home", home],
    timeout: event === "PreToolUse" ? DECISION_TIMEOUT : RECORD_TIMEOUT,
    ...(event === "PreToolUse" ? { onFailure: "block" } : {}),
    statusMessage: "claude-permit",
  };
  return TOOL_EVENTS.includes(event) ? { matcher: "*", hooks: [handler] } : { hooks: [handler] };
}

/** The text with exactly our hooks as `program` wants them; an absent file is made. */
export function registerHooks(text: string | null, program: Program): Edited {
  const whole = text ?? "{}\n";
  return edited(whole, text === null ? null : whole, (settings) => {
    const kept = keptHandlers(settings, program);
    const removed = removalsOf(settings, ({ event, path }) => kept.get(event)?.path.join() !== path.join());
    const missing = REGISTERED_EVENTS.filter((event) => !kept.has(event));
    return [...removed, ...appendsTo(removed.reduce(editValue, settings), missing, program)];
  });
}

/** The text without any hook of ours. */
export function removeHooks(text: string): Edited {
  return edited(text, text, (settings) => removalsOf(settings, () => true));
}

function edited(whole: string, before: string | null, plan: (settings: JsonObject) => readonly JsonEdit[]): Edited {
  const body = withoutMark(whole);
  const settings: unknown = JSON.parse(body);
  const edits = isJsonObject(settings) ? plan(settings) : [];
  const text = edits.reduce(editText, body);
  if (!isDeepStrictEqual(JSON.parse(text), edits.reduce<unknown>(editValue, settings))) {
    return { kind: "refused", message: "its layout cannot be edited safely; is a key written twice?" };
  }
  const withMark = body === whole ? text : BYTE_ORDER_MARK + text;
  return withMark === before ? { kind: "same" } : { kind: "text", text: withMark };
}

/** By event: the one handler that is just as wanted. */
function keptHandlers(settings: JsonObject, program: Program): ReadonlyMap<string, HookHandler> {
  const kept = new Map<string, HookHandler>();
  for (const found of ours(settings)) {
    const group = { ...(found.matcher === undefined ? {} : { matcher: found.matcher }), hooks: [found.handler] };
    const isWanted =
      REGISTERED_EVENTS.includes(found.event) && isDeepStrictEqual(group, groupFor(found.event, program));
    if (isWanted && !kept.has(found.event)) kept.set(found.event, found);
  }
  return kept;
}

/** From the last to the first, so that the places of those before stay what they are. */
function removalsOf(settings: JsonObject, isUnwanted: (found: HookHandler) => boolean): readonly JsonEdit[] {
  const edits: JsonEdit[] = [];
  let value: unknown = settings;
  for (const found of ours(settings).filter(isUnwanted).reverse()) {
    const edit: JsonEdit = { kind: "remove", path: emptiedBy(value, found) };
    edits.push(edit);
    value = editValue(value, edit);
  }
  return edits;
}

/** The largest thing that would be left empty without this handler. */
function emptiedBy(settings: unknown, { path }: HookHandler): JsonEdit["path"] {
  const sizes = path.map((_, at) => sizeOf(path.slice(0, at).reduce(member, settings)));
  let depth = path.length;
  // Levels: hooks · event · group · its "hooks" (a group is more than its list, so it goes with it) · handler.
  if (sizes[4] === 1) depth = 3;
  if (depth === 3 && sizes[2] === 1) depth = 2;
  if (depth === 2 && sizes[1] === 1) depth = 1;
  return path.slice(0, depth);
}

function appendsTo(settings: unknown, events: readonly string[], program: Program): readonly JsonEdit[] {
  const edits: JsonEdit[] = [];
  let value = settings;
  for (const event of events) {
    const group = groupFor(event, program);
    const hooks = member(value, "hooks");
    const edit: JsonEdit =
      hooks === undefined
        ? { kind: "append", path: [], key: "hooks", value: { [event]: [group] } }
        : member(hooks, event) === undefined
          ? { kind: "append", path: ["hooks"], key: event, value: [group] }
          : { kind: "append", path: ["hooks", event], key: null, value: group };
    edits.push(edit);
    value = editValue(value, edit);
  }
  return edits;
}

function ours(settings: JsonObject): readonly HookHandler[] {
  return hookHandlers(settings).filter(({ handler }) => isOurs(handler));
}

function member(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) return value[Number(step)];
  return isJsonObject(value) ? value[step] : undefined;
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : 0;
}
