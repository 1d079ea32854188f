/**
 * Strict JSON with places, and edits of it that leave every other byte alone. It refuses what is not strict JSON
 * (comments, trailing commas): the programs that read these files refuse it too. The edits are our own because those of
 * jsonc-parser reformat their neighbours and damage a list without white space.
 */
import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

export type JsonNode = Node;
export type JsonObject = Readonly<Record<string, unknown>>;
export type JsonPath = readonly (string | number)[];

/** What is wrong and where; line and column are 1-based, without a byte order mark. */
export interface JsonFault {
  readonly detail: string;
  readonly line: number;
  readonly column: number;
}

export type ParsedJson =
  | { readonly kind: "json"; readonly root: JsonNode }
  | { readonly kind: "fault"; readonly fault: JsonFault };

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

/** Offsets of the tree count from the start of `text`, which must not begin with a byte order mark. */
export function parseJsonText(text: string): ParsedJson {
  const faults: ParseError[] = [];
  const root = treeOf(text, faults);
  if (root === "too deep") return { kind: "fault", fault: { detail: "it is nested too deep", line: 1, column: 1 } };
  const [fault] = faults;
  if (fault === undefined && root !== undefined) return { kind: "json", root };
  const detail = FAULTS[fault === undefined ? "ValueExpected" : printParseErrorCode(fault.error)];
  return {
    kind: "fault",
    fault: { detail: detail ?? "it cannot be read", ...lineAndColumn(text, fault?.offset ?? 0) },
  };
}

function treeOf(text: string, faults: ParseError[]): JsonNode | undefined | "too deep" {
  try {
    return parseTree(text, faults, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  } catch (error) {
    if (error instanceof RangeError) return "too deep";
    throw error;
  }
}

export function lineAndColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

/** Of a key written twice the last one counts, as in every JSON reader. */
export function memberOf(node: JsonNode, name: string): JsonNode | undefined {
  return node.children?.findLast((child) => child.children?.[0]?.value === name)?.children?.[1];
}

/** The value at a path; `undefined` when there is none. */
export function nodeAt(root: JsonNode, path: JsonPath): JsonNode | undefined {
  return path.reduce<JsonNode | undefined>(
    (node, step) => (typeof step === "string" ? node && memberOf(node, step) : node?.children?.[step]),
    root,
  );
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
