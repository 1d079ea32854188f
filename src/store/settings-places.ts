/** Where Claude Code looks for settings, and so for hooks (contract section 8.1). Names places; opens only folders of them. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { gitRoot } from "./git-root.js";
import type { Locations } from "./locations.js";

export type Scope = "user" | "project" | "local";
export type SettingsOrigin = Scope | "managed";

export const SCOPES: readonly Scope[] = ["user", "project", "local"];

export interface SettingsPlace {
  readonly origin: SettingsOrigin;
  readonly path: string;
}

/** The file of one scope for a session in `folder`: local settings are at the git root, project ones in the folder. */
export function settingsPath(scope: Scope, { claudeDir }: Pick<Locations, "claudeDir">, folder: string): string {
  if (scope === "user") return join(claudeDir, "settings.json");
  if (scope === "project") return join(folder, ".claude", "settings.json");
  return join(gitRoot(folder) ?? folder, ".claude", "settings.local.json");
}

/** Every settings file that counts for a session in `folder`, whether it is there or not; strongest first. */
export function settingsPlaces(locations: Locations, folder: string): readonly SettingsPlace[] {
  const managed = managedFiles(locations.systemDir).map((path) => ({ origin: "managed", path }) as const);
  const local = settingsPath("local", locations, folder);
  const project = settingsPath("project", locations, folder);
  const user = settingsPath("user", locations, folder);
  return [
    ...managed,
    { origin: "local", path: local },
    // Started in the home directory, the project's file is the user's.
    ...(project === user ? [] : [{ origin: "project", path: project } as const]),
    { origin: "user", path: user },
  ];
}

function managedFiles(systemDir: string): readonly string[] {
  const folder =
    process.platform === "darwin" ? "/Library/Application Support/ClaudeCode" : join(systemDir, "claude-code");
  const parts = join(folder, "managed-settings.d");
  return [join(folder, "managed-settings.json"), ...listJson(parts).map((name) => join(parts, name))];
}

function listJson(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch {
    return [];
  }
}
