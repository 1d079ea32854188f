/** The hooks that Claude Code's installed plugins bring. It reads Claude Code's own notes leniently: their shape may change. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, type JsonObject } from "./json-text.js";

export interface PluginHooks {
  /** `claude-permit@some-marketplace`. */
  readonly name: string;
  /** Its hooks.json. */
  readonly path: string;
  /** Parsed, with `${CLAUDE_PLUGIN_ROOT}` replaced by the folder it is in. */
  readonly settings: JsonObject;
}

/** What Claude Code puts the plugin's folder in the place of. */
const ROOT = /\$\{CLAUDE_PLUGIN_ROOT\}/g;

/** Of the plugins that `isEnabled`; what cannot be read brings none. */
export function pluginHooks(claudeDir: string, isEnabled: (name: string) => boolean): readonly PluginHooks[] {
  const installed = readJson(join(claudeDir, "plugins", "installed_plugins.json"), (text) => text);
  const plugins = isJsonObject(installed["plugins"]) ? installed["plugins"] : installed;
  return Object.entries(plugins).flatMap(([name, entry]) => {
    const root = installPathOf(entry);
    if (root === null || !isEnabled(name)) return [];
    const path = join(root, "hooks", "hooks.json");
    const quoted = JSON.stringify(root).slice(1, -1);
    return [{ name, path, settings: readJson(path, (text) => text.replaceAll(ROOT, () => quoted)) }];
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
