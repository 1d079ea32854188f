/** Rules that can never match, or that match everything because nothing was asked: found by looking at one rule. */
import { toolShape } from "../tool-call.js";
import { hasParameter, READING_TOOLS, SHELL_TOOLS, WRITING_TOOLS } from "./pattern-tools.js";
import type { RuleInput } from "./policy.schema.js";
import type { FileRule } from "./policy-file.js";
import type { Report } from "./rule-report.js";
import { literalTools, toolsOfPattern } from "./rule-tools.js";
import { suggestName } from "./suggest-name.js";
import type { TomlPath } from "./toml-positions.js";

const CONDITIONS = ["tool", "tool_regex", "pattern", "fields", "shell", "cwd", "permission_mode", "session"] as const;
const OLDER_CONDITIONS = ["command_regex", "file_path_regex", "subagent_type", "prompt_regex"] as const;

export function reportContradictions(rule: FileRule, input: RuleInput, path: TomlPath, report: Report): void {
  if (![...CONDITIONS, ...OLDER_CONDITIONS].some((key) => input[key] !== undefined)) report.add(path, "no-condition");
  const never = (key: string, why: string, hint = "") => report.add([...path, key], "never-matches", { why, hint });
  const named = input.tool === undefined ? undefined : literalTools(input.tool);
  const { tool, pattern, shell } = rule;
  const accepts = (name: string) => tool === undefined || new RegExp(tool.source, tool.flags).test(name);

  for (const name of named ?? []) {
    const near = KNOWN_TOOLS.includes(name) ? undefined : suggestName(name, KNOWN_TOOLS);
    if (near?.toLowerCase() === name.toLowerCase()) {
      never("tool", `there is no tool \`${name}\``, `did you mean \`${near}\`?`);
    } else if (near !== undefined) {
      report.add([...path, "tool"], "unknown-tool", { tool: name, hint: `did you mean \`${near}\`?` });
    }
  }
  if (pattern !== undefined && tool !== undefined) {
    const about = toolsOfPattern(pattern);
    if (about !== undefined && !about.some(accepts)) never("tool", "`tool` and `pattern` name different tools");
  }
  if (shell !== undefined) {
    if (!SHELL_TOOLS.some(accepts)) never("shell", "`tool` is no shell", 'write tool = "Bash", or leave it out');
    if (rule.raw) never("raw", "`raw` looks at the whole text, `shell` at its parts", "remove one of them");
    const about = pattern === undefined ? undefined : toolsOfPattern(pattern);
    if (about !== undefined && !about.some((name) => SHELL_TOOLS.some((one) => one === name))) {
      never("shell", "`pattern` is about a tool that is no shell", "remove one of them");
    }
  }
  for (const { field, regex } of rule.fields) {
    if (named?.every((name) => lacksField(name, field))) {
      never(
        "tool",
        `\`${input.tool}\` has no field \`${field}\``,
        `its main field is \`${toolShape(named[0] ?? "")?.main ?? ""}\``,
      );
    }
    if (rule.exclude.some((one) => one.field === field && one.regex.source === regex.source)) {
      never("exclude", `\`${field}\` must match and must not match the same regex`);
    }
  }
}

/** Tools of the contract's section 9, to find misspelt names; an unknown name that is near none of them is accepted. */
const KNOWN_TOOLS: readonly string[] = [
  ...READING_TOOLS,
  ...WRITING_TOOLS,
  ...SHELL_TOOLS,
  ..."WebFetch WebSearch Agent Task Skill TodoRead TodoWrite TaskCreate TaskUpdate TaskGet TaskList TaskStop TaskOutput".split(
    " ",
  ),
  ..."KillShell KillBash BashOutput Brief ListPeers ListAgents AskUserQuestion ExitPlanMode EnterPlanMode".split(" "),
  ..."EnterWorktree ExitWorktree SendMessage SendUserMessage ToolSearch Workflow SlashCommand".split(" "),
];

/** Known not to have it: the field is another known tool's main one. */
function lacksField(tool: string, field: string): boolean {
  const shape = toolShape(tool);
  if (shape === undefined || !/^(?:command|file_path|notebook_path|url)$/.test(field)) return false;
  return shape.main !== field && !shape.paths?.some((path) => path.field === field) && !hasParameter(tool, field);
}
