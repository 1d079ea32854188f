/**
 * One function per sink, so that no text of a log can become markup, a link, a table border or terminal control. Everything
 * a renderer prints that is not its own wording goes through here; HTML is escaped by the template engine on top.
 */

/** Controls, bidirectional and other invisible formatting, lone surrogates; the emoji variation selector is harmless. */
const UNSEEN = /(?!\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Text in which nothing hides: what a reader could not see, what would move other text, what a terminal would obey is
 * spelled out. All the terminal needs (colours are added afterwards), and the first step for every other sink.
 */
export function visible(text: string): string {
  if (isPlain(text)) return text;
  return text.replace(UNSEEN, (char) => NAMED[char] ?? `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Printable ASCII: most text there is, for which no process need compile a regex over all of Unicode. */
function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 32 || code > 126) return false;
  }
  return true;
}

/**
 * Our own words inside Markdown text, and the names of files in them; lines begin with a letter. Bare addresses are broken
 * up too: a renderer that links them takes the escape of what follows for a part of the address.
 */
export function markdownText(text: string): string {
  return visible(text).replace(/[\\`*_[\]<>|~#&$@]|(?<=:)\/\/|(?<=www)\./gi, "\\$&");
}

/**
 * Log text inside Markdown: code spans, in which neither links nor mentions nor HTML live. Works in table cells of every
 * common renderer: they disagree on a backslash before a pipe, so a span never holds one (`a\|b` becomes `` `a\`\|`b` ``).
 */
export function markdownCode(text: string): string {
  const shown = visible(text);
  if (shown.trim() === "") return shown === "" ? "" : "\\(blank\\)";
  return shown
    .split(/(?<=\\)\|/)
    .map(codeSpan)
    .join("\\|");
}

function codeSpan(text: string): string {
  if (text === "") return "";
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  // One space on each side is taken off again by the renderer.
  const pad = /^[` ]|[` ]$/.test(text) ? " " : "";
  return `${fence}${pad}${text.replaceAll("|", "\\|")}${pad}${fence}`;
}

/** JSON whose text is also safe to look at: the same value, with what `visible` names written as escapes. */
export function jsonText(json: string): string {
  return json.replace(UNSEEN, (char) => (char === "\n" ? char : jsonEscape(char)));
}

function jsonEscape(char: string): string {
  let escaped = "";
  for (let index = 0; index < char.length; index++) {
    escaped += `\\u${char.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }
  return escaped;
}
