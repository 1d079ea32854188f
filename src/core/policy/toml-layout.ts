/**
 * The text of a TOML document beside its tree: where lines begin and end, which lines are comments, where commas
 * stand. It changes nothing; `toml-splice.ts` says what to change.
 */
import { readTomlTree, type Span, type TomlBlock, type TomlPath } from "./toml-tree.js";

/** Replaces a stretch of the text. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export class TomlLayout {
  readonly newline: "\n" | "\r\n";
  private readonly top: number;

  constructor(
    readonly text: string,
    readonly blocks: readonly TomlBlock[],
    private readonly comments: readonly Span[],
  ) {
    this.newline = /\r?\n/.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n";
    this.top = text.startsWith("\uFEFF") ? 1 : 0;
  }

  lineStart(offset: number): number {
    return Math.max(this.top, this.text.lastIndexOf("\n", offset - 1) + 1);
  }

  /** Just past the line's end, or the end of the text. */
  lineEnd(offset: number): number {
    const end = this.text.indexOf("\n", offset);
    return end < 0 ? this.text.length : end + 1;
  }

  indent(offset: number): string {
    return /^[ \t]*/.exec(this.text.slice(this.lineStart(offset), offset))?.[0] ?? "";
  }

  /** Whole lines, put in after the line that holds `offset`. */
  linesAfter(offset: number, lines: readonly string[]): Splice {
    const at = this.lineEnd(offset);
    const isOpen = at > this.top && this.text[at - 1] !== "\n";
    const text = lines.map((line) => `${line}${this.newline}`).join("");
    return { start: at, end: at, text: `${isOpen ? this.newline : ""}${text}` };
  }

  isBlank(lineStart: number): boolean {
    return lineStart < this.text.length && this.text.slice(lineStart, this.lineEnd(lineStart)).trim() === "";
  }

  isCommentLine(lineStart: number): boolean {
    const end = this.lineEnd(lineStart);
    const comment = this.comments.find(({ start }) => start >= lineStart && start < end);
    return comment !== undefined && this.text.slice(lineStart, comment.start).trim() === "";
  }

  /** Start of the comment lines directly above a line, else of the line itself. Those that head the file are the file's. */
  withCommentsAbove(offset: number): number {
    const line = this.lineStart(offset);
    let start = line;
    while (start > this.top && this.isCommentLine(this.lineStart(start - 1))) start = this.lineStart(start - 1);
    return start === this.top ? line : start;
  }

  /** Offset of the first comma between two places that stands in no comment. */
  comma(from: number, to: number): number | undefined {
    for (let at = from; at < to; at++) {
      const comment = this.comments.find(({ start, end }) => at >= start && at < end);
      if (comment !== undefined) at = comment.end - 1;
      else if (this.text[at] === ",") return at;
    }
    return undefined;
  }

  /** The last thing that a block holds. */
  lastOf(block: TomlBlock): Span | undefined {
    return block.pairs.at(-1) ?? block.header ?? undefined;
  }

  splice(splices: readonly Splice[]): string {
    let text = this.text;
    for (const { start, end, text: put } of [...splices].sort((a, b) => b.start - a.start || b.end - a.end))
      text = text.slice(0, start) + put + text.slice(end);
    return text;
  }
}

export function readTomlLayout(text: string): TomlLayout | undefined {
  const tree = readTomlTree(text);
  return tree.kind === "tree" ? new TomlLayout(text, tree.blocks, tree.comments) : undefined;
}

export function startsWith(path: TomlPath, prefix: TomlPath): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => step === path[index]);
}
