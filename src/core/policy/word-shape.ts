/**
 * A dynamic word as characters and gaps, and the absolute paths it may become. Only what the shell cannot turn into
 * something else keeps its place; everything else is a gap.
 */
import { absolutePath, type PathBase, type ResolvePath, targetPath } from "../path.js";
import type { Word } from "../shell/shell.js";
import { BELOW, GAP, type Shape, STAR, STAR_NO_DOT, shapeOf } from "./match-shape.js";

/** What a path can be: spelled and at its target. */
export interface PathShapes {
  readonly shapes: readonly Shape[];
  /** The folders that every such path lies in; empty when that is not known. */
  readonly folders: readonly string[];
  /** The pattern as an absolute path, `null` when it is none of plain segments. */
  readonly glob: string | null;
}

/** A word as characters and gaps. Only plain globs and double quotes around plain variables keep what follows a gap. */
export function wordShape(word: Word): Shape {
  if (word.value !== null) return shapeOf(word.value);
  if (word.why.every((why) => why === "glob" || why === "tilde" || why === "brace") && PLAIN_GLOB.test(word.raw)) {
    return globShape(word.raw);
  }
  const inner = /^"([^"`\\]*)"$/.exec(word.raw)?.[1];
  if (inner === undefined) return [...word.prefix, GAP];
  const tokens: (string | number)[] = [];
  for (const piece of inner.split(/(\$\{?[A-Za-z_]\w*\}?)/)) {
    if (piece.startsWith("$")) tokens.push(GAP);
    else if (piece.includes("$")) return [...word.prefix, GAP];
    else tokens.push(...piece);
  }
  return tokens;
}

/** No quotes and no expansions, and in braces only plain names: nothing there leads up. */
const PLAIN_GLOB = /^(?:[^\s"'`$\\(){}<>|&;]|\{\w[\w.@%+-]*(?:,\w[\w.@%+-]*)+\}|\{\w+\.\.\w+\})*$/;

/**
 * File name pattern of a shell: `*`, `?`, `[...]` and `{a,b}` of plain names stay within a segment; `**` leads below,
 * never up.
 */
export function globShape(glob: string): Shape {
  const tokens: (string | number)[] = [];
  for (const piece of glob.match(/\*\*+|\{[^}]*\}?|\[[^\]]*\]?|[\s\S]/gu) ?? []) {
    const isFirst = tokens.length === 0 || tokens.at(-1) === "/";
    if (piece.startsWith("**")) tokens.push(BELOW);
    else if (piece === "*" || /^[?[{]/.test(piece)) tokens.push(...(isFirst ? [STAR_NO_DOT, STAR] : [STAR]));
    else tokens.push(piece);
  }
  return tokens;
}

/** Sets and braces become `*`, which stands for more. */
function globText(tokens: Shape): string {
  return tokens.map((token) => (typeof token === "string" ? token : token === STAR_NO_DOT ? "" : "*")).join("");
}

/**
 * INVARIANT: a gap may hold `..`, so nothing before it says where the path leads; a glob cannot, unless a segment of
 * it begins with a dot.
 */
export function absoluteShapes(shape: Shape, base: PathBase, resolve: ResolvePath): PathShapes {
  const gap = shape.indexOf(GAP);
  if (gap >= 0) {
    const tail = shape.slice(gap + 1);
    const text = tail.map((token) => (typeof token === "string" ? token : "*")).join("");
    const isPlain = !/(?:^|\/)\.{1,2}(?:\/|$)|\/\/|\/$/.test(text);
    return { shapes: [isPlain ? [GAP, ...tail] : [GAP]], folders: [], glob: null };
  }
  const star = shape.findIndex((token) => typeof token === "number");
  const start = shape.slice(0, star).join("");
  const edge = start.lastIndexOf("/") + 1;
  // The slash after a gap is kept where it says that everything below is meant.
  const least = shape.lastIndexOf(BELOW) + 2;
  let end = shape.length;
  while (shape[end - 1] === "/" && end > least) end -= 1;
  const rest = shape.slice(edge, end);
  const names = rest.map((token) => (typeof token === "string" ? token : "*")).join("");
  const above = edge === 0 ? "." : start.slice(0, edge);
  const mayClimb = /(?:^|\/)\.[.*]|\/\/|\/\.(?:\/|$)/.test(names);
  const spelled = mayClimb ? null : absolutePath(above, base);
  const target = spelled === null ? null : targetPath(above, base, resolve);
  if (spelled === null || target === null) return { shapes: [[GAP]], folders: [], glob: null };
  const folders = [...new Set([spelled, target])];
  const shapes = folders.map((folder) => [...(folder === "/" ? "" : folder), "/", ...rest]);
  return { shapes, folders, glob: rest.includes(BELOW) ? null : `${spelled === "/" ? "" : spelled}/${globText(rest)}` };
}
