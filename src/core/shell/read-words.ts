/**
 * Words of one program -> its options and operands, by the table of that program. It decides nothing: what an option
 * means for the effect is `judge.ts`. A word that cannot be read is named, never guessed away.
 */
import { findLong, type Option, type OptionTable, type ValueKind } from "./option-table.js";
import type { Style } from "./programs/knowledge.js";
import type { FlagUse, Word } from "./shell.js";

export interface OptionUse {
  readonly option: Option;
  /** The word that holds the value, `null` when the option has none here. */
  readonly value: Word | null;
  /** The second of two values, `null` when there is none. */
  readonly second: Word | null;
  /** For `=;`: the words up to `;` or `+`; for `=m`: all that follow. */
  readonly inner: readonly Word[];
  /** As written. */
  readonly spelling: string;
}

export interface ReadWords {
  readonly uses: readonly OptionUse[];
  readonly flags: readonly FlagUse[];
  readonly operands: readonly Word[];
  /** Options no row lists, as written; abbreviations too. */
  readonly unlisted: readonly string[];
  /** A dynamic word that may be an option, `null` when there is none. */
  readonly hidden: Word | null;
  /** How many operands stand before `--`; all of them when there is none. */
  readonly beforeEnd: number;
}

/** The word without its first `count` static characters: the value in `--file=x` or `-fx`. */
export function tailOf(word: Word, count: number): Word {
  return {
    ...word,
    value: word.value === null ? null : word.value.slice(count),
    prefix: word.prefix.slice(count),
    raw: word.quoted || word.value === null ? word.raw : word.raw.slice(count),
  };
}

/** Prints one name of a commit, branch or folder, and git lets none of them begin with a dash. */
const PRINTS_A_NAME =
  /^"?\$\(git (?:merge-base(?: [\w@][\w./@^~]*){2}|rev-parse(?: --short| --verify| --abbrev-ref)? [A-Z@][\w@^~]*|rev-parse --show-toplevel|branch --show-current)\)"?(?:\.{2,3}[\w@][\w./@^~]*)?$/;

/** A dynamic word may be an option unless its static start says otherwise. */
export function mayBeOption(word: Word): boolean {
  if (word.value !== null || isPipe(word) || PRINTS_A_NAME.test(word.raw)) return false;
  return splitsFreely(word) || word.prefix === "" || word.prefix.startsWith("-");
}

/** `<(sort a)`: a name below `/dev/fd`, whose content is what the commands in it print. */
export function isPipe({ value, why, raw }: Word): boolean {
  return value === null && /^[<>]\(/.test(raw) && why.every((each) => each === "procsub");
}

/** Whether expansion may add words that do not begin as this one does; file names and braces keep its start. */
function splitsFreely(word: Word): boolean {
  return word.splits && word.why.some((why) => why !== "glob" && why !== "brace" && why !== "tilde");
}

const TWO: ReadonlySet<ValueKind> = new Set(["two", "two-write", "two-read"]);

/** `stops`: nothing after the first operand is an option. */
export function readWords(
  words: readonly Word[],
  table: OptionTable,
  style: Style,
  stops = style === "posix",
): ReadWords {
  const reader = new Reader(words, table, style, stops);
  reader.run();
  return reader;
}

class Reader implements ReadWords {
  readonly uses: OptionUse[] = [];
  readonly flags: FlagUse[] = [];
  readonly operands: Word[] = [];
  readonly unlisted: string[] = [];
  hidden: Word | null = null;
  beforeEnd = Number.POSITIVE_INFINITY;
  private at = 0;

  constructor(
    private readonly words: readonly Word[],
    private readonly table: OptionTable,
    private readonly style: Style,
    private readonly stops: boolean,
  ) {}

  run(): void {
    for (; this.at < this.words.length; this.at++) {
      const word = this.words[this.at];
      if (word === undefined) return;
      if (this.beforeEnd <= this.operands.length || this.style === "plain" || this.style === "pairs")
        this.operands.push(word);
      else if (word.value === "--") this.beforeEnd = this.operands.length;
      else if (!this.readOption(word)) {
        this.operands.push(word);
        if (this.stops) {
          this.operands.push(...this.words.slice(this.at + 1));
          return;
        }
      }
    }
  }

  /** False when the word is an operand. */
  private readOption(word: Word): boolean {
    const text = word.value ?? word.prefix;
    // Operators of `find`: `(`, `!`.
    if (this.style === "long" && !text.startsWith("-") && word.value !== null && this.table.exact.has(text))
      return true;
    if (this.style === "bundle" && this.at === 0 && /^[A-Za-z]/.test(text)) return this.readCluster(word, text, 0);
    if (word.value === null && mayBeOption(word) && !/^-./.test(text)) {
      this.hidden ??= word;
      return false;
    }
    if (!text.startsWith("-") || text === "-") return false;
    if (word.value === null && (splitsFreely(word) || (!text.includes("=") && !this.isShortWithValue(text))))
      this.hidden ??= word;
    if (this.table.numbers && /^-\d+$/.test(text))
      return this.add({ names: [text], value: "none", mark: "none" }, null, text);
    if (text.startsWith("--") || this.style === "long") return this.readLong(word, text);
    return this.readCluster(word, text, 1);
  }

  private isShortWithValue(text: string): boolean {
    return /^-[A-Za-z]/.test(text) && takesValue(this.table.exact.get(text.slice(0, 2))?.value);
  }

  private readLong(word: Word, text: string): boolean {
    const cut = text.indexOf("=");
    const spelled = cut < 0 ? text : text.slice(0, cut);
    const name = this.style === "long" && spelled.startsWith("--") ? spelled.slice(1) : spelled;
    const option = this.style === "long" ? this.table.exact.get(name) : findLong(this.table, name);
    if (option === undefined) return this.addUnlisted(spelled, cut < 0 ? null : tailOf(word, cut + 1));
    if (!option.names.includes(name)) this.unlisted.push(spelled);
    if (cut >= 0) return this.add(option, tailOf(word, cut + 1), spelled);
    return this.add(option, null, spelled, takesValue(option.value));
  }

  private readCluster(word: Word, text: string, start: number): boolean {
    const whole = start === 0 ? undefined : this.table.exact.get(text);
    if (whole !== undefined) return this.add(whole, null, text, takesValue(whole.value));
    for (let at = start; at < text.length; at++) {
      const name = `-${text[at]}`;
      const option = this.table.exact.get(name);
      if (option === undefined) return this.addUnlisted(at === start ? text : name, null, text.slice(at));
      if (option.value === "none") {
        this.add(option, null, name);
        continue;
      }
      const rest = at + 1 < text.length || word.value === null;
      if (rest) return this.add(option, tailOf(word, at + 1), name);
      return this.add(option, null, name, takesValue(option.value));
    }
    return true;
  }

  private add(option: Option, attached: Word | null, spelling: string, takesNext = false): true {
    const value = attached ?? (takesNext ? (this.words[this.at + 1] ?? null) : null);
    const inner: Word[] = [];
    // `fd --exec=rm -rf`: the rest of the words follow.
    if (attached !== null && option.value === "inner") this.readInner(inner, attached);
    if (attached !== null && option.value === "module") this.readModule(inner, 1);
    const second = TWO.has(option.value) && attached === null ? (this.words[this.at + 2] ?? null) : null;
    if (attached === null && takesNext) {
      if (option.value === "inner") this.readInner(inner);
      else if (option.value === "module") this.readModule(inner);
      else this.at += TWO.has(option.value) ? 2 : 1;
      // An unquoted expansion may become several words, and the second may be an option.
      if (value?.value === null && splitsFreely(value)) this.hidden ??= value;
    }
    this.uses.push({ option, value, second, inner, spelling });
    const name = option.names.find((each) => each.startsWith("--")) ?? option.names[0] ?? spelling;
    this.flags.push({ name, names: option.names, value: value?.value ?? null });
    return true;
  }

  /** `python -m pytest -q x`: every word after the module is the module's. */
  private readModule(inner: Word[], skip = 2): void {
    inner.push(...this.words.slice(this.at + skip));
    this.at = this.words.length;
  }

  private readInner(inner: Word[], first: Word | null = null): void {
    if (first !== null) inner.push(first);
    for (this.at++; this.at < this.words.length; this.at++) {
      const word = this.words[this.at];
      if (word === undefined || word.value === ";") return;
      if (word.value === "+" && inner.at(-1)?.value === "{}") return;
      inner.push(word);
    }
  }

  /** Spelled alone and letter by letter, so that a rule about one of them still sees it. */
  private addUnlisted(spelling: string, value: Word | null, letters = ""): true {
    this.unlisted.push(spelling);
    const names = letters.length > 1 ? [...letters].map((letter) => `-${letter}`) : [];
    for (const name of new Set([spelling, ...names]))
      this.flags.push({ name, names: [name], value: value?.value ?? null });
    return true;
  }
}

function takesValue(kind: ValueKind | undefined): boolean {
  return kind !== undefined && kind !== "none" && kind !== "optional" && kind !== "suffix";
}
