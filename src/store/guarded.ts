/**
 * Which places self-protection guards on this machine: our own files, and the files of Claude Code that could take
 * this hook out. It lists them, in both spellings where a link leads elsewhere; the engine judges.
 */
import { dirname, join } from "node:path";
import type { Guarded } from "../core/policy/policy.js";
import { type Locations, projectConfig } from "./locations.js";
import { resolvePath } from "./resolve-path.js";

export interface GuardedInputs {
  readonly locations: Locations;
  readonly project: string;
  /** Folder of the running program's files, `null` when it must not be guarded. */
  readonly programFolder: string | null;
  /** Policy files in force, wherever they are. */
  readonly policyFiles: readonly string[];
}

export function guardedPlaces({ locations, project, programFolder, policyFiles }: GuardedInputs): Guarded {
  const settings = (folder: string): string[] => [join(folder, "settings.json"), join(folder, "settings.local.json")];
  const folders = [
    locations.home,
    dirname(locations.managedConfig),
    join(locations.systemDir, "claude-code"),
    ...(programFolder === null ? [] : [programFolder]),
  ];
  const files = [
    ...settings(locations.claudeDir),
    ...settings(join(locations.osHome, ".claude")),
    ...(project === "" ? [] : [...settings(join(project, ".claude")), projectConfig(project)]),
    ...policyFiles,
  ];
  return { folders: bothSpellings(folders), files: bothSpellings(files) };
}

function bothSpellings(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.flatMap((path) => [path, resolvePath(path) ?? path]))];
}
