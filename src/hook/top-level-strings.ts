/** What can still be told of an event whose JSON is cut or broken. It repairs nothing. */

/**
 * The string fields of the outermost object of a text that may be cut or broken anywhere. It follows quotes and
 * brackets, so nothing inside a nested value or a string can pass for one of them.
 */
export function topLevelStrings(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = Object.create(null);
  let depth = 0;
  let key: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") depth -= 1;
    else if (char === "," && depth === 1) key = null;
    else if (char === '"') {
      const end = closingQuote(text, at + 1);
      if (end === -1) return found;
      if (depth === 1 && key === null) key = unquote(text.slice(at, end + 1));
      else if (depth === 1 && key !== null) found[key] = unquote(text.slice(at, end + 1)) ?? "";
      at = end;
    }
  }
  return found;
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

function unquote(quoted: string): string | null {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}
