/**
 * Rule keys of claude-code-permissions-hook (also of its fork with sections and ids) in our terms. Its regexes are
 * Rust's; its excludes also look at the raw text. What it understood differently from how it reads is refused.
 */
import { toolShape } from "../tool-call.js";
import { escapeRegex } from "./glob.js";
import type { RuleInput } from "./policy.schema.js";
import type { Report } from "./rule-report.js";
import type { TomlPath } from "./toml-positions.js";

export interface OlderTest {
  readonly key: keyof RuleInput;
  readonly field: string;
  readonly regex: string;
}

export interface OlderRule {
  /** Unanchored regexes on the tool's name. */
  readonly tool?: { readonly is: string; readonly not?: string };
  readonly fields: readonly OlderTest[];
  readonly exclude: readonly OlderTest[];
  /** Its command regex is about what stands between commands, so it needs the whole text, as it had it there. */
  readonly spansCommands: boolean;
}

const PAIRS = [
  ["command_regex", "command_exclude_regex"],
  ["file_path_regex", "file_path_exclude_regex"],
  ["prompt_regex", "prompt_exclude_regex"],
  ["subagent_type", "subagent_type_exclude_regex"],
] as const;

export function olderRule(input: RuleInput, path: TomlPath, report: Report): OlderRule {
  const fields: OlderTest[] = [];
  const exclude: OlderTest[] = [];
  for (const [key, excludeKey] of PAIRS) {
    const field = fieldOf(key, input.tool);
    const regex = input[key];
    const excluded = input[excludeKey];
    if (regex !== undefined) {
      // An exact name there, everything else is a regex.
      fields.push({ key, field, regex: key === "subagent_type" ? `^${escapeRegex(regex)}$` : regex });
    }
    if (excluded === undefined) continue;
    exclude.push({ key: excludeKey, field, regex: excluded });
    if (regex === undefined) report.add([...path, excludeKey], "older-exclude", { key: excludeKey, partner: key });
  }
  if (input.subagent_type !== undefined && input.prompt_regex !== undefined) {
    report.add([...path, "prompt_regex"], "older-either");
  }
  refuseBoth(input, "tool_regex", "tool", path, report);
  refuseBoth(input, "id", "name", path, report);
  const { tool_regex: is, tool_exclude_regex: not } = input;
  if (not !== undefined && is === undefined) {
    report.add([...path, "tool_exclude_regex"], "older-exclude", { key: "tool_exclude_regex", partner: "tool_regex" });
  }
  const spansCommands = input.command_regex !== undefined && namesOperator(input.command_regex);
  if (is === undefined) return { fields, exclude, spansCommands };
  return { tool: not === undefined ? { is } : { is, not }, fields, exclude, spansCommands };
}

/** Does a regex name something that joins commands: a pipe, `&&`, `;`, a redirect, a substitution, a line end? */
export function namesOperator(regex: string): boolean {
  const isOneOf = (set: string) => !set.startsWith("[^") && /[|;&]/.test(set);
  const outside = regex.replace(/\[(?:\\.|[^\]\\])*\]/gs, (set) => (isOneOf(set) ? ";" : "x"));
  return /\\\||&&|;|[<>]\s|`|\\\$\\\(|\\n/.test(outside);
}

/** Its `file_path` is whichever field of the tool holds the path. */
function fieldOf(key: (typeof PAIRS)[number][0], tool: string | undefined): string {
  if (key === "command_regex") return "command";
  if (key === "prompt_regex") return "prompt";
  if (key === "subagent_type") return "subagent_type";
  return toolShape(tool ?? "")?.paths?.[0]?.field ?? "file_path";
}

function refuseBoth(
  input: RuleInput,
  key: "tool_regex" | "id",
  partner: "tool" | "name",
  path: TomlPath,
  report: Report,
) {
  if (input[key] === undefined || input[partner] === undefined) return;
  report.add([...path, key], "older-both", { key, partner });
}
