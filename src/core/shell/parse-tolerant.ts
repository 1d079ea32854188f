/**
 * Candidate commands of a text that was not understood: a linear splitter that would rather find too much. What it finds
 * serves deny and ask only, and may be prose.
 */
import type { Dynamic, Redirect, SimpleCommand, Word } from "./shell.js";

/** Text after this many characters is not looked at: the call is at least asked for anyway. */
const maxText = 65_536;
/** What is kept of one command; one that has more is refused by the one who asked. */
const maxWords = 1_001;
const maxRedirects = 101;
const structure: ReadonlySet<string> = new Set(
  "if then elif else fi for in do done while until case esac select { } ! time function".split(" "),
);

/** Characters that are nothing but themselves in any reading. */
const plain = /[\w./@%+,:=^#-]+/y;

interface Piece {
  readonly text: string;
  readonly pos: number;
}

/** At most `limit` commands, in the order of the text. */
export function parseTolerant(text: string, limit: number): readonly SimpleCommand[] {
  const splitter = new Splitter(text.slice(0, maxText), limit);
  return splitter.run();
}

/** Reads words with quotes; a quote that is never closed is read as a character, so that it hides nothing. */
class Splitter {
  private readonly found: SimpleCommand[] = [];
  private words: Word[] = [];
  private redirects: Redirect[] = [];
  private pendingOp: { readonly op: ">" | ">>" | "<"; readonly at: number } | null = null;
  private at = 0;
  private hiddenUntil = 0;
  /** Where each kind of quote was found to have no end: later ones have none either. */
  private readonly unclosed = new Set<string>();

  constructor(
    private readonly text: string,
    private readonly limit: number,
  ) {}

  run(): readonly SimpleCommand[] {
    while (this.at < this.text.length && this.found.length < this.limit) {
      const char = this.text[this.at] ?? "";
      if (char === "\n") this.endLine();
      else if (/[;&|()`]/.test(char)) {
        this.endCommand();
        this.at++;
      } else if (char === "<" || char === ">") this.readOperator(char);
      else if (char === " " || char === "\t") this.at++;
      else if (char < " ") this.endControl();
      else if (char === "#" && /[\s;]/.test(this.text[this.at - 1] ?? "\n")) this.skipLine();
      else this.readWord();
    }
    this.endCommand();
    return this.found.slice(0, this.limit);
  }

  private endLine(): void {
    this.endCommand();
    this.at = Math.max(this.at + 1, this.hiddenUntil);
  }

  /** A carriage return hides what follows it from a reader, not from this one. */
  private endControl(): void {
    this.endCommand();
    this.at++;
  }

  private skipLine(): void {
    const end = this.text.indexOf("\n", this.at);
    this.at = end < 0 ? this.text.length : end;
  }

  private readOperator(char: "<" | ">"): void {
    const heredoc = /^<<(?!<)-?[ \t]*(['"\\]?)([\w.-]+)/.exec(this.text.slice(this.at, this.at + 80));
    if (heredoc !== null) {
      this.hideBody(heredoc[2] ?? "", heredoc[1] !== "");
      this.at += heredoc[0].length;
      return;
    }
    const isAppend = char === ">" && this.text[this.at + 1] === ">";
    this.pendingOp = { op: isAppend ? ">>" : char, at: this.at };
    this.at += isAppend ? 2 : 1;
    // `>&` and `<&`: a descriptor or a file; `>|`, `>!`: a file.
    if (/[&|!]/.test(this.text[this.at] ?? "")) this.at++;
    if (this.text[this.at] === "-") {
      this.pendingOp = null;
      this.at++;
    }
  }

  /** The body of a closed here-document with a quoted delimiter is data. */
  private hideBody(delimiter: string, isQuoted: boolean): void {
    const line = this.text.indexOf("\n", this.at);
    if (!isQuoted || line < 0 || this.unclosed.has("<<")) return;
    const close = this.text.indexOf(`\n${delimiter}\n`, line);
    const end =
      close >= 0 ? close + delimiter.length + 1 : this.text.endsWith(`\n${delimiter}`) ? this.text.length : -1;
    if (end < 0) this.unclosed.add("<<");
    else this.hiddenUntil = Math.max(this.hiddenUntil, end);
  }

  private readWord(): void {
    const start = this.at;
    const inner: Piece[] = [];
    let value = "";
    let isDynamic = false;
    let prefix: string | null = null;
    let isQuoted = false;
    while (this.at < this.text.length) {
      plain.lastIndex = this.at;
      const run = plain.exec(this.text);
      if (run !== null) {
        value += run[0];
        this.at += run[0].length;
        continue;
      }
      const char = this.text[this.at] ?? "";
      if (char <= " " || /[;&|()<>`]/.test(char)) break;
      if (char === "\\") {
        isQuoted = true;
        if (this.text[this.at + 1] !== "\n") value += this.text[this.at + 1] ?? "";
        this.at += 2;
        continue;
      }
      const end = char === "'" || char === '"' ? this.closingQuote(char) : -1;
      if (end >= 0) {
        isQuoted = true;
        const quoted = this.text.slice(this.at + 1, end);
        value += quoted;
        if (char === '"' && /[$`]/.test(quoted)) {
          isDynamic = true;
          inner.push({ text: quoted, pos: this.at + 1 });
        }
        this.at = end + 1;
      } else {
        if (/[$*?[{~]/.test(char)) {
          isDynamic = true;
          prefix ??= value;
        }
        if (char !== "'" && char !== '"') value += char;
        this.at++;
      }
    }
    const why: readonly Dynamic[] = isDynamic ? ["zsh"] : [];
    const raw = this.text.slice(start, this.at);
    const known = isDynamic ? null : value;
    this.addWord({
      raw,
      pos: start,
      end: this.at,
      value: known,
      why,
      prefix: prefix ?? value,
      quoted: isQuoted,
      splits: isDynamic,
    });
    for (const piece of inner) this.addSubstitutions(piece);
  }

  private addWord(word: Word): void {
    if (this.pendingOp !== null) {
      const { op } = this.pendingOp;
      const effect = op === "<" ? "read" : op === ">" ? "write" : "append";
      if (this.redirects.length < maxRedirects)
        this.redirects.push({ op, fd: null, effect, target: word, inherited: false });
      this.pendingOp = null;
    } else if (this.words.length < maxWords && (this.words.length > 0 || !structure.has(word.raw)))
      this.words.push(word);
  }

  private closingQuote(quote: string): number {
    if (this.unclosed.has(quote)) return -1;
    let end = this.text.indexOf(quote, this.at + 1);
    while (end >= 0 && quote === '"' && isBackslashed(this.text, end)) end = this.text.indexOf(quote, end + 1);
    if (end < 0) this.unclosed.add(quote);
    return end;
  }

  /** What runs inside double quotes: from each `$(` or backtick on. */
  private addSubstitutions(piece: Piece): void {
    const start = piece.text.search(/\$\(|`/);
    if (start < 0) return;
    const rest = piece.text.slice(start).replace(/"/g, " ");
    for (const command of new Splitter(rest, this.limit - this.found.length).run()) {
      this.found.push(shift(command, piece.pos + start));
    }
  }

  private endCommand(): void {
    const first = this.words[0] ?? this.redirects[0]?.target;
    const isOpening = this.words.length === 1 && first?.raw === "$";
    const last = this.words.at(-1) ?? this.redirects.at(-1)?.target;
    if (!isOpening && first !== undefined && first !== null && last !== undefined && last !== null) {
      this.found.push({
        argv: this.words,
        assigns: [],
        redirects: this.redirects,
        context: [],
        pipeFrom: null,
        pipeSources: [],
        pos: first.pos,
        end: last.end,
      });
    }
    this.words = [];
    this.redirects = [];
    this.pendingOp = null;
  }
}

function isBackslashed(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === "\\") first--;
  return (at - first) % 2 === 1;
}

function shift(command: SimpleCommand, by: number): SimpleCommand {
  const move = (word: Word): Word => ({ ...word, pos: word.pos + by, end: word.end + by });
  return {
    ...command,
    argv: command.argv.map(move),
    redirects: command.redirects.map((each) => (each.target === null ? each : { ...each, target: move(each.target) })),
    pos: command.pos + by,
    end: command.end + by,
  };
}
