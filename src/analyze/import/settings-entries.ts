/**
 * The permission lists of a Claude Code settings file, each entry with its place. Strict JSON, as Claude Code reads it:
 * of a malformed file nothing is taken, and the first fault is told with line and column.
 */
import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { problem } from "../../core/errors.js";
import type { Problem } from "../../core/policy/policy.js";

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

const FAULTS: Readonly<Record<string, string>> = {
  InvalidSymbol: "this is no JSON value",
  InvalidNumberFormat: "this is no JSON number",
  PropertyNameExpected: "a property name in double quotes is expected",
  ValueExpected: "a value is expected",
  ColonExpected: "a colon is expected",
  CommaExpected: "a comma is expected",
  CloseBraceExpected: "`}` is expected",
  CloseBracketExpected: "`]` is expected",
  EndOfFileExpected: "there is text after the end",
  InvalidCommentToken: "JSON has no comments",
  UnexpectedEndOfComment: "JSON has no comments",
  UnexpectedEndOfString: "the string does not end",
  UnexpectedEndOfNumber: "the number does not end",
  InvalidUnicode: "this is no Unicode escape",
  InvalidEscapeCharacter: "this is no escape",
  InvalidCharacter: "control characters must be escaped in strings",
};

export function readSettingsEntries(text: string, file: string): SettingsEntries {
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const place = (offset: number) => ({ file, ...lineAndColumn(body, offset) });
  const faults: ParseError[] = [];
  const root = parseTree(body, faults, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  const fault = faults[0];
  if (fault !== undefined || root === undefined) {
    const detail =
      FAULTS[fault === undefined ? "ValueExpected" : printParseErrorCode(fault.error)] ?? "it cannot be read";
    return { entries: [], problems: [problem("settings-json", { detail }, place(fault?.offset ?? 0))] };
  }
  const problems: Problem[] = [];
  const expect = (node: Node | undefined, type: Node["type"], key: string): node is Node => {
    if (node === undefined || node.type === type) return node !== undefined;
    const values = { key, expected: ARTICLES[type], actual: ARTICLES[node.type] };
    problems.push(problem("wrong-type", values, place(node.offset)));
    return false;
  };
  if (!expect(root, "object", "the file")) return { entries: [], problems };
  const permissions = property(root, "permissions");
  if (!expect(permissions, "object", "permissions")) return { entries: [], problems };
  const entries = LISTS.flatMap((kind) => {
    const list = property(permissions, kind);
    if (!expect(list, "array", `permissions.${kind}`)) return [];
    return (list.children ?? [])
      .filter((item) => expect(item, "string", `permissions.${kind}`))
      .map((item): SettingsEntry => ({ kind, text: String(item.value), ...lineAndColumn(body, item.offset) }));
  });
  return { entries, problems };
}

const ARTICLES: Readonly<Record<Node["type"], string>> = {
  object: "an object",
  array: "a list",
  string: "a string",
  property: "a property",
  number: "a number",
  boolean: "true or false",
  null: "null",
};

/** Of a key written twice the last one counts, as in every JSON reader. */
function property(node: Node, name: string): Node | undefined {
  return node.children?.findLast((child) => child.children?.[0]?.value === name)?.children?.[1];
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}
