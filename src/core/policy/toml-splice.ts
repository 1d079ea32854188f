/**
 * What to change in a TOML text so that one key says something else or is gone, and nothing else moves. It answers in
 * stretches of text; a place it has no way to write to gives `undefined`, and the caller refuses.
 */
import { type Splice, startsWith, type TomlLayout } from "./toml-layout.js";
import type { Span, TomlBlock, TomlContent, TomlPair, TomlPath } from "./toml-tree.js";
import { tomlKey, tomlValue } from "./toml-write.js";

type InlineTable = Extract<TomlContent, { kind: "table" }>;
type InlineList = Extract<TomlContent, { kind: "list" }>;

/** The key gets the value where it stands, else a line in the block, inline table or dotted group it belongs to. */
export function spliceSet(layout: TomlLayout, path: TomlPath, value: unknown): readonly Splice[] | undefined {
  const text = tomlValue(value, String(path.at(-1)));
  if (text === undefined || typeof path.at(-1) !== "string") return undefined;
  for (const block of layout.blocks) {
    for (const pair of block.pairs) {
      if (startsWith(path, pair.path)) return setInContent(layout, pair.value, pair.path, path, text);
    }
  }
  const group = dottedGroup(layout, path);
  if (group !== undefined) return addPair(layout, group.block, group.pair, path, text);
  const parent = path.slice(0, -1);
  const block = layout.blocks.find((one) => one.path.length === parent.length && startsWith(one.path, parent));
  if (block?.header === null) return [addAtTop(layout, block, path, text)];
  if (block !== undefined) return addPair(layout, block, layout.lastOf(block), path, text);
  return addBlock(layout, parent, `${tomlKey(String(path.at(-1)))} = ${text}`);
}

/** The key and everything below it. Comments above it stay, the one on its line goes with it. */
export function spliceRemove(layout: TomlLayout, path: TomlPath): readonly Splice[] | undefined {
  const splices: Splice[] = [];
  for (const block of layout.blocks) {
    if (block.header !== null && startsWith(block.path, path))
      splices.push(blockLines(layout, block.header, layout.lastOf(block) ?? block.header));
    else {
      for (const pair of block.pairs) {
        if (startsWith(pair.path, path)) {
          splices.push({ start: layout.lineStart(pair.start), end: layout.lineEnd(pair.end), text: "" });
        } else if (startsWith(path, pair.path)) {
          const inner = removeInContent(layout, pair.value, pair.path, path);
          if (inner === undefined) return undefined;
          splices.push(...inner);
        }
      }
    }
  }
  return splices.length === 0 ? undefined : joinCuts(layout, splices);
}

/** One more item in a list that is written inline. */
export function spliceAppend(layout: TomlLayout, list: InlineList, text: string): readonly Splice[] {
  return [insertLast(layout, list, list.items, text)];
}

function setInContent(
  layout: TomlLayout,
  content: TomlContent,
  at: TomlPath,
  path: TomlPath,
  text: string,
): readonly Splice[] | undefined {
  if (at.length === path.length) return [{ start: content.start, end: content.end, text }];
  if (content.kind === "list") {
    const step = path[at.length];
    const item = typeof step === "number" ? content.items[step] : undefined;
    return item === undefined ? undefined : setInContent(layout, item, path.slice(0, at.length + 1), path, text);
  }
  if (content.kind === "plain") return undefined;
  const pair = content.pairs.find((one) => startsWith(path, one.path));
  if (pair !== undefined) return setInContent(layout, pair.value, pair.path, path, text);
  return [insertLast(layout, content, content.pairs, `${dotted(path.slice(at.length))} = ${text}`)];
}

function removeInContent(
  layout: TomlLayout,
  content: TomlContent,
  at: TomlPath,
  path: TomlPath,
): readonly Splice[] | undefined {
  if (content.kind === "plain") return undefined;
  if (content.kind === "list") {
    const step = path[at.length];
    const item = typeof step === "number" ? content.items[step] : undefined;
    if (item === undefined || typeof step !== "number") return undefined;
    if (path.length === at.length + 1) return dropItem(layout, content, content.items, step);
    return removeInContent(layout, item, path.slice(0, at.length + 1), path);
  }
  const index = content.pairs.findIndex((one) => startsWith(one.path, path) || startsWith(path, one.path));
  const pair = content.pairs[index];
  if (pair === undefined) return undefined;
  if (startsWith(pair.path, path)) return dropItem(layout, content, content.pairs, index);
  return removeInContent(layout, pair.value, pair.path, path);
}

/** Before the closing bracket, on a line of its own when the last item has one. */
function insertLast(
  layout: TomlLayout,
  around: InlineTable | InlineList,
  items: readonly Span[],
  text: string,
): Splice {
  const last = items.at(-1);
  if (last === undefined) {
    const put = around.kind === "table" ? ` ${text} ` : text;
    return { start: around.start + 1, end: around.start + 1, text: put };
  }
  const comma = layout.comma(last.end, around.end - 1);
  const ownLine = layout.text.slice(layout.lineStart(last.start), last.start).trim() === "";
  const gap = ownLine ? `${layout.newline}${layout.indent(last.start)}` : " ";
  const at = comma === undefined ? last.end : comma + 1;
  return { start: at, end: at, text: comma === undefined ? `,${gap}${text}` : `${gap}${text},` };
}

function dropItem(
  layout: TomlLayout,
  around: InlineTable | InlineList,
  items: readonly Span[],
  index: number,
): readonly Splice[] | undefined {
  const item = items[index];
  if (item === undefined) return undefined;
  const comma = layout.comma(item.end, items[index + 1]?.start ?? around.end - 1);
  const before = items[index - 1];
  const cut = (start: number, end: number): Splice => ({ start, end, text: "" });
  if (comma === undefined) {
    const left = before === undefined ? undefined : layout.comma(before.end, item.start);
    if (left === undefined) return [cut(item.start, item.end)];
    const isJoined = layout.text.slice(left + 1, item.start).trim() === "";
    return isJoined ? [cut(left, item.end)] : [cut(left, left + 1), cut(item.start, item.end)];
  }
  const space = /^[ \t]*/.exec(layout.text.slice(comma + 1))?.[0].length ?? 0;
  const isJoined = layout.text.slice(item.end, comma).trim() === "";
  return isJoined ? [cut(item.start, comma + 1 + space)] : [cut(item.start, item.end), cut(comma, comma + 1)];
}

/** The pair whose dotted key opens the deepest table that the path is in; such a table takes no header. */
function dottedGroup(layout: TomlLayout, path: TomlPath): { block: TomlBlock; pair: TomlPair } | undefined {
  let best: { block: TomlBlock; pair: TomlPair; shared: number } | undefined;
  for (const block of layout.blocks) {
    if (!startsWith(path, block.path)) continue;
    for (const pair of block.pairs) {
      let shared = block.path.length;
      while (shared < pair.path.length && pair.path[shared] === path[shared]) shared += 1;
      if (shared > block.path.length && shared >= (best?.shared ?? 0)) best = { block, pair, shared };
    }
  }
  return best;
}

function addPair(layout: TomlLayout, block: TomlBlock, after: Span | undefined, path: TomlPath, text: string) {
  if (after === undefined) return undefined;
  const line = `${layout.indent(after.start)}${dotted(path.slice(block.path.length))} = ${text}`;
  return [layout.linesAfter(after.end, [line])];
}

/** Root keys stand before the first header. */
function addAtTop(layout: TomlLayout, root: TomlBlock, path: TomlPath, text: string): Splice {
  const line = `${dotted(path)} = ${text}`;
  const last = root.pairs.at(-1);
  if (last !== undefined) return layout.linesAfter(last.end, [line]);
  const header = layout.blocks[1]?.header;
  if (header === undefined || header === null) return layout.linesAfter(layout.text.length, [line]);
  const start = layout.withCommentsAbove(header.start);
  return { start, end: start, text: `${line}${layout.newline}${layout.newline}` };
}

/** `[deny.shell]` after everything of that rule; `[settings.llm]` after the other settings, else at the end. */
function addBlock(layout: TomlLayout, parent: TomlPath, line: string): readonly Splice[] | undefined {
  const item = parent.findLastIndex((step) => typeof step === "number") + 1;
  const near = (prefix: TomlPath) =>
    layout.blocks.findLast((one) => one.header !== null && startsWith(one.path, prefix));
  const sibling = item > 0 ? near(parent.slice(0, item)) : near(parent.slice(0, 1));
  if (item > 0 && sibling === undefined) return undefined;
  const names = parent.filter((step) => typeof step === "string");
  const lines = [`[${dotted(names)}]`, line];
  const after = sibling === undefined ? undefined : layout.lastOf(sibling);
  if (after !== undefined) return [layout.linesAfter(after.end, item > 0 ? lines : ["", ...lines])];
  return [layout.linesAfter(layout.text.length, layout.text.trim() === "" ? lines : ["", ...lines])];
}

/** A block with the comments directly above it and the blank lines below. */
function blockLines(layout: TomlLayout, header: Span, last: Span): Splice {
  let end = layout.lineEnd(last.end);
  while (layout.isBlank(end)) end = layout.lineEnd(end);
  return { start: layout.withCommentsAbove(header.start), end, text: "" };
}

/** Neighbours become one cut; one that ends the file takes the blank lines above it, too. */
function joinCuts(layout: TomlLayout, cuts: readonly Splice[]): readonly Splice[] {
  const joined: Splice[] = [];
  for (const cut of [...cuts].sort((a, b) => a.start - b.start)) {
    const before = joined.at(-1);
    if (before !== undefined && cut.start <= before.end)
      joined.splice(-1, 1, { ...before, end: Math.max(before.end, cut.end) });
    else joined.push(cut);
  }
  return joined.map((cut) => {
    if (cut.end !== layout.text.length) return cut;
    let { start } = cut;
    while (
      start === layout.lineStart(start) &&
      layout.isBlank(layout.lineStart(start - 1)) &&
      start > layout.lineStart(0)
    )
      start = layout.lineStart(start - 1);
    return { ...cut, start };
  });
}

function dotted(path: TomlPath): string {
  return path.map((step) => tomlKey(String(step))).join(".");
}
