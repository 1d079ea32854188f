/** A JSON value as text of bounded size: long lists and texts are cut, and say so; what is left is still JSON. Hidden characters are escapes. */
import { jsonText } from "../escape.js";

const STEPS = [
  { items: 200, chars: 2_000 },
  { items: 50, chars: 500 },
  { items: 20, chars: 300 },
  { items: 8, chars: 160 },
  { items: 3, chars: 80 },
  { items: 1, chars: 40 },
] as const;

export function boundedJson(value: unknown, maxChars: number): string {
  let text = "";
  for (const { items, chars } of STEPS) {
    text = jsonText(JSON.stringify(cut(value, items, chars)));
    if (text.length <= maxChars) return text;
  }
  return jsonText(JSON.stringify(`${text.slice(0, maxChars / 2).toWellFormed()}… (cut)`));
}

function cut(value: unknown, items: number, chars: number): unknown {
  if (typeof value === "string") {
    return value.length > chars ? `${value.slice(0, chars).toWellFormed()}… (cut)` : value;
  }
  if (Array.isArray(value)) {
    const kept = value.slice(0, items).map((one) => cut(one, items, chars));
    return value.length > items ? [...kept, `… (${value.length - items} more are not shown)`] : kept;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cut(one, items, chars)]));
}
