/** A rule as its file has it: its lines, and its conditions in the file's own spelling. It judges nothing. */
import { parsePolicyFile } from "../core/policy/parse-policy-file.js";
import type { Rule } from "../core/policy/policy.js";
import type { FileRule } from "../core/policy/policy-file.js";
import { conditionsOf } from "../core/policy/rule-identity.js";
import { isTable, parseToml, type TomlTable } from "../core/policy/toml.js";

/** Keys of a rule's table that do not decide what it matches. */
const NO_CONDITIONS: ReadonlySet<string> = new Set(["name", "id", "description", "reason", "match", "not_match"]);
/** Lines that look like a header and are part of a longer value: more than these are not looked behind. */
const LOOKED_BEHIND = 50;

export interface RuleText {
  /** From its header to the next that is not below it; `null` when no file that can be read has it there. */
  readonly text: string | null;
  /** As the file spells them; as compiled where there is no text. */
  readonly conditions: Readonly<Record<string, unknown>>;
}

/** @param readText `null` for a file that cannot be read. Each file is read once. */
export function createRuleTexts(readText: (file: string) => string | null): (rule: Rule) => RuleText {
  const files = new Map<string, readonly string[]>();
  const linesOf = (file: string): readonly string[] => {
    const lines = files.get(file) ?? readText(file)?.split(/\r?\n/) ?? [];
    files.set(file, lines);
    return lines;
  };
  return (rule) => {
    const found = rule.layer === "builtin" ? null : tableAt(rule, linesOf(rule.source.file));
    if (found !== null && isStill(rule, found)) return { text: found.text, conditions: writtenIn(found.table) };
    const { kind: _, ...conditions } = conditionsOf(rule);
    return { text: null, conditions };
  };
}

interface WrittenRule {
  readonly text: string;
  readonly table: TomlTable;
}

/** What follows a header is a header only if all before it is TOML: else it stands inside a list or a longer text. */
function tableAt({ kind, source: { line } }: Rule, lines: readonly string[]): WrittenRule | null {
  const below = new RegExp(`^\\s*\\[\\s*\\[?\\s*["']?${kind}["']?\\s*\\.`);
  let looked = 0;
  for (let end = line; end <= lines.length && looked < LOOKED_BEHIND; end++) {
    const next = lines[end];
    if (next !== undefined && (!/^\s*\[/.test(next) || below.test(next))) continue;
    looked++;
    const text = lines
      .slice(line - 1, end)
      .join("\n")
      .trimEnd();
    const parsed = parseToml(text, "");
    if (parsed.kind === "problem") continue;
    const tables = parsed.table[kind];
    const [table]: readonly unknown[] = Array.isArray(tables) ? tables : [];
    return isTable(table) ? { text, table } : null;
  }
  return null;
}

/** The file may have changed since: a name tells, and where there is none what it decides. */
function isStill(rule: Rule, { text, table }: WrittenRule): boolean {
  const name = table["name"] ?? table["id"];
  if (name !== undefined || rule.name !== undefined) return name === rule.name;
  const { policyFile } = parsePolicyFile(text, { file: "", layer: rule.layer, baseFolder: "", trusted: true });
  const [written] = policyFile?.rules ?? [];
  return written !== undefined && decidedBy(written) === decidedBy(rule);
}

/** Where patterns begin depends on the file, which both are of. */
function decidedBy(rule: Rule | FileRule): string {
  return JSON.stringify(conditionsOf(rule), (key, value: unknown) => (key === "base" ? undefined : value));
}

function writtenIn(table: TomlTable): RuleText["conditions"] {
  return Object.fromEntries(
    Object.entries(table).filter(([key]) => !NO_CONDITIONS.has(key) && !key.startsWith("promoted_")),
  );
}
