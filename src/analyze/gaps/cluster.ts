/** The name that like calls share: the commands left over, the folder, the host. It judges nothing. */
import type { AuditRecord } from "../../core/audit/record.js";
import { currentToolName, stringField, toolShape } from "../../core/tool-call.js";
import { pathKey } from "../cubes/path-key.js";

/** More commands than these make no readable name. */
const NAMED = 3;

/** @param uncovered normalised commands that no rule covers, where that is known; else all of the call's count. */
export function clusterOf(record: AuditRecord, uncovered: readonly string[]): string {
  const tool = currentToolName(record.tool_name ?? "");
  const shape = toolShape(tool);
  if (shape?.command !== undefined) {
    const named = [...new Set(uncovered.length > 0 ? uncovered : (record.commands ?? []))];
    const others = named.filter((command) => command !== "cd");
    const commands = others.length > 0 ? others : named;
    if (commands.length === 0) return "(not understood)";
    return commands.slice(0, NAMED).join(" + ") + (commands.length > NAMED ? " + …" : "");
  }
  if (shape?.url !== undefined) return hostOf(record.tool_input, shape.url);
  const [path] = record.paths ?? [];
  return path === undefined ? tool : folderOf(path, record);
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
