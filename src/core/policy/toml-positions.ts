/**
 * Where each key, table and list item of a TOML document stands, so that a problem can name line and column.
 * It only tells places; values come from `parseToml`, which refuses the text first.
 */
import {
  type Position,
  readTomlTree,
  type Span,
  START,
  type TomlContent,
  type TomlPair,
  type TomlPath,
} from "./toml-tree.js";

export type { Position, TomlPath } from "./toml-tree.js";

/** Place of the value at a path, else of the nearest thing around it, else the start of the file. */
export type Positions = (path: TomlPath) => Position;

export type PositionsResult =
  | { readonly kind: "positions"; readonly positions: Positions }
  | { readonly kind: "invalid"; readonly detail: string; readonly position: Position };

export function tomlPositions(text: string): PositionsResult {
  const tree = readTomlTree(text);
  if (tree.kind === "invalid") return tree;
  const known = new Map<string, Position>();
  for (const { path, header, pairs } of tree.blocks) {
    if (header !== null) for (const index of path.keys()) note(known, path.slice(0, index + 1), header);
    for (const pair of pairs) notePair(known, path.length, pair);
  }
  const positions: Positions = (path) => {
    for (let length = path.length; length > 0; length--) {
      const found = known.get(JSON.stringify(path.slice(0, length)));
      if (found !== undefined) return found;
    }
    return START;
  };
  return { kind: "positions", positions };
}

/** The first place wins: a table opened by a dotted key keeps the line where it began. */
function note(known: Map<string, Position>, path: TomlPath, { position }: Span): void {
  const key = JSON.stringify(path);
  if (!known.has(key)) known.set(key, position);
}

function notePair(known: Map<string, Position>, base: number, pair: TomlPair): void {
  for (let length = base + 1; length <= pair.path.length; length++) note(known, pair.path.slice(0, length), pair.key);
  noteContent(known, pair.path, pair.value);
}

function noteContent(known: Map<string, Position>, path: TomlPath, content: TomlContent): void {
  if (content.kind === "table") {
    for (const pair of content.pairs) notePair(known, path.length, pair);
  } else if (content.kind === "list") {
    content.items.forEach((item, index) => {
      note(known, [...path, index], item);
      noteContent(known, [...path, index], item);
    });
  }
}
