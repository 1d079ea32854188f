/** What Claude Code's rule syntax knows of each tool: which take a `(...)`, of what kind, and their parameters. */

export type Specifier = "command" | "path" | "ignored-path" | "domain" | "agent" | "skill" | "none";

const SPECIFIERS: Readonly<Record<string, Specifier>> = {
  Bash: "command",
  PowerShell: "command",
  Read: "path",
  Edit: "path",
  // Accepted by Claude Code and never consulted (contract 8.2).
  Write: "ignored-path",
  MultiEdit: "ignored-path",
  NotebookEdit: "ignored-path",
  NotebookRead: "ignored-path",
  Glob: "ignored-path",
  Grep: "ignored-path",
  LS: "ignored-path",
  LSP: "ignored-path",
  WebFetch: "domain",
  Agent: "agent",
  Skill: "skill",
};

/** The rule that does count where a tool's own does not. */
export function consultedTool(tool: string): "Read" | "Edit" {
  return /^(?:Write|MultiEdit|NotebookEdit)$/.test(tool) ? "Edit" : "Read";
}

export function specifierOf(tool: string): Specifier {
  return Object.hasOwn(SPECIFIERS, tool) ? (SPECIFIERS[tool] ?? "none") : "none";
}

/** Scalar parameters beside the main field (contract 9), for `Tool(param:value)`. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  Bash: ["description", "timeout", "run_in_background", "dangerouslyDisableSandbox"],
  PowerShell: ["description", "timeout", "run_in_background", "dangerouslyDisableSandbox"],
  Read: ["offset", "limit", "pages", "allow_large"],
  Write: ["content"],
  Edit: ["old_string", "new_string", "replace_all"],
  NotebookEdit: ["new_source", "cell_id", "cell_type", "edit_mode"],
  Glob: ["pattern"],
  Grep: ["pattern", "glob", "type", "output_mode", "context", "head_limit", "offset", "multiline"],
  WebFetch: ["prompt", "offset"],
  Agent: ["description", "prompt", "model", "effort", "run_in_background", "name", "isolation"],
  Skill: ["args"],
};

/** Whether `Tool(name:value)` is about a parameter. Tools that are not listed may have any parameter. */
export function hasParameter(tool: string, name: string): boolean {
  const known = Object.hasOwn(PARAMETERS, tool) ? PARAMETERS[tool] : undefined;
  return known === undefined ? /^[A-Za-z_]\w*$/.test(name) : known.includes(name);
}

/** Tools that take part in what `Read(...)` and `Edit(...)` rules judge, besides shell calls. */
export const READING_TOOLS = ["Read", "Grep", "Glob", "LSP", "LS", "NotebookRead"] as const;
export const WRITING_TOOLS = ["Edit", "Write", "MultiEdit", "NotebookEdit"] as const;

/** `Edit` covers every tool that edits files and `Read` every one that reads them (contract 8.2). */
export function coveredTools(tool: string): readonly string[] {
  return tool === "Edit" ? WRITING_TOOLS : tool === "Read" ? READING_TOOLS : [tool];
}

export const SHELL_TOOLS = ["Bash", "PowerShell", "Monitor"] as const;
