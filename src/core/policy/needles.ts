/**
 * Which rules of a large policy a call can be about at all, told by plain substrings: a rule that needs a text which
 * stands nowhere in the call answers no. It skips rules and judges none, and where anything is not plain it skips
 * nothing.
 */
import { isAscii, isInside, type ResolvePath } from "../path.js";
import type { ParseShell, WrapperDeclaration } from "../shell/shell.js";
import { type ToolCall, toolShape } from "../tool-call.js";
import { addWords } from "./hay-words.js";
import { scalarField } from "./match-pattern.js";
import { MATCH_LIMIT } from "./match-text.js";
import { openAtlas, toolPlaces } from "./places.js";
import type { Regex, Rule } from "./policy.js";
import { isPlainlySpelt } from "./spelling.js";

/** What a rule needs of a call. INVARIANT: conditions are ANDed, so one that must answer no is enough. */
export interface Needle {
  /** Texts in lower case, one of which stands in every call that the rule can say yes or unknown to; none: not known. */
  readonly texts: readonly string[];
  /** A word that is not known may become one of them. */
  readonly mayBecome: boolean;
}

/** All of a call that rules may be asked about, in lower case. */
export interface Hay {
  readonly text: string;
  /** Some words are not known. */
  readonly isOpen: boolean;
}

/** For calls of file tools. */
export function fileNeedle({ fields, pattern }: Rule): Needle {
  const regexes: (Regex | undefined)[] = fields.map(({ regex }) => regex);
  if (pattern?.kind === "path") regexes.push(pattern.path);
  if (pattern?.kind === "parameter") regexes.push(pattern.value);
  const found = longest(regexes.map((regex) => regex?.literal ?? ""));
  return { texts: found === "" ? [] : [found], mayBecome: false };
}

/** For calls of Bash. Where a path pattern meets a command only the shell's judge can tell, so it gives no needle. */
export function shellNeedle({ fields, pattern, shell, kind }: Rule): Needle {
  const programs = (shell?.program ?? []).map((name) => name.toLowerCase());
  if (programs.length > 0 && programs.every(isAscii)) return { texts: programs, mayBecome: false };
  const regexes: Regex[] = fields.map(({ regex }) => regex);
  if (pattern?.kind === "command") regexes.push(pattern.command);
  if (pattern?.kind === "parameter") regexes.push(pattern.value);
  // Words are joined by blanks of several kinds, so that a blank in the literal may be another one in the call.
  const found = longest(regexes.flatMap(({ literal }) => (literal ?? "").split(/\s+/)));
  const isProof = kind === "allow" || kind === "passthrough";
  return { texts: found === "" ? [] : [found], mayBecome: !isProof };
}

function longest(texts: readonly string[]): string {
  const plain = texts.filter(isAscii);
  return plain.reduce((best, one) => (one.length > best.length ? one : best), "").toLowerCase();
}

/** False only when the rule of this needle says no to the call. */
export function isMeant({ texts, mayBecome }: Needle, hay: Hay): boolean {
  return texts.length === 0 || (mayBecome && hay.isOpen) || texts.some((text) => hay.text.includes(text));
}

/** Stands behind a path for what lies below it, as when paths are matched. */
const BELOW = "/\x01";

export interface HayDeps {
  readonly resolvePath: ResolvePath;
  readonly parseShell: ParseShell;
  readonly wrappers: readonly WrapperDeclaration[];
}

/**
 * What rules are asked about, for a call of Bash or a file tool; `null` when that cannot be told in advance: another
 * shell, structure, long or not plain text, a program or a place that is not known.
 */
export function hayOf(call: ToolCall, deps: HayDeps): Hay | null {
  if ([call.cwd, call.home, call.project].includes("")) return null;
  const texts: string[] = [];
  for (const field of Object.keys(call.input)) {
    const value = scalarField(call.input, field);
    if (value === null || (value !== undefined && value.length > MATCH_LIMIT)) return null;
    if (value !== undefined) texts.push(value);
  }
  const isOpen = call.tool === "Bash" ? addWords(texts, call, deps) : addPlaces(texts, call, deps);
  if (isOpen === null) return null;
  const text = texts.join("\n");
  return isAscii(text) && !text.includes("\0") ? { text: text.toLowerCase(), isOpen } : null;
}

/** Rules name places below the home folder and the root; those a search goes through stand in no word of the call. */
function mayHoldNamed(folder: string, { home, project }: ToolCall): boolean {
  return !isInside(folder, project, true) || isInside(home, folder, true) || folder.includes("/.");
}

function addPlaces(texts: string[], call: ToolCall, { resolvePath }: HayDeps): false | null {
  if (toolShape(call.tool)?.paths === undefined) return null;
  const atlas = openAtlas(call, resolvePath);
  for (const named of toolPlaces(call.tool, call)) {
    const { absolute, target, reach } = atlas.place(named, call.cwd);
    if (absolute === null || target === null || !isPlainlySpelt(absolute) || !isPlainlySpelt(target)) return null;
    if (reach === "tree" && mayHoldNamed(absolute, call)) return null;
    texts.push(absolute + BELOW, target + BELOW);
  }
  return false;
}
