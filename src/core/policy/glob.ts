/** Claude Code's wildcards -> regex source: `*` in commands and names, gitignore's globs in paths. */

/** Regex source that matches exactly this text. */
export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** `*` stands for any text, also for none; `\*` and `\\` for themselves. */
export function wildcardSource(pattern: string, star = "[^]*"): string {
  return pattern.replace(/\\[*\\]|\*+|[^*\\]+|\\/g, (piece) => {
    if (piece.startsWith("*")) return star;
    return escapeRegex(piece.length === 2 && piece.startsWith("\\") ? piece.charAt(1) : piece);
  });
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
