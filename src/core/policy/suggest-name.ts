/** "Did you mean ...?": the known word nearest to a misspelt one, or nothing when none is near. */
import { closest, distance } from "fastest-levenshtein";

export function suggestName(word: string, known: readonly string[]): string | undefined {
  if (word.length > 40 || known.length === 0) return undefined;
  const nearest = closest(word.toLowerCase(), [...known]);
  const allowed = Math.max(1, Math.round(Math.max(word.length, nearest.length) * 0.4));
  return distance(word.toLowerCase(), nearest.toLowerCase()) <= allowed ? nearest : undefined;
}

/** The hint for an unknown word: the nearest one, else all of a short list. */
export function nameHint(word: string, known: readonly string[]): string {
  const near = suggestName(word, known);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return known.length <= 12 ? `known are ${known.map((name) => `\`${name}\``).join(", ")}` : "";
}
