/**
 * The hooks of a Claude Code settings file or a plugin's hooks.json: every handler with its place, and whether it is
 * ours. It judges by what would be started, not by who wrote the entry.
 */
import { isJsonObject, type JsonObject, type JsonPath } from "./json-text.js";

/** One handler: `hooks[event][group].hooks[index]`. */
export interface HookHandler {
  readonly event: string;
  readonly matcher: unknown;
  readonly handler: JsonObject;
  readonly path: JsonPath;
  /** How many handlers its group has. */
  readonly groupSize: number;
}

/** All handlers that have a readable shape; what has not is for `checkHooks` to name. */
export function hookHandlers(settings: JsonObject): readonly HookHandler[] {
  const events = isJsonObject(settings["hooks"]) ? Object.entries(settings["hooks"]) : [];
  return events.flatMap(([event, groups]) => listOf(groups).flatMap((group, at) => handlersOf(event, group, at)));
}

function handlersOf(event: string, group: unknown, at: number): readonly HookHandler[] {
  if (!isJsonObject(group)) return [];
  const handlers = listOf(group["hooks"]);
  return handlers.flatMap((handler, index) =>
    isJsonObject(handler)
      ? [
          {
            event,
            matcher: group["matcher"],
            handler,
            path: ["hooks", event, at, "hooks", index],
            groupSize: handlers.length,
          },
        ]
      : [],
  );
}

/** Our program in any spelling: the bundle, the installed command, `claude-permit hook`, a checkout's main.js. */
export function isOurs(handler: JsonObject): boolean {
  if (handler["type"] !== "command") return false;
  const words = wordsOf(handler);
  return words.some((word, at) => {
    const name = word.split(/[\\/]/).at(-1) ?? "";
    if (/^claude-permit-hook(?:\.\w+)?$/.test(name)) return true;
    if (name === "hook.cjs") return words.includes("--home") || /claude-permit/.test(word);
    if (!/^claude-permit(?:\.\w+)?$/.test(name) && !/(?:claude-permit.*|dist[\\/]cli[\\/])main\.js$/.test(word))
      return false;
    return words[at + 1] === "hook";
  });
}

/** Program and arguments; a shell line is split at white space and freed of quotes, which is enough to recognise it. */
export function wordsOf(handler: JsonObject): readonly string[] {
  const command = typeof handler["command"] === "string" ? handler["command"] : "";
  const args = handler["args"];
  if (Array.isArray(args)) return [command, ...args.filter((word) => typeof word === "string")];
  return command
    .split(/\s+/)
    .map((word) => word.replaceAll(/["']/g, ""))
    .filter((word) => word !== "");
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
