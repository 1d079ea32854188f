/** Who registered which hooks for a session in this folder: every settings file and every enabled plugin, read now. */
import type { JsonObject } from "../store/json-text.js";
import type { Locations } from "../store/locations.js";
import { pluginHooks } from "../store/plugin-hooks.js";
import { checkHooks, type HookFault } from "../store/settings-check.js";
import { readSettings, type SettingsRefusal } from "../store/settings-file.js";
import { type HookHandler, hookHandlers, isOurs } from "../store/settings-hooks.js";
import { type SettingsOrigin, settingsPlaces } from "../store/settings-places.js";

export interface HookSource {
  readonly origin: SettingsOrigin | "plugin";
  readonly path: string;
  /** Empty when there is no file or it was refused. */
  readonly settings: JsonObject;
  readonly refusal: SettingsRefusal | null;
  /** Our handlers in it. */
  readonly ours: readonly HookHandler[];
  /** Entries that Claude Code refuses, anyone's. */
  readonly faults: readonly HookFault[];
}

/** Strongest first; files that are not there are left out. */
export function hookSources(where: Locations, folder: string): readonly HookSource[] {
  const files = settingsPlaces(where, folder).flatMap(({ origin, path }) => {
    const read = readSettings(path);
    if (read.kind === "refused") return [{ origin, path, settings: {}, refusal: read.refusal, ours: [], faults: [] }];
    return read.file.text === null ? [] : [sourceOf(origin, path, read.file.settings)];
  });
  const plugins = pluginHooks(where.claudeDir, (name) => isEnabled(name, files)).map(({ path, settings }) =>
    sourceOf("plugin", path, settings),
  );
  return [...files, ...plugins];
}

/** Whether Claude Code drops the whole file, and with it our hooks. */
export function isVoid({ refusal, faults }: HookSource): boolean {
  return refusal !== null || faults.some(({ voidsFile }) => voidsFile);
}

/** The strongest file that says anything about `key`. */
export function settingOf(sources: readonly HookSource[], key: string): { value: unknown; path: string } | null {
  const found = sources.find(({ origin, settings }) => origin !== "plugin" && settings[key] !== undefined);
  return found === undefined ? null : { value: found.settings[key], path: found.path };
}

function sourceOf(origin: HookSource["origin"], path: string, settings: JsonObject): HookSource {
  const ours = hookHandlers(settings).filter(({ handler }) => isOurs(handler));
  return { origin, path, settings, refusal: null, ours, faults: checkHooks(settings) };
}

function isEnabled(name: string, files: readonly HookSource[]): boolean {
  for (const { settings } of files) {
    const enabled = settings["enabledPlugins"];
    if (typeof enabled !== "object" || enabled === null || !Object.hasOwn(enabled, name)) continue;
    return Object.entries(enabled).some(([key, value]) => key === name && value !== false);
  }
  return false;
}
