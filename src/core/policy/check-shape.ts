/** Unknown TOML values against a schema: the typed value, or problems in the words of the catalogue. */
import type * as z from "zod";
import { knownKeys } from "./policy.schema.js";
import type { Report } from "./rule-report.js";
import { nameHint, suggestName } from "./suggest-name.js";
import { isTable } from "./toml.js";
import type { TomlPath } from "./toml-positions.js";

/** `path` is where `value` stands in the file. */
export function checkShape<T extends z.ZodType>(
  schema: T,
  value: unknown,
  path: TomlPath,
  report: Report,
): z.infer<T> | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) reportIssue(schema, value, path, issue, report);
  return undefined;
}

type Issue = z.core.$ZodIssue;

function reportIssue(schema: z.ZodType, value: unknown, base: TomlPath, issue: Issue, report: Report): void {
  const inner = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  const path = [...base, ...inner];
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, issue.path);
    for (const key of issue.keys) {
      const hint = nameHint(key, known) || insideHint(schema, issue.path, key);
      report.add([...path, key], "unknown-key", { key, where: nameOf(path), hint });
    }
    return;
  }
  const key = nameOf(path);
  const deepest = deepestOf(issue);
  const found = valueAt(value, [...inner, ...deepest]);
  if (found === undefined) {
    report.add(path, "missing-key", { key, where: nameOf(base), expected: issue.message });
    return;
  }
  const hint = hintFor(found, issue, key);
  report.add([...path, ...deepest], "wrong-type", { key, expected: issue.message, actual: describe(found), hint });
}

/** A key that stands one table too high, like `program` outside of `shell`. */
function insideHint(schema: z.ZodType, path: readonly PropertyKey[], key: string): string {
  for (const table of knownKeys(schema, path)) {
    const near = suggestName(key, knownKeys(schema, [...path, table]));
    if (near !== undefined) return `did you mean \`${near}\` in \`${table}\`?`;
  }
  return "";
}

/** Inside a union, the branch that got furthest knows best what is wrong. */
function deepestOf(issue: Issue): (string | number)[] {
  if (issue.code !== "invalid_union") return [];
  const paths = issue.errors.flat().map((inner) => inner.path.filter((step) => typeof step !== "symbol"));
  return paths.reduce((longest, path) => (path.length > longest.length ? path : longest), []);
}

function valueAt(value: unknown, path: TomlPath): unknown {
  let at: unknown = value;
  for (const step of path) {
    if (Array.isArray(at) && typeof step === "number") at = at[step];
    else if (isTable(at) && Object.hasOwn(at, step)) at = at[step];
    else return undefined;
  }
  return at;
}

/** `deny[2].shell.program`, with the second table of a list counted from 1 as people do. */
export function nameOf(path: TomlPath): string {
  if (path.length === 0) return "the file";
  const [kind, index, ...rest] = path;
  if (typeof index !== "number") return path.join(".");
  return rest.length === 0 ? `[[${kind}]]` : rest.filter((step) => typeof step === "string").join(".");
}

function describe(value: unknown): string {
  if (typeof value === "string") return `"${value}"`;
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date";
  if (isTable(value)) return "a table";
  return String(value);
}

function hintFor(value: unknown, issue: Issue, key: string): string {
  if (issue.message === "a list of tables") return `write [[${key}]] with two brackets`;
  if (typeof value !== "string") return "";
  const options = [...issue.message.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");
  if (options.length > 0) return nameHint(value, options);
  if (/^(?:true|false)$/.test(value)) return "write it without quotes";
  return /^\d+$/.test(value) ? "write the number without quotes" : "";
}
