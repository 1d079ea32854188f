/**
 * Secrets that something was glued to (`mcp__<key>__read`, `s-<key>`): detectors look where a word begins, so every other
 * place where one could begin is offered to them as well. For short single words; in longer text it is `redactText`'s work.
 */

const LONGEST = 256;
const JOINT = /[-_.:/@=]+/g;

export function redactGlued(text: string, redact: (text: string) => string): string {
  const clean = redact(text);
  if (clean !== text || text.length > LONGEST || /\s/.test(text)) return clean;
  for (const { index, 0: joint } of text.matchAll(JOINT)) {
    const place = index + joint.length;
    // Nor may what follows the secret be taken for a part of it.
    const parts = text.slice(place).split("__");
    const told = parts.map(redact);
    if (told.some((part, at) => part !== parts[at])) {
      return redactGlued(text.slice(0, place) + told.join("__"), redact);
    }
    const rest = text.slice(place);
    const cleanRest = redact(rest);
    if (cleanRest !== rest) return text.slice(0, place) + cleanRest;
  }
  return text;
}
