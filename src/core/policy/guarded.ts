/**
 * Which places and texts lead to what self-protection guards: claude-permit's own files and the settings that register
 * it, in any spelling, through links, and together with a folder above. It says where, never what follows.
 */
import { isInside, pathBelow } from "../path.js";
import { isLastingWrite } from "./call-effect.js";
import type { Facts, Subject } from "./facts.js";
import { GAP, type Shape } from "./match-shape.js";
import type { Place } from "./places.js";

/** Every guarded path in force for this call. */
function guardedPaths(facts: Facts): readonly string[] {
  const { folders, files } = facts.policy.guarded;
  return [...folders, ...files];
}

/** Writing here changes a guarded path: it is one, lies in one, or takes one along. */
function touchesGuarded(path: string, mode: Place["mode"], facts: Facts): boolean {
  const { folders, files } = facts.policy.guarded;
  if (folders.some((folder) => isInside(path, folder, true)) || files.some((file) => isInside(path, file, true)))
    return true;
  return guardedPaths(facts).some((guarded) => {
    const below = pathBelow(guarded, path, true);
    // Into a folder (`cp x ~/.claude/`) only what is directly there can be replaced; removing takes everything.
    return below !== null && (mode === "delete" || !below.includes("/"));
  });
}

function couldBe(shape: Shape, paths: readonly string[]): boolean {
  if (shape[0] === GAP || shape.length === 0) return false;
  const escaped = shape.map((token) =>
    typeof token === "string" ? token.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") : token === GAP ? ".*" : "[^/]*",
  );
  const regex = new RegExp(`^${escaped.join("")}(?:/|$)`, "i");
  return paths.some((path) => regex.test(path));
}

const spelled = new WeakMap<Facts, readonly string[]>();

/** How guarded paths may be written in code or text: as they are, from the home folder, or from their own project. */
function guardedTexts(facts: Facts): readonly string[] {
  const known = spelled.get(facts);
  if (known !== undefined) return known;
  const { home, project } = facts.call;
  const texts = guardedPaths(facts).flatMap((path) => {
    const fromHome = home === "" ? null : pathBelow(path, home, false);
    const fromProject = project === "" ? null : pathBelow(path, project, false);
    const short = [fromHome === null ? "" : `/${fromHome}`, fromProject ?? ""];
    return [path, ...short.filter((text) => text.slice(1).includes("/"))];
  });
  const unique = [...new Set(texts)];
  spelled.set(facts, unique);
  return unique;
}

export function mentionsGuarded(text: string, facts: Facts): boolean {
  return guardedTexts(facts).some((known) => text.includes(known));
}

export function writesGuarded(place: Place, facts: Facts): boolean {
  if (!isLastingWrite(place)) return false;
  const known = [place.absolute, place.target].filter((path) => path !== null);
  if (known.some((path) => touchesGuarded(path, place.mode, facts))) return true;
  return place.absolute === null && (couldBe(place.shape, guardedPaths(facts)) || mentionsGuarded(place.raw, facts));
}

/** `cp -r x/.claude .`: what arrives in the folder has the name of what was read. */
export function arrivesOnGuarded({ places }: Subject, facts: Facts): boolean {
  const names = places.flatMap(({ mode, absolute }) =>
    mode === "read" || mode === "delete" ? (absolute?.split("/").pop() ?? []) : [],
  );
  return places.some(
    (place) =>
      isLastingWrite(place) &&
      place.target !== null &&
      names.some((name) => guardedPaths(facts).some((path) => isInside(path, `${place.target}/${name}`, true))),
  );
}
