/**
 * Which places lead to what self-protection guards: claude-permit's own files and the settings that register it, through
 * links, and together with a folder above. It says where, never what follows.
 */
import { isInside, pathBelow } from "../path.js";
import { isLastingWrite } from "./call-effect.js";
import type { Facts } from "./facts.js";
import { mayBeGuarded } from "./guarded-text.js";
import type { Place } from "./places.js";

/** Writing here changes a guarded path: it is one, lies in one, or takes one along. */
function touchesGuarded(path: string, mode: Place["mode"], facts: Facts): boolean {
  const { folders, files } = facts.policy.guarded;
  if (folders.some((folder) => isInside(path, folder, true)) || files.some((file) => isInside(path, file, true)))
    return true;
  return [...folders, ...files].some((guarded) => {
    const below = pathBelow(guarded, path, true);
    // Into a folder (`cp x ~/.claude/`) only what is directly there can be replaced; removing takes everything.
    return below !== null && (mode === "delete" || !below.includes("/"));
  });
}

export function writesGuarded(place: Place, facts: Facts): boolean {
  if (!isLastingWrite(place)) return false;
  const known = [place.absolute, place.target].filter((path) => path !== null);
  if (known.some((path) => touchesGuarded(path, place.mode, facts))) return true;
  return place.absolute === null && mayBeGuarded(place, facts);
}
