/**
 * Whether a file name pattern of a command is meant for what a rule names: `cat .e*` for `.env`, `cat dist/*` not. A
 * pattern whose own characters say nothing of the name asks only where it stands for such a file now.
 */
import { isInside, pathBelow } from "../path.js";
import type { ToolCall } from "../tool-call.js";
import { BELOW, GAP, type Shape } from "./match-shape.js";
import type { Regex } from "./policy.js";

const known = new WeakMap<Shape, readonly string[] | null>();

/** The characters between the stars, lower case; `null` where more than names of one segment are open. */
function piecesOf(shape: Shape): readonly string[] | null {
  let pieces = known.get(shape);
  if (pieces === undefined) {
    pieces = shape.includes(GAP) || shape.includes(BELOW) ? null : readPieces(shape);
    known.set(shape, pieces);
  }
  return pieces;
}

function readPieces(shape: Shape): readonly string[] {
  const pieces = [""];
  let isInStar = false;
  for (const token of shape) {
    if (typeof token === "string") pieces.push((pieces.pop() ?? "") + token.toLowerCase());
    else if (!isInStar) pieces.push("");
    isInStar = typeof token === "number";
  }
  return pieces;
}

/** The home folder and what lies little below it: nobody sorts what is there. */
function isUnsorted(lead: string, { home, project }: Pick<ToolCall, "home" | "project">): boolean {
  const folder = lead.slice(0, lead.lastIndexOf("/"));
  if (project !== "" && isInside(folder, project, true)) return false;
  if (home === "") return true;
  const below = pathBelow(folder, home, true);
  return below === null ? isInside(home, folder, true) : below.split("/").length < 3;
}

/** INVARIANT: false only when the text that a match needs lies within a star as a whole, or cannot be there. */
export function isAimedAt(regex: Regex, shape: Shape, call: Pick<ToolCall, "home" | "project">): boolean {
  const pieces = piecesOf(shape);
  const literal = regex.literal?.toLowerCase();
  if (pieces === null || literal === undefined || literal === "" || isUnsorted(pieces[0] ?? "", call)) return true;
  return pieces.some((piece, index) => {
    if (piece === "") return false;
    if (piece.includes(literal)) return true;
    const hasBefore = index > 0;
    const hasAfter = index < pieces.length - 1;
    if (hasBefore && hasAfter && literal.includes(piece)) return true;
    for (let size = 1; size < literal.length; size++) {
      if (hasAfter && piece.endsWith(literal.slice(0, size))) return true;
      if (hasBefore && piece.startsWith(literal.slice(-size))) return true;
    }
    return false;
  });
}
