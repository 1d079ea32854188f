/** A word while it is read: static text until the first part that only running the shell could tell. */
import type { Dynamic, Word } from "./shell.js";

const splitting: ReadonlySet<Dynamic> = new Set<Dynamic>(["param", "cmdsub", "arith", "glob", "brace", "zsh"]);

export class WordDraft {
  isQuoted = false;
  private value = "";
  private prefix = "";
  private splits = false;
  private readonly why: Dynamic[] = [];

  addText(text: string): void {
    this.value += text;
    if (this.why.length === 0) this.prefix += text;
  }

  addDynamic(why: Dynamic, isQuoted = false): void {
    if (!this.why.includes(why)) this.why.push(why);
    if (!isQuoted && splitting.has(why)) this.splits = true;
  }

  /** `"$@"` and the like: many words in spite of the quotes. */
  addSplit(): void {
    this.splits = true;
  }

  finish(raw: string, pos: number, end: number): Word {
    const value = this.why.length === 0 ? this.value : null;
    return { raw, pos, end, value, why: this.why, prefix: this.prefix, quoted: this.isQuoted, splits: this.splits };
  }
}
