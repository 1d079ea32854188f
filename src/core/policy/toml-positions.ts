/**
 * Where each key, table and list item of a TOML document stands, so that a problem can name line and column.
 * It only tells places; values come from `parseToml`, which refuses the text first.
 */
import { type AST, ParseError, parseTOML } from "toml-eslint-parser";

export type TomlPath = readonly (string | number)[];

/** 1-based, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Place of the value at a path, else of the nearest thing around it, else the start of the file. */
export type Positions = (path: TomlPath) => Position;

export type PositionsResult =
  | { readonly kind: "positions"; readonly positions: Positions }
  | { readonly kind: "invalid"; readonly detail: string; readonly position: Position };

/** A second opinion on the text, too: this parser refuses dates like 30 February that the other one lets pass. */
export function tomlPositions(text: string): PositionsResult {
  const known = new Map<string, Position>();
  try {
    for (const table of parseTOML(text.replace(/^\uFEFF/, ""), { tomlVersion: "1.1" }).body[0].body) {
      if (table.type === "TOMLTable") {
        table.resolvedKey.forEach((_, index, key) => {
          note(known, key.slice(0, index + 1), table);
        });
        for (const pair of table.body) notePair(known, table.resolvedKey, pair);
      } else {
        notePair(known, [], table);
      }
    }
  } catch (cause) {
    if (!(cause instanceof ParseError))
      return { kind: "invalid", detail: "the file nests too deeply", position: START };
    const detail = `${cause.message.charAt(0).toLowerCase()}${cause.message.slice(1)}`;
    return { kind: "invalid", detail, position: { line: cause.lineNumber, column: cause.column + 1 } };
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

const START: Position = { line: 1, column: 1 };

type Place = Pick<AST.TOMLNode, "loc">;

/** The first place wins: a table opened by a dotted key keeps the line where it began. */
function note(known: Map<string, Position>, path: TomlPath, node: Place): void {
  const key = JSON.stringify(path);
  if (!known.has(key)) known.set(key, { line: node.loc.start.line, column: node.loc.start.column + 1 });
}

function notePair(known: Map<string, Position>, base: TomlPath, pair: AST.TOMLKeyValue): void {
  const path = [...base];
  for (const key of pair.key.keys) {
    path.push(key.type === "TOMLBare" ? key.name : key.value);
    note(known, path, pair.key);
  }
  noteContent(known, path, pair.value);
}

function noteContent(known: Map<string, Position>, path: TomlPath, content: AST.TOMLContentNode): void {
  if (content.type === "TOMLInlineTable") {
    for (const pair of content.body) notePair(known, path, pair);
  } else if (content.type === "TOMLArray") {
    content.elements.forEach((element, index) => {
      note(known, [...path, index], element);
      noteContent(known, [...path, index], element);
    });
  }
}
