/**
 * What a part or a tool call does, once its places are known: whether a write stays in the project or leaves it. The
 * stronger claim wins wherever a place is not known.
 */
import type { Effect } from "../decision.js";
import { isInside, isSink, isSocketPath } from "../path.js";
import type { ShellPart } from "../shell/shell.js";
import type { Atlas, Place } from "./places.js";

/** From least to most (SPEC section 3). */
const STRENGTH: readonly Effect[] = ["reads", "writes-project", "writes-outside", "runs-code", "network", "unknown"];

export function strongest(a: Effect, b: Effect): Effect {
  return STRENGTH.indexOf(a) >= STRENGTH.indexOf(b) ? a : b;
}

/** Tools that only look, or only change Claude's own notes. A list of names: a regex costs a cold process more. */
const QUIET_TOOLS: readonly string[] = [
  ...["Read", "LS", "Glob", "Grep", "LSP", "NotebookRead", "ToolSearch", "ListAgents", "AskUserQuestion"],
  ...["TaskCreate", "TaskUpdate", "TaskGet", "TaskList", "TaskOutput", "EnterPlanMode", "ExitPlanMode"],
  ...["ReportFindings", "SendUserMessage", "BashOutput", "Todo", "TodoRead", "TodoWrite"],
];

/**
 * INVARIANT: in the project only when the spelling and the target are. A glob deletes the names in its folder; what is
 * written through one may lie where a link among them leads.
 */
function isInProject(place: Place, project: readonly string[]): boolean {
  if (place.folders.length > 0 && place.mode !== "delete" && !place.isSettled) return false;
  const paths = place.folders.length === 0 ? [place.absolute, place.target] : place.folders;
  return paths.every((path) => path !== null && project.some((root) => isInside(path, root, false)));
}

export function isLastingWrite(place: Place): boolean {
  if (!place.certain || place.mode === "read" || place.mode === "run") return false;
  return place.absolute === null || !isSink(place.absolute);
}

/** What the writes among these places amount to; `reads` when there are none. */
export function writeEffect(places: readonly Place[], project: readonly string[]): Effect {
  const written = places.filter(isLastingWrite);
  if (written.length === 0) return "reads";
  return written.every((place) => isInProject(place, project)) ? "writes-project" : "writes-outside";
}

/**
 * A part that works in a folder whose code or settings nobody vouched for. Code is the project's only. Settings, as
 * git's, may be those of any folder of the user's: they cannot come with a clone, and only what is made without being
 * asked for, in a temporary folder, was seen by nobody.
 */
export function obeysForeigner({ obeys }: ShellPart, cwd: string, atlas: Atlas): boolean {
  if (obeys === undefined) return false;
  const { folder, what } = obeys;
  const path = folder === "" ? "." : folder;
  const place = atlas.place({ path, mode: "run", raw: path ?? "", from: "default", certain: true }, cwd);
  const roots = atlas.folder("$PROJECT");
  return !isInProject(place, what === "code" ? roots : [...roots, ...atlas.folder("~")]);
}

/**
 * The project has installed what would be fetched otherwise (`npx tsc`). A link of that name in its folder of programs
 * is the proof: of a file that does not exist, nothing leads elsewhere.
 */
export function isInstalled({ effect, fetches, obeys }: ShellPart, cwd: string, atlas: Atlas): boolean {
  if (effect !== "network" || fetches === undefined || obeys?.folder !== "") return false;
  const project = atlas.folder("$PROJECT");
  const at = (path: string): Place =>
    atlas.place({ path, mode: "run", raw: path, from: "default", certain: true }, cwd);
  return [".", ...project].some((folder) => {
    const programs = at(`${folder}/node_modules/.bin`).target;
    const program = at(`${folder}/node_modules/.bin/${fetches}`);
    return programs !== null && program.target !== `${programs}/${fetches}` && isInProject(program, project);
  });
}

export function partEffect(part: ShellPart, places: readonly Place[], project: readonly string[]): Effect {
  // Code of another folder than the project's: nobody said that it may run.
  if (places.some((place) => place.certain && place.mode === "run" && !isInProject(place, project))) return "unknown";
  const written = writeEffect(places, project);
  if (places.some((place) => place.certain && place.absolute !== null && isSocketPath(place.absolute)))
    return "network";
  if (part.effect !== "writes") return strongest(part.effect, written);
  return written === "writes-project" && part.accessesKnown ? written : "writes-outside";
}

export function toolEffect(tool: string, places: readonly Place[], project: readonly string[]): Effect {
  if (QUIET_TOOLS.includes(tool)) return "reads";
  if (tool === "WebFetch" || tool === "WebSearch") return "network";
  const written = writeEffect(places, project);
  return written === "reads" ? "unknown" : written;
}
