/**
 * TOML text -> plain values, or the one syntax error with its place. Tables have no prototype, so a key can only be
 * what the file says; keys that JavaScript gives a meaning to are refused.
 */
import { parse, TomlError } from "smol-toml";
import { type ProblemPlace, problem } from "../errors.js";
import type { Problem } from "./policy.js";

export type TomlTable = Readonly<Record<string, unknown>>;

export function isTable(value: unknown): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Nesting beyond this is no policy; it keeps every later walk over the values shallow. */
const MAX_DEPTH = 32;

export type TomlResult =
  | { readonly kind: "table"; readonly table: TomlTable }
  | { readonly kind: "problem"; readonly problem: Problem };

export function parseToml(text: string, file: string): TomlResult {
  try {
    const table: unknown = parse(text, { maxDepth: MAX_DEPTH });
    if (!isTable(table))
      return refuse("toml-syntax", { detail: "the file is not a table" }, { file, line: 1, column: 1 });
    return unusableKey(table, file) ?? { kind: "table", table };
  } catch (cause) {
    return { kind: "problem", problem: syntaxProblem(cause, text, file) };
  }
}

function refuse(code: "toml-syntax" | "unusable-key", values: Record<string, string>, place: ProblemPlace): TomlResult {
  return { kind: "problem", problem: problem(code, values, place) };
}

/** First key named `__proto__`; also refuses dotted keys and headers that nest deeper than `MAX_DEPTH`. */
function unusableKey(root: TomlTable, file: string): TomlResult | undefined {
  const waiting: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    if (depth > MAX_DEPTH) {
      return refuse("toml-syntax", { detail: `tables nest deeper than ${MAX_DEPTH}` }, { file, line: 1, column: 1 });
    }
    if (Array.isArray(value)) for (const item of value) waiting.push({ value: item, depth: depth + 1 });
    if (!isTable(value)) continue;
    for (const key of Object.keys(value)) {
      if (key === "__proto__") return refuse("unusable-key", { key }, { file, line: 1, column: 1 });
      waiting.push({ value: value[key], depth: depth + 1 });
    }
  }
  return undefined;
}

/** smol-toml's message is `Invalid TOML document: <what>`, a blank line and a code frame; only <what> is kept. */
function syntaxProblem(cause: unknown, text: string, file: string): Problem {
  if (!(cause instanceof TomlError)) {
    const detail = cause instanceof RangeError ? "the file nests too deeply" : "the file is not valid TOML";
    return problem("toml-syntax", { detail }, { file, line: 1, column: 1 });
  }
  const first = cause.message.split("\n", 1)[0] ?? "";
  const detail = first.replace(/^Invalid TOML document: /, "");
  const place = { file, line: Math.max(1, cause.line), column: Math.max(1, cause.column) };
  return problem("toml-syntax", { detail, hint: syntaxHint(detail, lineAt(text, cause.line)) }, place);
}

function lineAt(text: string, line: number): string {
  return text.split("\n", line).at(line - 1) ?? "";
}

function syntaxHint(detail: string, line: string): string {
  if (/escape/.test(detail)) return "write regexes in single quotes: 'a\\.b' keeps its backslashes";
  if (/^\s*[\w-]+\s*=\s*[A-Za-z/~^]/.test(line)) return "put the value in quotes";
  if (/redefine|already|duplicate/i.test(detail)) return "merge the two, or write [[name]] for a list of tables";
  return "";
}
