/** The name that like calls share: the commands left over, the folder, the host. It judges nothing. */
import type { AuditRecord } from "../../core/audit/record.js";
import { currentToolName, stringField, toolShape } from "../../core/tool-call.js";
import { pathKey } from "../cubes/path-key.js";

/** More commands than these make no readable name. */
const NAMED = 3;

export function clusterOf(record: AuditRecord): string {
  const tool = currentToolName(record.tool_name ?? "");
  const shape = toolShape(tool);
  if (shape?.command !== undefined) return commandsName(record.commands ?? []);
  if (shape?.url !== undefined) return hostOf(record.tool_input, shape.url);
  const [path] = record.paths ?? [];
  return path === undefined ? tool : folderOf(path, record);
}

/** @param commands normalised: all of a call's, or those that no rule covers. */
export function commandsName(commands: readonly string[]): string {
  const named = [...new Set(commands)];
  const others = named.filter((command) => command !== "cd");
  const shown = others.length > 0 ? others : named;
  if (shown.length === 0) return "(not understood)";
  return shown.slice(0, NAMED).join(" + ") + (shown.length > NAMED ? " + …" : "");
}

/** `$PROJECT/src/*`: the same folder of every project is one. */
function folderOf(path: string, { cwd = "", home = "", project = "" }: AuditRecord): string {
  const absolute = pathKey(path, cwd, "");
  const isInside = project !== "" && (absolute === project || absolute.startsWith(`${project}/`));
  const shown = isInside ? `$PROJECT${absolute.slice(project.length)}` : pathKey(path, cwd, home);
  const edge = shown.lastIndexOf("/");
  return edge < 0 ? shown : `${shown.slice(0, edge)}/*`;
}

function hostOf(input: unknown, field: string): string {
  const url = typeof input === "object" && input !== null ? stringField({ ...input }, field) : undefined;
  return URL.canParse(url ?? "") ? new URL(url ?? "").hostname : "(no address)";
}
