/**
 * Calls of tools that run no shell text -> one allow rule: a folder of the project, a host, an agent, a skill, or a
 * tool whose name says all there is. Tools whose input decides everything (code to run, text to send) have none.
 */
import { isInside } from "../path.js";
import { currentToolName, stringField, type ToolCall, toolShape } from "../tool-call.js";
import { draftName, patternPath } from "./command-rule.js";
import { isTouchyPath, TOUCHY_SOURCE } from "./never.js";
import type { RuleDraft } from "./rule-draft.js";

const READERS = ["Read", "Grep", "Glob", "LS", "NotebookRead"] as const;
const WRITERS = ["Edit", "MultiEdit", "Write", "NotebookEdit"] as const;

/** Tools of Claude Code itself that touch nothing outside the conversation. */
const INWARD: ReadonlySet<string> = new Set([
  "TodoWrite",
  "TodoRead",
  "TaskCreate",
  "TaskUpdate",
  "TaskList",
  "TaskGet",
  "TaskOutput",
  "ToolSearch",
  "ListMcpResourcesTool",
  "WebSearch",
]);

/** What a rule for a call would be about: calls of the same subject share a rule. */
export type ToolSubject =
  | { readonly kind: "folder"; readonly access: "read" | "edit"; readonly path: string }
  | { readonly kind: "host"; readonly host: string }
  | { readonly kind: "agent" | "skill" | "tool"; readonly name: string };

/** `null`: no rule is proposed for such a call. */
export function toolSubject(call: ToolCall): ToolSubject | null {
  const tool = currentToolName(call.tool);
  const access = READERS.some((name) => name === tool) ? "read" : WRITERS.some((name) => name === tool) ? "edit" : null;
  if (access !== null) return folderSubject(call, tool, access);
  if (tool === "WebFetch") {
    const url = stringField(call.input, "url") ?? "";
    const host = URL.canParse(url) ? new URL(url).hostname : "";
    return /^[a-z0-9.-]+\.[a-z]+$/.test(host) ? { kind: "host", host } : null;
  }
  if (tool === "Agent" || tool === "Skill") {
    const name = stringField(call.input, tool === "Agent" ? "subagent_type" : "skill") ?? "";
    return /^[\w:.-]+$/.test(name) ? { kind: tool === "Agent" ? "agent" : "skill", name } : null;
  }
  if (/^mcp__[\w-]+__[\w-]+$/.test(tool) || INWARD.has(tool)) return { kind: "tool", name: tool };
  return null;
}

/** The folder of the file, or what is searched; `null` outside the project and for files that no rule may name. */
function folderSubject(call: ToolCall, tool: string, access: "read" | "edit"): ToolSubject | null {
  const fields = toolShape(tool)?.paths ?? [];
  const path = fields.map(({ field }) => stringField(call.input, field)).find((one) => one !== undefined) ?? call.cwd;
  const { project } = call;
  const isPlain = path.startsWith("/") && !/(?:^|\/)\.{1,2}(?:\/|$)|\/\//.test(path);
  if (project === "" || !isPlain || !isInside(path, project, false)) return null;
  if (isTouchyPath(path.slice(project.length))) return null;
  const isFolder = tool === "Grep" || tool === "Glob" || tool === "LS";
  const folder = isFolder ? path : path.slice(0, path.lastIndexOf("/"));
  return { kind: "folder", access, path: isInside(folder, project, false) ? folder : project };
}

/** @param project absolute root the rule is for; "" for any. */
export function toolRule(subject: ToolSubject, project: string): RuleDraft {
  const scope = project === "" ? {} : { cwd: [project] };
  const allow = (name: string, table: Readonly<Record<string, unknown>>): RuleDraft => ({
    kind: "allow",
    table: { name: draftName("allow", name), ...table, ...scope },
  });
  switch (subject.kind) {
    case "folder": {
      const { access, path } = subject;
      const shown = path === project ? "project" : path.slice(path.lastIndexOf("/") + 1);
      const pattern = `${access === "read" ? "Read" : "Edit"}(${patternPath(path)})`;
      const fields = access === "read" ? ["file_path", "path", "glob"] : ["file_path", "notebook_path"];
      const exclude = Object.fromEntries(fields.map((field) => [field, TOUCHY_SOURCE]));
      const tool = (access === "read" ? READERS : WRITERS).join("|");
      return allow(`${access} ${shown}`, { tool, pattern, exclude });
    }
    case "host":
      return allow(`fetch ${subject.host}`, { pattern: `WebFetch(domain:${subject.host})` });
    case "agent":
      return allow(`agent ${subject.name}`, { pattern: `Agent(${subject.name})` });
    case "skill":
      return allow(`skill ${subject.name}`, { pattern: `Skill(${subject.name})` });
    case "tool":
      return allow(subject.name, { tool: subject.name });
    default:
      return subject satisfies never;
  }
}
