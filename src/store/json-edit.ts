/**
 * Small edits of a JSON text in the manner it is written in: its indentation, its line ends, one line where it has one
 * line. Appending and then removing gives the same bytes again. A text or path that is not there is a programmer's
 * error and throws.
 */
import { isJsonObject, type JsonNode, type JsonPath, nodeAt, parseJsonText } from "./json-text.js";

export type JsonEdit =
  | { readonly kind: "remove"; readonly path: JsonPath }
  /** To the object (with `key`) or list (`key` null) at `path`. */
  | { readonly kind: "append"; readonly path: JsonPath; readonly key: string | null; readonly value: unknown };

export function editText(text: string, edit: JsonEdit): string {
  return edit.kind === "remove" ? removeAt(text, edit.path) : appendTo(text, edit.path, edit.key, edit.value);
}

/** The same edit of the value: what the edited text must say. A path that is not there changes nothing. */
export function editValue(value: unknown, edit: JsonEdit): unknown {
  if (edit.kind === "remove") return changed(value, edit.path.slice(0, -1), (from) => without(from, edit.path.at(-1)));
  const { key, value: added } = edit;
  return changed(value, edit.path, (to) => {
    if (key === null) return Array.isArray(to) ? [...to, added] : to;
    return isJsonObject(to) ? { ...to, [key]: added } : to;
  });
}

function changed(value: unknown, [step, ...rest]: JsonPath, change: (value: unknown) => unknown): unknown {
  if (step === undefined) return change(value);
  if (Array.isArray(value)) return value.map((item, at) => (at === step ? changed(item, rest, change) : item));
  if (!isJsonObject(value) || !Object.hasOwn(value, step)) return value;
  return { ...value, [step]: changed(value[step], rest, change) };
}

function without(value: unknown, step: string | number | undefined): unknown {
  if (Array.isArray(value)) return value.filter((_, at) => at !== step);
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== step)) : value;
}

function appendTo(text: string, path: JsonPath, key: string | null, value: unknown): string {
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

/** With the comma that went with it. */
function removeAt(text: string, path: JsonPath): string {
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
