/**
 * Which rules of a large policy a call of a file tool can be about at all, told by plain substrings: a rule whose
 * regex needs a text that stands nowhere in the call answers no. It skips rules and judges none, and where anything is
 * not plain it skips nothing.
 */
import { isAscii, type ResolvePath } from "../path.js";
import { type ToolCall, toolShape } from "../tool-call.js";
import { scalarField } from "./match-pattern.js";
import { MATCH_LIMIT } from "./match-text.js";
import { openAtlas, toolPlaces } from "./places.js";
import type { Regex, Rule } from "./policy.js";

/**
 * A text in lower case that stands in every call of a file tool which the rule can say yes or unknown to; "" when the
 * rule has none. INVARIANT: conditions are ANDed, so one that must answer no is enough.
 */
export function needleOf({ fields, pattern }: Rule): string {
  const regexes: (Regex | undefined)[] = fields.map(({ regex }) => regex);
  if (pattern?.kind === "path") regexes.push(pattern.path);
  if (pattern?.kind === "parameter") regexes.push(pattern.value);
  const literals = regexes.map((regex) => regex?.literal ?? "").filter(isAscii);
  return literals.reduce((longest, one) => (one.length > longest.length ? one : longest), "").toLowerCase();
}

/** Stands behind a path for what lies below it, as when paths are matched. */
const BELOW = "/\x01";

/**
 * Everything of a call that a regex may be asked about, in lower case; `null` when that cannot be told in advance: a
 * shell call, structure, long or not plain text, a place that is not known.
 */
export function hayOf(call: ToolCall, resolvePath: ResolvePath): string | null {
  const shape = toolShape(call.tool);
  if (shape?.paths === undefined || [call.cwd, call.home, call.project].includes("")) return null;
  const texts: string[] = [];
  for (const field of Object.keys(call.input)) {
    const value = scalarField(call.input, field);
    if (value === null || (value !== undefined && value.length > MATCH_LIMIT)) return null;
    if (value !== undefined) texts.push(value);
  }
  const atlas = openAtlas(call, resolvePath);
  for (const named of toolPlaces(call.tool, call)) {
    const { absolute, target } = atlas.place(named, call.cwd);
    if (absolute === null || target === null) return null;
    texts.push(absolute + BELOW, target + BELOW);
  }
  const hay = texts.join("\n");
  return isAscii(hay) && !hay.includes("\0") ? hay.toLowerCase() : null;
}
