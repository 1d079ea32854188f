/**
 * Suggestions as rules of Claude Code's own settings: always narrower, because those rules cannot close options or
 * folders. What cannot be said that way is named, not approximated.
 */
import type { Suggestion } from "./suggestion.js";

export interface ClaudeSettings {
  readonly permissions: Readonly<Record<"allow" | "ask" | "deny", readonly string[]>>;
  /** Name of a suggestion and why it is not, or not wholly, among the rules. */
  readonly left: readonly { readonly name: string; readonly why: string }[];
}

/** Exact commands a settings rule may stand for. */
const MOST = 10;

export function claudeSettings(suggestions: readonly Suggestion[]): ClaudeSettings {
  const permissions = { allow: new Set<string>(), ask: new Set<string>(), deny: new Set<string>() };
  const left: { name: string; why: string }[] = [];
  for (const { kind, name, draft, project } of suggestions) {
    const { pattern, tool, shell, match } = draft.table;
    if (kind !== "allow") {
      const words = isTable(shell) ? [...list(shell["program"]), ...list(shell["subcommand"])] : [];
      const flags = isTable(shell) ? list(shell["flags_all"]) : [];
      const rule = `Bash(${[...words, ...flags].join(" ")} *)`;
      if (words.length > 0) permissions[kind].add(rule);
      if (flags.length > 0) left.push({ name, why: "only this spelling and order of its options" });
    } else if (isTable(shell)) {
      // Claude Code cannot say "only these options", so nothing but what was approved word for word.
      const exact = list(match)
        .filter((command) => !/[*\\();|&<>$`]/.test(command))
        .slice(0, MOST);
      for (const command of exact) permissions.allow.add(`Bash(${command})`);
      left.push({ name, why: "only its examples, word for word: settings cannot close options, arguments or folders" });
    } else if (typeof pattern === "string") {
      permissions.allow.add(
        typeof tool === "string" && pattern.startsWith("Read(") ? `${pattern.slice(0, -1)}/**)` : pattern,
      );
      if (draft.table["exclude"] !== undefined) {
        left.push({ name, why: "without its exceptions: add deny rules for `.env`, keys and `.git`" });
      }
    } else if (typeof tool === "string") permissions.allow.add(tool);
    if (kind === "allow" && project !== "" && typeof pattern !== "string") {
      left.push({ name, why: `for \`${project}\` only: put it into that project's settings` });
    }
  }
  const sorted = (rules: ReadonlySet<string>) => [...rules].sort();
  return {
    permissions: { allow: sorted(permissions.allow), ask: sorted(permissions.ask), deny: sorted(permissions.deny) },
    left,
  };
}

function list(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
