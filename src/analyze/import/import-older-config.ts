/**
 * The configuration of claude-code-permissions-hook as a policy file in our own words. A rule is rewritten only where
 * the policy reader takes both spellings for the same rule; else its older keys stay, which mean what they meant. What
 * the older hook never matched, and would match here, is refused.
 */
import { isDeepStrictEqual } from "node:util";
import { problem } from "../../core/errors.js";
import { escapeRegex } from "../../core/policy/glob.js";
import { parsePolicyFile } from "../../core/policy/parse-policy-file.js";
import type { Problem } from "../../core/policy/policy.js";
import type { FileRule } from "../../core/policy/policy-file.js";
import { isTable, parseToml, type TomlTable } from "../../core/policy/toml.js";
import { type TomlPath, tomlPositions } from "../../core/policy/toml-positions.js";
import { type RuleText, renderRules, ruleName, type TomlValue, tomlStrings } from "./rule-toml.js";

export interface OlderConfigImport {
  /** A policy file; "" when there is nothing to keep. */
  readonly toml: string;
  readonly rules: number;
  readonly problems: readonly Problem[];
}

export interface OlderConfigOrigin {
  /** Path as shown to people. */
  readonly file: string;
  /** Path as written in an include -> absolute path. */
  readonly resolveInclude: (path: string) => string;
}

const KINDS = ["deny", "ask", "allow"] as const;

/** Condition, the exclude that goes with it, and the input field both look at. */
const CONDITIONS = [
  ["command_regex", "command_exclude_regex", "command"],
  ["file_path_regex", "file_path_exclude_regex", "file_path"],
  ["prompt_regex", "prompt_exclude_regex", "prompt"],
  ["subagent_type", "subagent_type_exclude_regex", "subagent_type"],
] as const;

/** The older hook read a field of these tools, and matched nothing without a regex for it. */
const NEEDS_CONDITION: ReadonlySet<string> = new Set(["Read", "Write", "Edit", "Glob", "Bash", "Task"]);

export function importOlderConfig(text: string, origin: OlderConfigOrigin): OlderConfigImport {
  const { file } = origin;
  const { policyFile, problems: found } = parsePolicyFile(text, { file, layer: "user", baseFolder: "", trusted: true });
  const toml = parseToml(text.replace(/^\uFEFF/, ""), file);
  if (policyFile === null || toml.kind === "problem") return { toml: "", rules: 0, problems: found };
  const problems: Problem[] = [...found];
  const places = tomlPositions(text);
  const placeOf = (path: TomlPath) => (places.kind === "positions" ? places.positions(path) : places.position);
  const names = new Set<string>();
  const rules: RuleText[] = [];
  for (const { kind, table, path, isEnabled } of tablesOf(toml.table)) {
    const tool = table["tool"];
    if (kind === "allow" && typeof tool === "string" && NEEDS_CONDITION.has(tool) && !hasCondition(table)) {
      problems.push(problem("older-tool-only", { tool }, { file, ...placeOf(path) }));
      continue;
    }
    const rule = ownWords(kind, table, isEnabled, names);
    if (rule !== undefined) rules.push(rule);
  }
  if (policyFile.settings.llm !== undefined) {
    const hint = "set `[settings.llm]` yourself: the language model is off until you do";
    problems.push({
      ...problem("older-ignored", { key: "[llm_fallback]", hint }),
      file,
      ...placeOf(["llm_fallback"]),
    });
  }
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  const includes = policyFile.includes.map((include) => origin.resolveInclude(include.path));
  if (rules.length === 0 && includes.length === 0) return { toml: "", rules: 0, problems };
  const head = [`Rules taken from ${file}, a configuration of claude-code-permissions-hook: read them before use.`];
  const include = includes.length === 0 ? "" : `include = ${tomlStrings(includes)}\n`;
  return { toml: renderRules(head, rules, include), rules: rules.length, problems };
}

interface OlderTable {
  readonly kind: (typeof KINDS)[number];
  readonly table: TomlTable;
  readonly path: TomlPath;
  readonly isEnabled: boolean;
}

/** Rules at the top level, and of the fork's named sections. */
function* tablesOf(root: TomlTable): Generator<OlderTable> {
  const sections = Object.entries(root).filter(([, value]) => isTable(value));
  const places: readonly (readonly [TomlPath, unknown])[] = [
    [[], root],
    ...sections.map(([name, value]) => [[name], value] as const),
  ];
  for (const kind of KINDS) {
    for (const [path, section] of places) {
      const tables = isTable(section) ? section[kind] : undefined;
      if (!isTable(section) || !Array.isArray(tables)) continue;
      const isEnabled = path.length === 0 || section["enabled"] !== false;
      for (const [index, table] of tables.entries()) {
        if (isTable(table)) yield { kind, table, path: [...path, kind, index], isEnabled };
      }
    }
  }
}

function hasCondition(table: TomlTable): boolean {
  return CONDITIONS.some(([key]) => table[key] !== undefined) || isTable(table["fields"]) || isTable(table["shell"]);
}

/** `undefined` when the policy reader refuses the rule; it has told why. */
function ownWords(
  kind: OlderTable["kind"],
  table: TomlTable,
  isEnabled: boolean,
  names: Set<string>,
): RuleText | undefined {
  const older = olderText(kind, table, isEnabled);
  const meant = readRule(older);
  if (meant === undefined) return undefined;
  const name = nameOf(kind, table, older, names);
  const own = { ...rewritten(older), name };
  const read = readRule(own);
  return read !== undefined && isDeepStrictEqual(essence(read), essence(meant)) ? own : { ...older, name };
}

/** Its own name when it has a usable one that is still free, else one made from its conditions. */
function nameOf(kind: OlderTable["kind"], table: TomlTable, older: RuleText, names: Set<string>): string {
  const written = table["name"] ?? table["id"];
  if (isText(written) && !names.has(written) && readRule({ ...older, name: written })?.name === written) {
    names.add(written);
    return written;
  }
  return ruleName(kind, Object.values(older.fields).filter(isText).slice(0, 2).join(" "), names);
}

/** The table as it stands, but for its name. */
function olderText(kind: OlderTable["kind"], table: TomlTable, isEnabled: boolean): RuleText {
  const fields: Record<string, TomlValue> = {};
  const tables: Record<string, Record<string, TomlValue>> = {};
  for (const [key, value] of Object.entries(table)) {
    if (isValue(value) && key !== "id" && key !== "name") fields[key] = value;
    if (isTable(value)) tables[key] = Object.fromEntries(Object.entries(value).filter(isPair));
  }
  if (!isEnabled) fields["enabled"] = false;
  return { kind, name: "unnamed", fields, tables };
}

function rewritten(older: RuleText): RuleText {
  const fields = { ...older.fields };
  const regexes: Record<string, TomlValue> = { ...older.tables?.["fields"] };
  for (const [key, exclude, field] of CONDITIONS) {
    const regex = fields[key];
    // The exclude also sees the whole text there; ours does not, so the pair keeps its older keys.
    if (!isText(regex) || fields[exclude] !== undefined) continue;
    regexes[field] = key === "subagent_type" ? `^${escapeRegex(regex)}$` : regex;
    delete fields[key];
  }
  return { ...older, fields, tables: { ...older.tables, fields: regexes } };
}

function readRule(rule: RuleText): FileRule | undefined {
  const origin = { file: "rule", layer: "user", baseFolder: "", trusted: true } as const;
  return parsePolicyFile(renderRules([], [rule]), origin).policyFile?.rules[0];
}

/** What decides: not where it stands or what it is called. */
function essence(rule: FileRule): Partial<FileRule> {
  const { source: _, name: __, ...rest } = rule;
  return rest;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isValue(value: unknown): value is TomlValue {
  return isText(value) || typeof value === "boolean" || (Array.isArray(value) && value.every(isText));
}

function isPair(pair: readonly [string, unknown]): pair is [string, TomlValue] {
  return isValue(pair[1]);
}
