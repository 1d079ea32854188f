/**
 * Values as TOML text, for files that people read and keep. Regexes and patterns go into single quotes, where a
 * backslash is a backslash. What TOML cannot say (null, functions, numbers that are none) gives `undefined`.
 */
import { isTable, type TomlTable } from "./toml.js";

/** Prose in double quotes, everything else in single quotes when it can be. */
const PROSE: ReadonlySet<string> = new Set(["name", "description", "reason", "promoted_reasoning"]);

/** A value on one line; tables become inline tables. */
export function tomlValue(value: unknown, key = ""): string | undefined {
  if (typeof value === "string") return PROSE.has(key) ? basicString(value) : literalString(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return tomlNumber(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  const parts = Array.isArray(value)
    ? value.map((item: unknown) => tomlValue(item, key))
    : isTable(value)
      ? Object.entries(value).map((entry) => tomlPair(...entry))
      : [undefined];
  if (parts.includes(undefined)) return undefined;
  if (Array.isArray(value)) return `[${parts.join(", ")}]`;
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

export function tomlPair(key: string, value: unknown): string | undefined {
  const text = tomlValue(value, key);
  return text === undefined ? undefined : `${tomlKey(key)} = ${text}`;
}

/** One word of a key, quoted where it must be. */
export function tomlKey(word: string): string {
  return /^[A-Za-z0-9_-]+$/.test(word) ? word : basicString(word);
}

/** `[[allow]]`, its pairs, and `[allow.shell]` for each table in it, one line each. */
export function tomlRule(kind: string, rule: TomlTable): readonly string[] | undefined {
  const plain = Object.entries(rule).filter(([, value]) => !isTable(value));
  const tables = Object.entries(rule).filter((entry): entry is [string, TomlTable] => isTable(entry[1]));
  const lines: (string | undefined)[] = [`[[${kind}]]`, ...plain.map((entry) => tomlPair(...entry))];
  for (const [key, table] of tables) {
    lines.push(`[${kind}.${tomlKey(key)}]`, ...Object.entries(table).map((entry) => tomlPair(...entry)));
  }
  const known = lines.filter((line) => line !== undefined);
  return known.length === lines.length ? known : undefined;
}

function tomlNumber(value: number): string | undefined {
  if (Object.is(value, -0)) return "-0.0";
  if (Number.isInteger(value)) return Number.isSafeInteger(value) ? String(value) : undefined;
  return Number.isFinite(value) ? String(value) : undefined;
}

function literalString(text: string): string {
  return /['\p{Cc}\p{Cs}]/u.test(text) ? basicString(text) : `'${text}'`;
}

/** JSON's escapes are TOML's, but for DEL, which TOML wants escaped too. */
function basicString(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll("\u007F", "\\u007F");
}
