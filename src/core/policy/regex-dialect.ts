/**
 * Spellings of Rust, PCRE and POSIX regexes that JavaScript refuses or, worse, reads as something else. Rules of our
 * own dialect that use one are refused with JavaScript's spelling; rules of claude-code-permissions-hook, which are
 * Rust regexes, are translated where a spelling means exactly the same.
 */

export interface Idiom {
  readonly index: number;
  readonly text: string;
  readonly why: string;
  /** For the hint: what to write instead. */
  readonly spelling: string;
  /** JavaScript text with Rust's meaning, absent when there is none. */
  readonly replacement?: string;
  /** Flags the whole regex needs for it. */
  readonly flags?: string;
}

type Finding = Omit<Idiom, "index" | "text">;

const POSIX: Readonly<Record<string, string>> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: "\\t\\n\\v\\f\\r ",
  blank: "\\t ",
  punct: "!-\\/:-@\\[-`\\{-~",
  xdigit: "0-9A-Fa-f",
  word: "A-Za-z0-9_",
  cntrl: "\\x00-\\x1f\\x7f",
  print: " -~",
  graph: "!-~",
};

const ESCAPES: Readonly<Record<string, Finding>> = {
  A: { why: "it is PCRE's start of text", spelling: "`^`", replacement: "^" },
  z: { why: "it is PCRE's end of text", spelling: "`$`", replacement: "$" },
  Z: { why: "it is PCRE's end of text", spelling: "`$`" },
  h: { why: "it is PCRE's blank", spelling: "`[ \\t]`" },
  H: { why: "it is PCRE's non-blank", spelling: "`[^ \\t]`" },
  R: { why: "it is PCRE's line end", spelling: "`\\r?\\n`" },
  N: { why: "it is PCRE's not-a-line-end", spelling: "`.`" },
  X: { why: "it is PCRE's grapheme", spelling: "`.`" },
  G: { why: "it is PCRE's last match", spelling: "`^`" },
  K: { why: "it is PCRE's reset", spelling: "a look-behind, `(?<=...)`" },
  Q: { why: "it is PCRE's literal text", spelling: "a backslash before each special character" },
  E: { why: "it is PCRE's end of literal text", spelling: "a backslash before each special character" },
  a: { why: "it is the bell of other dialects", spelling: "`\\x07`", replacement: "\\x07" },
  e: { why: "it is the escape of other dialects", spelling: "`\\x1b`", replacement: "\\x1b" },
  "<": { why: "it is a word's start elsewhere", spelling: "`\\b`" },
  ">": { why: "it is a word's end elsewhere", spelling: "`\\b`" },
};

const GROUPS: readonly { readonly starts: RegExp; readonly finding: Finding }[] = [
  { starts: /^\(\?P</, finding: { why: "it is Python's named group", spelling: "`(?<name>...)`", replacement: "(?<" } },
  { starts: /^\(\?P[=>]/, finding: { why: "it is Python's back-reference", spelling: "`\\k<name>`" } },
  { starts: /^\(\?>/, finding: { why: "atomic groups do not exist", spelling: "`(?:...)`" } },
  { starts: /^\(\?#/, finding: { why: "comments do not exist in it", spelling: "a TOML comment" } },
  { starts: /^\(\?\|/, finding: { why: "branch reset does not exist", spelling: "`(?:...)`" } },
  {
    starts: /^\(\?[R&(0-9+']/,
    finding: { why: "recursion and conditions do not exist", spelling: "the alternatives" },
  },
];

const INLINE_FLAGS = /^\(\?([a-zA-Z]*)(-[a-zA-Z]*)?([:)])/;
const INLINE_WHY = "flags cannot be set inside a regex";

/** All such spellings in order; none means that JavaScript reads the regex as its author meant it. */
export function findIdioms(source: string, author: "javascript" | "rust"): readonly Idiom[] {
  const found: Idiom[] = [];
  let inClass = false;
  let at = 0;
  const take = (length: number, finding?: Finding) => {
    if (finding !== undefined) found.push({ index: at, text: source.slice(at, at + length), ...finding });
    at += length;
  };
  while (at < source.length) {
    const rest = source.slice(at, at + 64);
    const char = rest.charAt(0);
    if (char === "\\") {
      take(...escapeAt(rest, inClass));
    } else if (inClass) {
      const posix = /^\[:(\^?)([a-z]+):\]/.exec(rest);
      if (posix !== null) take(posix[0].length, posixClass(posix[1] === "^", posix[2] ?? ""));
      else if (/^(?:&&|--|~~)/.test(rest)) {
        take(2, { why: "set operations do not exist", spelling: `\`${char}\` once, or \`\\${char}\`` });
      } else {
        if (char === "]") inClass = false;
        take(1);
      }
    } else if (char === "[") {
      inClass = true;
      const isNegated = rest.startsWith("[^");
      at += isNegated ? 2 : 1;
      // In Rust and POSIX a bracket right after the opening is an ordinary character. In JavaScript it closes: `[^]`
      // is any character, `[]` none, which nobody means.
      if (source.charAt(at) === "]" && (author === "rust" || !isNegated)) {
        take(1, { why: "here it closes an empty class", spelling: "`\\]`", replacement: "\\]" });
      }
    } else if (rest.startsWith("(?")) {
      take(...groupAt(rest, at));
    } else if (/^(?:[*+?]|\d\})\+/.test(rest)) {
      at += rest.charAt(1) === "}" ? 1 : 0;
      take(2, { why: "possessive repetition does not exist", spelling: `\`${source.charAt(at)}\`` });
    } else if (char === "]" || char === "}") {
      const closes = char === "}" && /\{\d+(?:,\d*)?$/.test(source.slice(Math.max(0, at - 16), at));
      take(1, closes ? undefined : { why: "it closes nothing", spelling: `\`\\${char}\``, replacement: `\\${char}` });
    } else {
      take(1);
    }
  }
  return found;
}

function escapeAt(rest: string, inClass: boolean): [number, Finding?] {
  const char = rest.charAt(1);
  const braced = /^\\x\{([0-9A-Fa-f]{1,6})\}/.exec(rest);
  if (braced !== null) {
    const text = `\\u{${braced[1]}}`;
    return [braced[0].length, { why: "it is Rust's code point", spelling: `\`${text}\``, replacement: text }];
  }
  const property = /^\\[pP]([A-Z])/.exec(rest);
  if (property !== null) {
    const text = `\\${char}{${property[1]}}`;
    return [3, { why: "properties need braces", spelling: `\`${text}\``, replacement: text }];
  }
  const long = /^\\(?:u\{[^}]*\}|[pP]\{[^}]*\}|k<[^>]*>)/.exec(rest);
  if (long !== null) return [long[0].length];
  const known = Object.hasOwn(ESCAPES, char) ? ESCAPES[char] : undefined;
  if (known !== undefined) return [2, known];
  const isNeeded = /[\^$\\.*+?()[\]{}|/]/.test(char) || (inClass && char === "-");
  if (!isNeeded && /[!-~]/.test(char) && /[^A-Za-z0-9]/.test(char)) {
    return [2, { why: "this character needs no backslash", spelling: `\`${char}\``, replacement: char }];
  }
  return [2];
}

function posixClass(negated: boolean, name: string): Finding {
  const ranges = POSIX[name];
  const why = "POSIX classes do not exist";
  if (ranges === undefined || negated) return { why, spelling: "the characters themselves" };
  return { why, spelling: `\`[${ranges}]\``, replacement: ranges };
}

function groupAt(rest: string, at: number): [number, Finding?] {
  for (const { starts, finding } of GROUPS) {
    const match = starts.exec(rest);
    if (match !== null) return [match[0].length, finding];
  }
  const inline = INLINE_FLAGS.exec(rest);
  if (inline === null || inline[0] === "(?:") return [2];
  const [whole, on = "", off, close] = inline;
  const spelling = on.includes("i") ? "both cases, like `[rR][mM]`" : "the regex without it";
  const isGlobal = at === 0 && close === ")" && off === undefined && /^[ims]+$/.test(on);
  return [whole.length, { why: INLINE_WHY, spelling, ...(isGlobal ? { replacement: "", flags: on } : {}) }];
}

export type Translation =
  | { readonly kind: "source"; readonly source: string; readonly flags: string }
  | { readonly kind: "untranslatable"; readonly idiom: Idiom };

/** A Rust regex in JavaScript's spelling, or the first thing that has none. */
export function translateRust(source: string): Translation {
  let text = "";
  let flags = "";
  let from = 0;
  for (const idiom of findIdioms(source, "rust")) {
    if (idiom.replacement === undefined) return { kind: "untranslatable", idiom };
    text += source.slice(from, idiom.index) + idiom.replacement;
    from = idiom.index + idiom.text.length;
    flags += idiom.flags ?? "";
  }
  return { kind: "source", source: text + source.slice(from), flags: [...new Set(flags)].sort().join("") };
}
