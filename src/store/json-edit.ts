/**
 * Small edits of a JSON text in the manner it is written in: its indentation, its line ends, one line where it has one
 * line. Appending and then removing gives the same bytes again. A text or path that is not there is a programmer's
 * error and throws.
 */
import { type JsonNode, type JsonPath, nodeAt, parseJsonText } from "./json-text.js";

/** Appends to the object (with `key`) or list (`key` null) at `path`. */
export function appendTo(text: string, path: JsonPath, key: string | null, value: unknown): string {
  const container = find(text, path);
  const children = container.children ?? [];
  const name = key === null ? "" : `${JSON.stringify(key)}: `;
  const first = children[0];
  const last = children.at(-1);
  if (first === undefined || last === undefined) {
    const outer = indentationAt(text, container.offset);
    const inner = outer + unitOf(text);
    const eol = lineEndOf(text);
    const [open, close] = key === null ? "[]" : "{}";
    const filled = `${open}${eol}${inner}${name}${pretty(text, value, inner)}${eol}${outer}${close}`;
    return splice(text, container.offset, container.length, filled);
  }
  const gap = text.slice(container.offset + 1, first.offset);
  const lineStart = gap.lastIndexOf("\n");
  if (lineStart === -1) return splice(text, endOf(last), 0, `, ${name}${JSON.stringify(value)}`);
  const indent = gap.slice(lineStart + 1);
  return splice(text, endOf(last), 0, `,${lineEndOf(text)}${indent}${name}${pretty(text, value, indent)}`);
}

/** Removes the member or element at `path`, with the comma that went with it. */
export function removeAt(text: string, path: JsonPath): string {
  const value = find(text, path);
  const child = value.parent?.type === "property" ? value.parent : value;
  const container = child.parent;
  const siblings = container?.children ?? [];
  const at = siblings.indexOf(child);
  if (container === undefined || at === -1) throw new Error(`nothing to remove at ${path.join(".")}`);
  const [before, after] = [siblings[at - 1], siblings[at + 1]];
  if (before !== undefined) return splice(text, endOf(before), endOf(child) - endOf(before), "");
  if (after !== undefined) return splice(text, child.offset, after.offset - child.offset, "");
  return splice(text, container.offset + 1, container.length - 2, "");
}

function find(text: string, path: JsonPath): JsonNode {
  const parsed = parseJsonText(text);
  const node = parsed.kind === "json" ? nodeAt(parsed.root, path) : undefined;
  if (node === undefined) throw new Error(`no JSON value at ${path.join(".")}`);
  return node;
}

function endOf({ offset, length }: JsonNode): number {
  return offset + length;
}

function splice(text: string, offset: number, length: number, put: string): string {
  return text.slice(0, offset) + put + text.slice(offset + length);
}

function pretty(text: string, value: unknown, indent: string): string {
  return JSON.stringify(value, null, unitOf(text)).replaceAll("\n", lineEndOf(text) + indent);
}

/** One step of indentation: that of the first indented line. */
function unitOf(text: string): string {
  return /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ";
}

function lineEndOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

/** White space at the start of the line that holds `offset`. */
function indentationAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1))?.[0] ?? "";
}
