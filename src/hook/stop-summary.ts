/** What Stop tells the user about the session: only when something was refused, asked or failed since the last time. */
import type { Decision } from "../core/decision.js";
import type { SessionTally, Tally } from "../store/tally.js";

const WORDS: readonly (readonly [Decision, string])[] = [
  ["allow", "approved"],
  ["rerouted", "rerouted"],
  ["ask", "asked"],
  ["deny", "blocked"],
  ["passthrough", "left to Claude Code"],
  ["error_passthrough", "let through by an error"],
];

const NEWS: readonly Decision[] = ["rerouted", "ask", "deny", "error_passthrough"];

/** "" when there is nothing worth saying. */
export function stopSummary({ all, fresh }: SessionTally): string {
  if (NEWS.every((decision) => fresh[decision] === 0)) return "";
  return `claude-permit: ${inWords(all)}. Why: claude-permit session last`;
}

function inWords(tally: Tally): string {
  return WORDS.filter(([decision]) => tally[decision] > 0)
    .map(([decision, word]) => `${tally[decision]} ${word}`)
    .join(", ");
}
