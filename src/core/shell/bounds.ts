/**
 * Refuses a text before the parser sees it: the parser is quadratic on deep or unclosed nesting, and a hook that is slow
 * does not block. One linear pass, no structure understood; the bounds are several times what real sessions use.
 */
import type { ReasonCode } from "./reasons.js";
import type { ShellReason } from "./shell.js";

export const bounds = {
  /** UTF-8 bytes. */
  bytes: 32_768,
  openBrackets: 40,
  /** Open brackets summed over the characters: what a parser that reads each level again has to read. */
  nestedCharacters: 150_000,
  expansions: 400,
  heredocs: 32,
  /** Runs of anything but blanks and `;&|`. */
  words: 8_000,
  /** `<` and `>`, in words and texts too. */
  redirects: 4_000,
} as const;

/** The first bound that `text` breaks, `null` when it may be parsed. `pos` is where. */
export function checkBounds(text: string): ShellReason | null {
  if (text.length > bounds.bytes) return refusal("over-long", bounds.bytes);
  let bytes = 0;
  let open = 0;
  let nested = 0;
  let expansions = 0;
  let heredocs = 0;
  let words = 0;
  let redirects = 0;
  let isInWord = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    bytes += code < 0x80 ? 1 : code < 0x800 || isSurrogate(code) ? 2 : 3;
    nested += open;
    const isBetween = code === 32 || code === 10 || code === 9 || code === 59 || code === 38 || code === 124;
    if (!isBetween && !isInWord) words++;
    isInWord = !isBetween;
    if (code === 60 || code === 62) redirects++;
    if ((code < 32 && code !== 9 && code !== 10) || code === 127) return refusal("control-character", at);
    if (isSurrogate(code)) {
      if (code > 0xdbff || !isLow(text.charCodeAt(at + 1))) return refusal("ill-formed-text", at);
      at++;
      bytes += 2;
    } else if (code === 40 || code === 123) {
      open++;
      if (isExpansionStart(text.charCodeAt(at - 1))) expansions++;
    } else if ((code === 41 || code === 125) && open > 0) open--;
    else if (code === 96) expansions++;
    else if (code === 60 && text.charCodeAt(at + 1) === 60) heredocs++;
    if (open > bounds.openBrackets || nested > bounds.nestedCharacters) return refusal("too-deep", at);
    if (expansions > bounds.expansions) return refusal("too-many-expansions", at);
    if (heredocs > bounds.heredocs) return refusal("too-many-heredocs", at);
    if (words > bounds.words || redirects > bounds.redirects) return refusal("budget", at);
  }
  return bytes > bounds.bytes ? refusal("over-long", text.length) : null;
}

/** Before a bracket: `$`, `<`, `>` or another `(`. */
function isExpansionStart(code: number): boolean {
  return code === 36 || code === 60 || code === 62 || code === 40;
}

function refusal(code: ReasonCode, pos: number): ShellReason {
  return { code, pos };
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
