/** Claude Code's wildcards -> regex source: `*` in commands and names, gitignore's globs in paths. */

/** Regex source that matches exactly this text. */
export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** A wildcard pattern as the texts between its stars. A backslash makes the star or backslash after it an ordinary character. */
function textsBetweenStars(pattern: string): readonly string[] {
  const texts = [""];
  for (const [piece] of pattern.matchAll(/\\[*\\]|\*+|[^*\\]+|\\/g)) {
    if (piece.startsWith("*")) texts.push("");
    else texts.push(`${texts.pop()}${piece.length === 2 && piece.startsWith("\\") ? piece.charAt(1) : piece}`);
  }
  return texts;
}

/**
 * Source of a regex for the whole text; `*` stands for any text, also for none. `ending` is what may follow.
 * INVARIANT: it never backtracks in more than the square of the text's length. With more than two stars each but the
 * last runs to the first place where the text after it stands, which is where a match exists if there is one.
 */
export function wildcardSource(pattern: string, ending: "" | "word" = ""): string {
  const [first = "", ...others] = textsBetweenStars(pattern);
  const last = others.pop();
  const isGreedy = others.length < 2;
  const inner = others.map((text) => {
    const source = escapeRegex(text);
    return `${isGreedy || text === "" ? "[^]*" : `(?:(?!${source})[^])*`}${source}`;
  });
  const start = `^${escapeRegex(first)}${inner.join("")}`;
  if (last === undefined) return `${start}${ending === "word" ? "(?: [^]*)?$" : "$"}`;
  if (last === "") return start;
  return `${start}[^]*${escapeRegex(last)}${ending === "word" ? "(?: |$)" : "$"}`;
}

/** A host name in which `*` stays inside one label. */
export function hostSource(host: string): string {
  return host.split(/\*+/).map(escapeRegex).join("[^.]*");
}

/**
 * A gitignore-style path without its anchor. `*` and `?` stay inside one segment, `**` is any number of segments, a
 * class like `[ab]` is one character. With `generous` a class may also be meant as it is written (`app/[slug]/`).
 */
export function pathSource(path: string, generous: boolean): string {
  let source = "";
  let at = 0;
  while (at < path.length) {
    const rest = path.slice(at);
    const known = PIECES.find(({ starts }) => starts.test(rest));
    const match = known?.starts.exec(rest)?.[0] ?? rest.charAt(0);
    source += known === undefined ? escapeRegex(match) : known.source(match, generous);
    at += match.length;
  }
  return source;
}

const PIECES: readonly { readonly starts: RegExp; readonly source: (piece: string, generous: boolean) => string }[] = [
  { starts: /^(?:\*\*\/)+/, source: () => "(?:[^]*\\/)?" },
  { starts: /^\*\*+/, source: () => "[^]*" },
  { starts: /^\*/, source: () => "[^\\/]*" },
  { starts: /^\?/, source: () => "[^\\/]" },
  { starts: /^\\./su, source: (piece) => escapeRegex(piece.slice(1)) },
  { starts: /^\[[!^]?[^\]/[\\]+\]/, source: classSource },
];

function classSource(piece: string, generous: boolean): string {
  const negated = /^\[[!^]/.test(piece);
  const inside = piece.slice(negated ? 2 : 1, -1).replace(/[\\^&~]/g, "\\$&");
  const characters = `[${negated ? "^\\/" : ""}${inside}]`;
  // A range like `z-a` cannot be a class; then only the written form is left.
  try {
    new RegExp(characters, "u");
  } catch {
    return escapeRegex(piece);
  }
  return generous ? `(?:${characters}|${escapeRegex(piece)})` : characters;
}
