/**
 * One regex against one text, with the limits that keep it quick: no RegExp is built before its literal was seen, and
 * text beyond the cap is not looked at. It knows nothing of rules.
 */
import { isAscii } from "../path.js";
import type { Answer } from "./evaluation.js";
import type { Regex } from "./policy.js";

/**
 * How a condition is asked. `could`: deny and ask look for anything that may be so. `must`: allow looks for proof.
 */
export type Stance = "could" | "must";

/** Characters of one text that a regex sees (SPEC section 3). */
export const MATCH_LIMIT = 65_536;

const exact = new WeakMap<Regex, RegExp>();
const caseless = new WeakMap<Regex, RegExp>();

function compiled(regex: Regex, ignoreCase: boolean): RegExp {
  const cache = ignoreCase ? caseless : exact;
  let found = cache.get(regex);
  if (found === undefined) {
    const flags = ignoreCase && !regex.flags.includes("i") ? `${regex.flags}i` : regex.flags;
    found = new RegExp(regex.source, flags === "u" ? flags : flags.replace(/[gy]/g, ""));
    cache.set(regex, found);
  }
  return found;
}

/** False only when the regex cannot match. Unicode case folding is wider than lower case, so other letters skip the check. */
function mayMatch(regex: Regex, text: string, ignoreCase: boolean): boolean {
  if (regex.literal === undefined || regex.literal === "") return true;
  if (!ignoreCase && !regex.flags.includes("i")) return text.includes(regex.literal);
  const lower = asciiLower(text);
  return lower === null || lower.includes(regex.literal.toLowerCase());
}

let lastText = "";
let lastLower: string | null = "";

/** `null` when the text is not ASCII. Rule after rule asks about the same text, so the last answer is kept. */
function asciiLower(text: string): string | null {
  if (text !== lastText) {
    lastText = text;
    lastLower = isAscii(text) ? text.toLowerCase() : null;
  }
  return lastLower;
}

/** Whether a lower-case ASCII text rules the regex out before it is built. */
export function lacksLiteral(regex: Regex, lower: string): boolean {
  const literal = lowerLiteral(regex);
  return literal !== undefined && !lower.includes(literal);
}

const lowered = new WeakMap<Regex, string>();

function lowerLiteral(regex: Regex): string | undefined {
  if (regex.literal === undefined) return undefined;
  let lower = lowered.get(regex);
  if (lower === undefined) {
    lower = regex.literal.toLowerCase();
    lowered.set(regex, lower);
  }
  return lower;
}

/** Whether a regex matches a text. Longer text than the cap is never a proof, and never a proof of absence. */
export function matchText(regex: Regex, text: string, stance: Stance, ignoreCase = false): Answer {
  const isCut = text.length > MATCH_LIMIT;
  const seen = isCut ? text.slice(0, MATCH_LIMIT) : text;
  const hit = mayMatch(regex, seen, ignoreCase) && compiled(regex, ignoreCase).test(seen);
  if (isCut && (stance === "must" || !hit)) return "unknown";
  return hit ? "yes" : "no";
}

/** Whether a whole-name regex accepts a name. */
export function matchesName(regex: Regex, name: string, ignoreCase = false): boolean {
  return matchText(regex, name, "could", ignoreCase) === "yes";
}

/** All of them: no when any is no, else unknown when any is unknown. */
export function allOf(answers: Iterable<Answer>): Answer {
  let result: Answer = "yes";
  for (const answer of answers) {
    if (answer === "no") return "no";
    if (answer === "unknown") result = "unknown";
  }
  return result;
}

/** Any of them: yes when any is yes, else unknown when any is unknown. */
export function anyOf(answers: Iterable<Answer>): Answer {
  let result: Answer = "no";
  for (const answer of answers) {
    if (answer === "yes") return "yes";
    if (answer === "unknown") result = "unknown";
  }
  return result;
}

export function not(answer: Answer): Answer {
  if (answer === "unknown") return "unknown";
  return answer === "yes" ? "no" : "yes";
}

/** What the condition says of a thing for which the stance asks: every one of them, or any. */
export function quantified(stance: Stance, answers: Iterable<Answer>): Answer {
  return stance === "must" ? allOf(answers) : anyOf(answers);
}

/** NUL and lone surrogates: two readers may see two texts. */
export function isIllFormed(text: string): boolean {
  return text.includes("\0") || !text.isWellFormed();
}
