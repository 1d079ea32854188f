/** What Stop tells the user about a turn: only when something was refused, asked, rerouted or let through by an error. */
import type { Decision } from "../core/decision.js";
import type { TurnTally } from "./log-tail.js";

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
export function stopSummary({ counts, isWhole }: TurnTally): string {
  if (!NEWS.some((decision) => counts.has(decision))) return "";
  const parts = WORDS.flatMap(([decision, word]) => {
    const count = counts.get(decision);
    return count === undefined ? [] : [`${count} ${word}`];
  });
  return `claude-permit: ${isWhole ? "" : "at least "}${parts.join(", ")}. Why: claude-permit session last`;
}
