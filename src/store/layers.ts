/**
 * Which policy files make which layer (SPEC section 2). Lists places only; whether a file is there is for the loader.
 */
import { dirname, join } from "node:path";
import type { Layer } from "../core/policy/policy.js";
import { type Locations, projectConfig } from "./locations.js";

export interface LayerPlan {
  readonly layer: Layer;
  /** Best first: the first that exists is the layer's file. */
  readonly places: readonly Place[];
  /** Folder that `Read(/p)` starts at; "" is the project's root. */
  readonly baseFolder: string;
}

export interface Place {
  readonly file: string;
  /** Real path of the folder that this file and its includes must really be in; `null`: anywhere. */
  readonly within: string | null;
  /** claude-code-permissions-hook's file, looked at only when there is no config of ours. */
  readonly older: boolean;
}

const OLDER_NAME = "claude-code-permissions-hook.toml";

/**
 * The layers in force for the project at `project` (its real path: `root`; both "" when not known). `--config` takes the
 * place of the user's and the project's files, never of the managed ones.
 * INVARIANT: a repository's file of the older dialect stands beside the user's, it never takes its place.
 */
export function layerPlans(locations: Locations, project: string, root: string): readonly LayerPlan[] {
  const { managedConfig, configOverride, config, autoRules, claudeDir, osHome, systemDir } = locations;
  const managed: LayerPlan = { layer: "managed", places: [ours(managedConfig)], baseFolder: "/" };
  if (configOverride !== null) return [managed, { layer: "config", places: [ours(configOverride)], baseFolder: "" }];
  const userPlaces = [ours(config), older(join(osHome, ".config", OLDER_NAME)), older(join(systemDir, OLDER_NAME))];
  const projectPlaces = [
    ours(projectConfig(project), join(root, ".claude")),
    older(join(project, OLDER_NAME), root),
    older(join(dirname(project), ".config", OLDER_NAME), join(dirname(root), ".config")),
  ];
  return [
    managed,
    { layer: "user", places: userPlaces, baseFolder: claudeDir },
    { layer: "auto", places: [ours(autoRules)], baseFolder: claudeDir },
    ...(project === "" ? [] : [{ layer: "project", places: projectPlaces, baseFolder: "" } as const]),
  ];
}

function ours(file: string, within: string | null = null): Place {
  return { file, within, older: false };
}

function older(file: string, within: string | null = null): Place {
  return { file, within, older: true };
}
