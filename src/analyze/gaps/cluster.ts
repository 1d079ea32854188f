/** The name that like calls share: the commands left over, the folder, the host. It judges nothing. */
import { stringField, toolShape } from "../../core/tool-call.js";
import { pathKey } from "../cubes/path-key.js";

/** More commands than these make no readable name. */
const NAMED = 3;

/** Where a call stood, "" for what is not known. */
export interface Where {
  readonly project: string;
  readonly cwd: string;
  readonly home: string;
  /** As recorded. */
  readonly paths: readonly string[];
}

/** @param input is asked for where a tool is named by what stands in it. */
export function clusterOf(tool: string, commands: readonly string[], where: Where, input: () => unknown): string {
  const shape = toolShape(tool);
  if (shape?.command !== undefined) return commandsName(commands);
  if (shape?.url !== undefined) return hostOf(input(), shape.url);
  const [path] = where.paths;
  return path === undefined ? tool : folderOf(path, where);
}

/** @param commands normalised: all of a call's, or those that no rule covers. */
export function commandsName(commands: readonly string[]): string {
  const [only] = commands;
  if (only !== undefined && commands.length === 1) return only;
  const named = [...new Set(commands)];
  const others = named.filter((command) => command !== "cd");
  const shown = others.length > 0 ? others : named;
  if (shown.length === 0) return "(not understood)";
  return shown.slice(0, NAMED).join(" + ") + (shown.length > NAMED ? " + …" : "");
}

/** `$PROJECT/src/*`: the same folder of every project is one. */
function folderOf(path: string, { cwd, home, project }: Where): string {
  const absolute = pathKey(path, cwd, "");
  const isInside = project !== "" && (absolute === project || absolute.startsWith(`${project}/`));
  const shown = isInside ? `$PROJECT${absolute.slice(project.length)}` : pathKey(path, cwd, home);
  const edge = shown.lastIndexOf("/");
  return edge < 0 ? shown : `${shown.slice(0, edge)}/*`;
}

function hostOf(input: unknown, field: string): string {
  const url = typeof input === "object" && input !== null ? stringField({ ...input }, field) : undefined;
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : "(no address)";
}
