/** Tells by its first bytes whether input is a JSON document instead of lines. */

/** One array of values, or values one after the other. */
export type DocumentShape = "array" | "values";

/** `null`: lines, or nothing we know. No line of a log begins with a bracket or is a lone brace. */
export function documentShape(first: Uint8Array): DocumentShape | null {
  const text = Buffer.from(first.subarray(0, 256)).toString("latin1");
  if (/^(?:\xef\xbb\xbf)?\s*\[/.test(text)) return "array";
  return /^(?:\xef\xbb\xbf)?\s*\{\r?\n/.test(text) ? "values" : null;
}
