/**
 * The permission lists of a Claude Code settings file, each entry with its place. Strict JSON, as Claude Code reads it:
 * of a malformed file nothing is taken, and the first fault is told with line and column.
 */
import { problem } from "../../core/errors.js";
import type { Problem } from "../../core/policy/policy.js";
import { type JsonNode, lineAndColumn, memberOf, parseJsonText } from "../../store/json-text.js";

export interface SettingsEntry {
  readonly kind: "deny" | "ask" | "allow";
  /** As written, e.g. `Bash(git push *)`. */
  readonly text: string;
  /** 1-based, both. */
  readonly line: number;
  readonly column: number;
}

export interface SettingsEntries {
  readonly entries: readonly SettingsEntry[];
  readonly problems: readonly Problem[];
}

/** Strictest first, as they are judged. */
const LISTS = ["deny", "ask", "allow"] as const;

export function readSettingsEntries(text: string, file: string): SettingsEntries {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const place = (offset: number) => ({ file, ...lineAndColumn(body, offset) });
  const parsed = parseJsonText(body);
  if (parsed.kind === "fault") {
    const { detail, line, column } = parsed.fault;
    return { entries: [], problems: [problem("settings-json", { detail }, { file, line, column })] };
  }
  const { root } = parsed;
  const problems: Problem[] = [];
  const expect = (node: JsonNode | undefined, type: JsonNode["type"], key: string): node is JsonNode => {
    if (node === undefined || node.type === type) return node !== undefined;
    const values = { key, expected: ARTICLES[type], actual: ARTICLES[node.type] };
    problems.push(problem("wrong-type", values, place(node.offset)));
    return false;
  };
  if (!expect(root, "object", "the file")) return { entries: [], problems };
  const permissions = memberOf(root, "permissions");
  if (!expect(permissions, "object", "permissions")) return { entries: [], problems };
  const entries = LISTS.flatMap((kind) => {
    const list = memberOf(permissions, kind);
    if (!expect(list, "array", `permissions.${kind}`)) return [];
    return (list.children ?? [])
      .filter((item) => expect(item, "string", `permissions.${kind}`))
      .map((item): SettingsEntry => ({ kind, text: String(item.value), ...lineAndColumn(body, item.offset) }));
  });
  return { entries, problems };
}

const ARTICLES: Readonly<Record<JsonNode["type"], string>> = {
  object: "an object",
  array: "a list",
  string: "a string",
  property: "a property",
  number: "a number",
  boolean: "true or false",
  null: "null",
};
