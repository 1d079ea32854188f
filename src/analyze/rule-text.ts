/** A rule as its file has it: its lines, and its conditions in the file's own spelling. It judges nothing. */
import type { Rule } from "../core/policy/policy.js";
import { conditionsOf } from "../core/policy/rule-identity.js";
import { isTable, parseToml } from "../core/policy/toml.js";

/** Keys of a rule's table that do not decide what it matches. */
const NO_CONDITIONS: ReadonlySet<string> = new Set(["name", "id", "description", "reason", "match", "not_match"]);

export interface RuleText {
  /** From its header to the next header that is not below it; `null` when it stands in no file that can be read. */
  readonly text: string | null;
  /** As the file spells them; as compiled for a rule that is built in, or whose file has changed since. */
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
    const text = rule.layer === "builtin" ? null : textOf(rule, linesOf(rule.source.file));
    const written = text === null ? null : writtenConditions(rule, text);
    if (written !== null) return { text, conditions: written };
    const { kind: _, ...conditions } = conditionsOf(rule);
    return { text, conditions };
  };
}

function textOf({ kind, source: { line } }: Rule, lines: readonly string[]): string | null {
  const first = line - 1;
  if (lines[first] === undefined) return null;
  const isNext = (text: string, index: number) => index > first && /^\s*\[/.test(text) && !text.includes(`[${kind}.`);
  const end = lines.findIndex(isNext);
  return lines
    .slice(first, end < 0 ? undefined : end)
    .join("\n")
    .trimEnd();
}

function writtenConditions({ kind, name }: Rule, text: string): Readonly<Record<string, unknown>> | null {
  const parsed = parseToml(text, "");
  const tables: unknown = parsed.kind === "table" ? parsed.table[kind] : undefined;
  const [table] = Array.isArray(tables) ? (tables as readonly unknown[]) : [];
  if (!isTable(table) || (table["name"] ?? table["id"]) !== name) return null;
  return Object.fromEntries(
    Object.entries(table).filter(([key]) => !NO_CONDITIONS.has(key) && !key.startsWith("promoted_")),
  );
}
