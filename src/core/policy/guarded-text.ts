/**
 * What self-protection guards where a place is not known exactly: as text in code, as the shape of a word, as a name that
 * arrives in a folder. It says what may be meant, never what follows.
 */
import { isInside, pathBelow } from "../path.js";
import type { ShellPart } from "../shell/shell.js";
import { isLastingWrite } from "./call-effect.js";
import type { Facts, Subject } from "./facts.js";
import { BELOW, GAP, type Shape } from "./match-shape.js";
import type { Place } from "./places.js";
import type { Policy } from "./policy.js";
import { globShape } from "./word-shape.js";

/** Every guarded path in force for this call. */
function guardedPaths(facts: Facts): readonly string[] {
  const { folders, files } = facts.policy.guarded;
  return [...folders, ...files];
}

/** A shape as a regex on a path that it, or a folder on the way to it, may be. */
function regexOf(shape: Shape): RegExp {
  const escaped = shape.map((token) =>
    typeof token === "string"
      ? token.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
      : token === GAP || token === BELOW
        ? ".*"
        : "[^/]*",
  );
  return new RegExp(`^${escaped.join("")}(?:/|$)`, "i");
}

function couldBe(shape: Shape, paths: readonly string[]): boolean {
  if (shape[0] === GAP || shape.length === 0) return false;
  const regex = regexOf(shape);
  return paths.some((path) => regex.test(path));
}

const spelled = new WeakMap<Policy, Map<string, readonly string[]>>();

/** How guarded paths may be written in code or text: as they are, from the home folder, or from their own project. */
function guardedTexts(facts: Facts): readonly string[] {
  const { home, project } = facts.call;
  const byPlace = spelled.get(facts.policy) ?? new Map<string, readonly string[]>();
  spelled.set(facts.policy, byPlace);
  const key = `${home}\0${project}`;
  const known = byPlace.get(key);
  if (known !== undefined) return known;
  const texts = guardedPaths(facts).flatMap((path) => {
    const fromHome = home === "" ? null : pathBelow(path, home, false);
    const fromProject = project === "" ? null : pathBelow(path, project, false);
    const short = [fromHome === null ? "" : `/${fromHome}`, fromProject ?? ""];
    return [path, ...short.filter((text) => text.slice(1).includes("/"))];
  });
  const unique = [...new Set(texts)];
  if (byPlace.size < 100) byPlace.set(key, unique);
  return unique;
}

export function mentionsGuarded(text: string, facts: Facts): boolean {
  return guardedTexts(facts).some((known) => text.includes(known));
}

/** A written place whose path is not known. */
export function mayBeGuarded({ raw, shapes }: Place, facts: Facts): boolean {
  const takesHidden = /(?:^|\/)\.[*?]/.test(raw);
  return takesHidden || shapes.some((shape) => couldBe(shape, guardedPaths(facts))) || mentionsGuarded(raw, facts);
}

/** `find . -name '*.pyc' -delete`: only files of that name go, and no guarded file has it. */
export function isSpared({ program, argv }: ShellPart, { mode, absolute }: Place, facts: Facts): boolean {
  if (program !== "find" || mode !== "delete" || absolute === null) return false;
  const words = argv.map((word) => word.value ?? "");
  const at = words.findIndex((word) => word === "-name" || word === "-iname");
  const glob = words[at + 1];
  if (at < 0 || !glob || words.some((word) => /^(?:-o|-or|-not|!|,)$/.test(word))) return false;
  const { folders, files } = facts.policy.guarded;
  const regex = regexOf(globShape(glob));
  const isHit = (file: string): boolean => isInside(file, absolute, true) && regex.test(file.split("/").pop() ?? "");
  return !folders.some((folder) => isInside(folder, absolute, true)) && !files.some(isHit);
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
