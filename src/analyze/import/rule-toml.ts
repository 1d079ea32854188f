/**
 * Writes rules as TOML text of our dialect, for people to read and keep. Regexes and patterns go into single quotes,
 * where a backslash is a backslash; it refuses nothing and checks nothing, the policy reader does.
 */

export interface RuleText {
  readonly kind: "deny" | "ask" | "allow" | "passthrough" | "deny_promote";
  readonly name: string;
  /** Written in this order after the name; absent values are left out. */
  readonly fields: Readonly<Record<string, TomlValue | undefined>>;
  /** Sub-tables (`fields`, `exclude`), written last. */
  readonly tables?: Readonly<Record<string, Readonly<Record<string, TomlValue>>>>;
}

export type TomlValue = string | boolean | readonly string[];

/** `top`: lines of top-level keys, which TOML wants before the first table. */
export function renderRules(comment: readonly string[], rules: readonly RuleText[], top = ""): string {
  const head = comment.map((line) => `# ${line.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")}\n`).join("");
  return `${head}${top}${rules.map((rule) => `\n${renderRule(rule)}`).join("")}`;
}

function renderRule(rule: RuleText): string {
  const lines = [`[[${rule.kind}]]`, ...pairs({ name: rule.name, ...rule.fields })];
  for (const [table, values] of Object.entries(rule.tables ?? {})) {
    if (Object.keys(values).length > 0) lines.push(`[${rule.kind}.${table}]`, ...pairs(values));
  }
  return `${lines.join("\n")}\n`;
}

function pairs(values: Readonly<Record<string, TomlValue | undefined>>): string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [`${/^[A-Za-z0-9_-]+$/.test(key) ? key : basicString(key)} = ${tomlValue(key, value)}`],
  );
}

/** Prose in double quotes, everything else in single quotes when it can be. */
const PROSE: ReadonlySet<string> = new Set(["name", "description", "reason"]);

function tomlValue(key: string, value: TomlValue): string {
  if (typeof value === "boolean") return String(value);
  if (typeof value !== "string") return tomlStrings(value);
  return PROSE.has(key) ? basicString(value) : literalString(value);
}

export function tomlStrings(values: readonly string[]): string {
  return `[${values.map(literalString).join(", ")}]`;
}

function literalString(text: string): string {
  return /['\p{Cc}\p{Cs}]/u.test(text) ? basicString(text) : `'${text}'`;
}

/** JSON's escapes are TOML's, but for DEL, which TOML wants escaped too. */
function basicString(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll("\u007F", "\\u007F");
}

/** `Bash(npm run test:*)` -> `npm-run-test`: letters and digits, unique among `taken`, which it is added to. */
export function ruleName(kind: string, text: string, taken: Set<string>): string {
  const words = text
    .replace(/^Bash\((.*)\)$/s, "$1")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 60)
    .replaceAll(/^-+|-+$/g, "");
  const base = `${kind}-${words || "all"}`;
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}-${count}`;
  taken.add(name);
  return name;
}
