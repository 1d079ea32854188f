/** The hooks that Claude Code's installed plugins bring. It reads Claude Code's own notes leniently: their shape may change. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, type JsonObject } from "./json-text.js";

export interface PluginHooks {
  /** `claude-permit@some-marketplace`. */
  readonly name: string;
  /** Its hooks.json. */
  readonly path: string;
  /** Parsed, with what Claude Code puts in the place of `${CLAUDE_PLUGIN_ROOT}` and `${CLAUDE_PLUGIN_DATA}`. */
  readonly settings: JsonObject;
}

/** The plugin's own folder, which changes with every version, and the one where it may keep things. */
const PLACES = /\$\{CLAUDE_PLUGIN_(ROOT|DATA)\}/g;

/** Of the plugins that `isEnabled`; what cannot be read brings none. */
export function pluginHooks(claudeDir: string, isEnabled: (name: string) => boolean): readonly PluginHooks[] {
  const installed = readJson(join(claudeDir, "plugins", "installed_plugins.json"), (text) => text);
  const plugins = isJsonObject(installed["plugins"]) ? installed["plugins"] : installed;
  return Object.entries(plugins).flatMap(([name, entry]) => {
    const root = installPathOf(entry);
    if (root === null || !isEnabled(name)) return [];
    const path = join(root, "hooks", "hooks.json");
    const data = join(claudeDir, "plugins", "data", name.replaceAll(/[^\w-]/g, "-"));
    const placed = (_: string, place: string) => JSON.stringify(place === "ROOT" ? root : data).slice(1, -1);
    return [{ name, path, settings: readJson(path, (text) => text.replaceAll(PLACES, placed)) }];
  });
}

/** An entry is one installation or a list of them; the last is the newest. */
function installPathOf(entry: unknown): string | null {
  const one: unknown = Array.isArray(entry) ? entry.at(-1) : entry;
  return isJsonObject(one) && typeof one["installPath"] === "string" ? one["installPath"] : null;
}

function readJson(path: string, prepare: (text: string) => string): JsonObject {
  try {
    const value: unknown = JSON.parse(prepare(readFileSync(path, "utf8")));
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
