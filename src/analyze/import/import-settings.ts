/**
 * The permission lists of a Claude Code settings file as rules of our own, for the user to read before they count.
 * An entry that cannot be said in our language, that is a leftover piece of a shell statement, or that holds a secret is
 * told with its place and left out; nothing is mended by guess.
 */
import { basename, dirname } from "node:path";
import { redactText } from "../../core/audit/redact.js";
import { problem } from "../../core/errors.js";
import { parsePolicyFile } from "../../core/policy/parse-policy-file.js";
import type { Problem } from "../../core/policy/policy.js";
import { parseShellText } from "../../core/shell/parse.js";
import { type RuleText, renderRules, ruleName } from "./rule-toml.js";
import { readSettingsEntries, type SettingsEntry } from "./settings-entries.js";

export interface SettingsImport {
  /** A policy file; "" when no rule is left. */
  readonly toml: string;
  readonly rules: number;
  /** Entries that say what an earlier entry of the same list says. */
  readonly duplicates: number;
  readonly problems: readonly Problem[];
}

export interface SettingsOrigin {
  /** Path as shown to people. */
  readonly file: string;
  /**
   * Absolute folder of the project whose settings these are: its rules then count there only, and `Read(/p)` keeps
   * meaning a path of that project. Absent for the user's own settings.
   */
  readonly project?: string;
}

interface Candidate {
  readonly entry: SettingsEntry;
  readonly rule: RuleText;
}

export function importSettings(text: string, origin: SettingsOrigin): SettingsImport {
  const { entries, problems: readProblems } = readSettingsEntries(text, origin.file);
  const problems: Problem[] = [...readProblems];
  const seen = new Set<string>();
  const names = new Set<string>();
  const candidates: Candidate[] = [];
  for (const entry of entries) {
    const key = `${entry.kind} ${normalised(entry.text)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const fault = faultOf(entry, origin.file);
    if (fault !== undefined) problems.push(fault);
    else candidates.push({ entry, rule: ruleOf(entry, origin, names) });
  }
  const kept = candidates.filter((candidate) => {
    const found = problemsOfRule(candidate, origin.file);
    problems.push(...found);
    return found.every((one) => one.severity !== "error");
  });
  const rules = kept.map((candidate) => candidate.rule);
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  const toml = rules.length === 0 ? "" : renderRules([`Rules taken from ${origin.file}: read them before use.`], rules);
  return { toml, rules: rules.length, duplicates: entries.length - seen.size, problems };
}

/** The project a settings file belongs to: `<project>/.claude/settings*.json`; `undefined` for the user's own. */
export function projectOfSettings(file: string, claudeDir: string): string | undefined {
  const folder = dirname(file);
  return basename(folder) === ".claude" && folder !== claudeDir ? dirname(folder) : undefined;
}

/** `Bash(x:*)` and `Bash(x *)` are one rule, `Tool(*)` is `Tool`. */
function normalised(text: string): string {
  return text
    .trim()
    .replace(/:\*\)$/, " *)")
    .replace(/\(\*\)$/, "");
}

function faultOf(entry: SettingsEntry, file: string): Problem | undefined {
  const place = { file, line: entry.line, column: entry.column };
  const values = { list: `permissions.${entry.kind}`, pattern: entry.text };
  // First, so that no other message shows it.
  if (redactText(entry.text).count > 0) return problem("settings-secret", values, place);
  if (/[\n\r]/.test(entry.text.trim())) return problem("settings-lines", values, place);
  const command = /^Bash\((.*)\)$/s.exec(entry.text.trim())?.[1];
  if (command === undefined) return undefined;
  // A wildcard reads as a word; what is left must be one command a shell would take.
  const { status, commands } = parseShellText(command.replace(/:\*$/, " *"));
  if (status === "unknown" || command.startsWith("{}"))
    return problem("pattern-fragment", { pattern: entry.text, word: firstWord(command) }, place);
  const own = commands.filter((one) => !one.context.some((context) => context === "cmdsub" || context === "procsub"));
  return own.length > 1 ? problem("settings-several", values, place) : undefined;
}

function firstWord(command: string): string {
  return command.trim().split(/\s/, 1)[0] ?? "";
}

function ruleOf(entry: SettingsEntry, origin: SettingsOrigin, names: Set<string>): RuleText {
  const text = entry.text.trim();
  const pattern =
    origin.project === undefined
      ? text
      : text.replace(/^(Read|Edit)\(\/(?!\/)(.*)\)$/s, (_, tool, path) => `${tool}(/${origin.project}/${path})`);
  return {
    kind: entry.kind,
    name: ruleName(entry.kind, text, names),
    fields: { pattern, cwd: origin.project === undefined ? undefined : [origin.project] },
  };
}

/** What the policy reader says about the rule alone, told at the entry's place. */
function problemsOfRule({ entry, rule }: Candidate, file: string): Problem[] {
  const origin = { file, layer: "user", baseFolder: "", trusted: true } as const;
  const { problems } = parsePolicyFile(renderRules([], [rule]), origin);
  return problems.map((found) => ({ ...found, file, line: entry.line, column: entry.column }));
}
