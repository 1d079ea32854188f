/**
 * One attempt by Claude Code to use a tool, and the one table that says where a tool keeps its command and its paths.
 * Input comes from outside and stays untyped here: readers take a field and check it.
 */

export type PermissionMode = "default" | "acceptEdits" | "plan" | "auto" | "dontAsk" | "bypassPermissions";

export interface ToolCall {
  /** Current tool name, e.g. `Bash`, `Read`, `mcp__server__tool`. */
  readonly tool: string;
  /** The whole uncut tool input as Claude Code sent it. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Absolute working directory, "" when not known. */
  readonly cwd: string;
  /** Absolute home directory of the user, "" when not known. */
  readonly home: string;
  /** Absolute root of the project (git root, else the folder Claude Code was started in), "" when not known. */
  readonly project: string;
  readonly sessionId: string;
  /** As sent; unknown modes are kept as they are. */
  readonly permissionMode: PermissionMode | (string & {}) | undefined;
  /** Whether a person can answer a question in this session. */
  readonly attended: boolean;
  readonly toolUseId?: string;
  readonly agentId?: string;
  readonly promptId?: string;
}

export type PathAccess = "read" | "write";

interface ToolShape {
  /** The field a plain example string stands for (`match = ["git status"]`). */
  readonly main: string;
  /** Shell text, judged by the shell parser. */
  readonly command?: { readonly field: string; readonly dialect: "bash" | "powershell" };
  readonly paths?: readonly { readonly field: string; readonly access: PathAccess }[];
  readonly url?: string;
}

/** Contract section 9. A tool that is not listed has no main field, no command and no known paths. */
const TOOLS: Readonly<Record<string, ToolShape>> = {
  Bash: { main: "command", command: { field: "command", dialect: "bash" } },
  PowerShell: { main: "command", command: { field: "command", dialect: "powershell" } },
  Monitor: { main: "command", command: { field: "command", dialect: "bash" } },
  Read: { main: "file_path", paths: [{ field: "file_path", access: "read" }] },
  LSP: {
    main: "file_path",
    paths: [
      { field: "file_path", access: "read" },
      { field: "filePath", access: "read" },
    ],
  },
  Write: { main: "file_path", paths: [{ field: "file_path", access: "write" }] },
  Edit: { main: "file_path", paths: [{ field: "file_path", access: "write" }] },
  MultiEdit: { main: "file_path", paths: [{ field: "file_path", access: "write" }] },
  NotebookEdit: { main: "notebook_path", paths: [{ field: "notebook_path", access: "write" }] },
  NotebookRead: { main: "notebook_path", paths: [{ field: "notebook_path", access: "read" }] },
  Glob: { main: "pattern", paths: [{ field: "path", access: "read" }] },
  Grep: { main: "pattern", paths: [{ field: "path", access: "read" }] },
  LS: { main: "path", paths: [{ field: "path", access: "read" }] },
  WebFetch: { main: "url", url: "url" },
  WebSearch: { main: "query" },
  Agent: { main: "subagent_type" },
  Skill: { main: "skill" },
};

/** Former names (contract 7.3) that old logs, rules and transcripts still use. */
const FORMER_NAMES: Readonly<Record<string, string>> = {
  Task: "Agent",
  KillShell: "TaskStop",
  KillBash: "TaskStop",
  Brief: "SendUserMessage",
  ListPeers: "ListAgents",
};

export function currentToolName(tool: string): string {
  return Object.hasOwn(FORMER_NAMES, tool) ? (FORMER_NAMES[tool] ?? tool) : tool;
}

/** The names this tool had before. */
export function formerToolNames(tool: string): readonly string[] {
  return Object.keys(FORMER_NAMES).filter((former) => FORMER_NAMES[former] === tool);
}

export function toolShape(tool: string): ToolShape | undefined {
  const name = currentToolName(tool);
  return Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined;
}

/** A string field of the input, `undefined` when absent or of another type. */
export function stringField(input: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const value = Object.hasOwn(input, field) ? input[field] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** Every name a rule may use for a tool: the current one first, then its former names. */
export function toolNames(tool: string): readonly string[] {
  const name = currentToolName(tool);
  const former = Object.keys(FORMER_NAMES).filter((old) => FORMER_NAMES[old] === name);
  return [...new Set([name, tool, ...former])];
}
