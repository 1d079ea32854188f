/** From an invocation to the places it means: home, config, and the log it reads. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { homeOfUser, type Locations, locations } from "../store/locations.js";
import type { Invocation } from "./command.js";

export function locationsOf({ io, flags }: Pick<Invocation, "io" | "flags">): Locations {
  return locations({
    homeFlag: flags.text("home"),
    configFlag: flags.text("config"),
    env: io.env,
    cwd: io.cwd,
    osHome: io.osHome,
    hook: false,
  });
}

/** As the hook sees them that is registered with this home, so that the tools judge what it judges. */
export function hookLocations(invocation: Pick<Invocation, "io" | "flags">): Locations {
  const { cwd, osHome, accountHome = () => osHome } = invocation.io;
  const { home, configOverride } = locationsOf(invocation);
  return locations({
    homeFlag: home,
    configFlag: configOverride ?? undefined,
    env: {},
    cwd,
    osHome: homeOfUser(home, () => osHome, accountHome),
    hook: true,
  });
}

/** The folder of the built program, which the hook guards too: what the tools say and what the hook enforces is one. */
export const PROGRAM_FOLDER = dirname(dirname(fileURLToPath(import.meta.url)));
