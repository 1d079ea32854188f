/**
 * The layout of a TOML document: its blocks, pairs and comments with their places in the text. The one owner of the
 * parser that keeps ranges; values come from `parseToml`, which refuses the text first.
 */
import { type AST, ParseError, parseTOML } from "toml-eslint-parser";

export type TomlPath = readonly (string | number)[];

/** 1-based, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Offsets into the text, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly position: Position;
}

export interface TomlPair extends Span {
  /** From the root, with the indexes of lists. */
  readonly path: TomlPath;
  /** How many words the key has as written: two for `llm.enabled`. */
  readonly keyLength: number;
  readonly key: Span;
  readonly value: TomlContent;
}

export type TomlContent =
  | (Span & { readonly kind: "table"; readonly pairs: readonly TomlPair[] })
  | (Span & { readonly kind: "list"; readonly items: readonly TomlContent[] })
  | (Span & { readonly kind: "plain" });

/** What one header opens; the first block is the root, which has none. */
export interface TomlBlock {
  readonly path: TomlPath;
  readonly header: Span | null;
  readonly pairs: readonly TomlPair[];
}

export type TomlTreeResult =
  | { readonly kind: "tree"; readonly blocks: readonly TomlBlock[]; readonly comments: readonly Span[] }
  | { readonly kind: "invalid"; readonly detail: string; readonly position: Position };

export const START: Position = { line: 1, column: 1 };

/** A second opinion on the text, too: this parser refuses dates like 30 February that the other one lets pass. */
export function readTomlTree(text: string): TomlTreeResult {
  const bom = text.startsWith("\uFEFF") ? 1 : 0;
  try {
    const program = parseTOML(text.slice(bom), { tomlVersion: "1.1" });
    const reader = new TreeReader(bom);
    return {
      kind: "tree",
      blocks: reader.blocks(program.body[0].body),
      comments: program.comments.map((one) => reader.span(one)),
    };
  } catch (cause) {
    if (!(cause instanceof ParseError))
      return { kind: "invalid", detail: "the file nests too deeply", position: START };
    const detail = `${cause.message.charAt(0).toLowerCase()}${cause.message.slice(1)}`;
    return { kind: "invalid", detail, position: { line: cause.lineNumber, column: cause.column + 1 } };
  }
}

class TreeReader {
  constructor(private readonly shift: number) {}

  span(node: Pick<AST.TOMLNode | AST.Comment, "range" | "loc">): Span {
    const { line, column } = node.loc.start;
    return {
      start: node.range[0] + this.shift,
      end: node.range[1] + this.shift,
      position: { line, column: column + 1 },
    };
  }

  blocks(body: readonly (AST.TOMLTable | AST.TOMLKeyValue)[]): TomlBlock[] {
    const root: TomlPair[] = [];
    const blocks: TomlBlock[] = [{ path: [], header: null, pairs: root }];
    for (const node of body) {
      if (node.type === "TOMLKeyValue") root.push(this.pair([], node));
      else {
        const path = node.resolvedKey;
        blocks.push({ path, header: this.span(node), pairs: node.body.map((pair) => this.pair(path, pair)) });
      }
    }
    return blocks;
  }

  private pair(base: TomlPath, node: AST.TOMLKeyValue): TomlPair {
    const words = node.key.keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value));
    const path = [...base, ...words];
    const value = this.content(path, node.value);
    return { ...this.span(node), path, keyLength: words.length, key: this.span(node.key), value };
  }

  private content(path: TomlPath, node: AST.TOMLContentNode): TomlContent {
    const span = this.span(node);
    if (node.type === "TOMLInlineTable")
      return { kind: "table", ...span, pairs: node.body.map((pair) => this.pair(path, pair)) };
    if (node.type !== "TOMLArray") return { kind: "plain", ...span };
    return { kind: "list", ...span, items: node.elements.map((item, index) => this.content([...path, index], item)) };
  }
}
