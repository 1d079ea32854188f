/**
 * Which hook entries Claude Code would refuse. One refused PreToolUse or PermissionRequest handler makes it drop the
 * whole settings file, deny rules included, and say nothing when headless; so nothing is written that does not pass here.
 * Unknown keys and unknown events are let pass: Claude Code ignores them.
 */
import { isJsonObject, type JsonObject, type JsonPath } from "./json-text.js";

export interface HookFault {
  readonly path: JsonPath;
  /** `timeout must be a number above 0`. */
  readonly message: string;
  /** True when Claude Code drops the whole file for it, false when only the entry. */
  readonly voidsFile: boolean;
}

const VOIDING = new Set(["PreToolUse", "PermissionRequest"]);

type Test = (value: unknown) => boolean;

const isText: Test = (value) => typeof value === "string";
const isFilled: Test = (value) => typeof value === "string" && value !== "";
const isFlag: Test = (value) => typeof value === "boolean";
const isTexts: Test = (value) => Array.isArray(value) && value.every(isText);
const isTextMap: Test = (value) => isJsonObject(value) && Object.values(value).every(isText);
const isSeconds: Test = (value) => typeof value === "number" && value > 0;
const isOnFailure: Test = (value) => value === "continue" || value === "block";
const isShell: Test = (value) => value === "bash" || value === "powershell";

const FIELDS: Readonly<Record<string, readonly [test: Test, wanted: string]>> = {
  if: [isText, "a string"],
  timeout: [isSeconds, "a number of seconds above 0"],
  onFailure: [isOnFailure, '"continue" or "block"'],
  statusMessage: [isText, "a string"],
  once: [isFlag, "true or false"],
  args: [isTexts, "a list of strings"],
  shell: [isShell, '"bash" or "powershell"'],
  async: [isFlag, "true or false"],
  asyncRewake: [isFlag, "true or false"],
  headers: [isTextMap, "an object of strings"],
  allowedEnvVars: [isTexts, "a list of strings"],
  input: [isJsonObject, "an object"],
  model: [isText, "a string"],
  continueOnBlock: [isFlag, "true or false"],
};

/** Handler type -> the fields it cannot do without. */
const NEEDED: Readonly<Record<string, Readonly<Record<string, readonly [test: Test, wanted: string]>>>> = {
  command: { command: [isFilled, "a string"] },
  http: { url: [(value) => typeof value === "string" && URL.canParse(value), "a literal URL"] },
  mcp_tool: { server: [isFilled, "a string"], tool: [isFilled, "a string"] },
  prompt: { prompt: [isFilled, "a string"] },
  agent: { prompt: [isFilled, "a string"] },
};

/** Every entry that would be refused, in the order of the file. `settings`: the parsed file, or a plugin's hooks.json. */
export function checkHooks(settings: JsonObject): readonly HookFault[] {
  const { hooks } = settings;
  if (hooks === undefined) return [];
  if (!isJsonObject(hooks)) return [{ path: ["hooks"], message: "hooks must be an object", voidsFile: true }];
  return Object.entries(hooks).flatMap(([event, groups]) =>
    checkEvent(event, groups).map((found) => ({ ...found, voidsFile: VOIDING.has(event) })),
  );
}

type Found = Omit<HookFault, "voidsFile">;

function checkEvent(event: string, groups: unknown): readonly Found[] {
  const path = ["hooks", event];
  if (!Array.isArray(groups)) return [{ path, message: `${event} must be a list` }];
  return groups.flatMap((group: unknown, at) => checkGroup(group, [...path, at]));
}

function checkGroup(group: unknown, path: JsonPath): readonly Found[] {
  if (!isJsonObject(group)) return [{ path, message: "a matcher group must be an object" }];
  const { matcher, hooks } = group;
  const wrongMatcher: Found[] =
    matcher === undefined || isText(matcher)
      ? []
      : [{ path: [...path, "matcher"], message: "matcher must be a string" }];
  if (!Array.isArray(hooks)) return [...wrongMatcher, { path: [...path, "hooks"], message: "hooks must be a list" }];
  return [...wrongMatcher, ...hooks.flatMap((handler, at) => checkHandler(handler, [...path, "hooks", at]))];
}

function checkHandler(handler: unknown, path: JsonPath): readonly Found[] {
  if (!isJsonObject(handler)) return [{ path, message: "a handler must be an object" }];
  const { type } = handler;
  const needed = typeof type === "string" && Object.hasOwn(NEEDED, type) ? NEEDED[type] : undefined;
  if (needed === undefined) {
    return [{ path: [...path, "type"], message: `type must be one of ${Object.keys(NEEDED).join(", ")}` }];
  }
  const tests = { ...FIELDS, ...needed };
  return Object.entries(tests).flatMap(([name, [test, wanted]]) =>
    (handler[name] === undefined && !(name in needed)) || test(handler[name])
      ? []
      : [{ path: [...path, name], message: `${name} must be ${wanted}` }],
  );
}

/** `hooks.PreToolUse[0].hooks[1].timeout`. */
export function pathText(path: JsonPath): string {
  return path.map((step, at) => (typeof step === "number" ? `[${step}]` : at === 0 ? step : `.${step}`)).join("");
}
