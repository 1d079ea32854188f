/**
 * Which numbers of a text stand in the data it was written from. A number that does not is no proof of a lie (it may be a
 * sum), but nothing that a reader should take for counted.
 */

/** Runs without white space that hold a digit, without the punctuation around them. */
const TOKEN = /[\p{L}\p{N}_](?:[^\s"'`()[\]{}<>|*]*[\p{L}\p{N}_%])?/gu;
const NUMBER = /^[+-]?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:%|ms|µs|us|s|m|h|d|x|×|st|nd|rd|th)?$/iu;

export interface TextPart {
  readonly text: string;
  /** A number the data does not hold. */
  readonly isUnknown: boolean;
}

/** Looks texts up in `data`, which is read once. */
export function numbersIn(data: string): (text: string) => readonly TextPart[] {
  const words = new Set<string>();
  const numbers: number[] = [];
  for (const [token] of data.matchAll(TOKEN)) {
    if (!/\d/.test(token)) continue;
    for (const part of partsOf(token)) {
      words.add(part.toLowerCase());
      const number = numberOf(part);
      if (number !== null) numbers.push(number.value);
    }
  }
  const isKnown = (token: string): boolean => {
    if (words.has(token.toLowerCase())) return true;
    const number = numberOf(token);
    if (number !== null) return numbers.some((one) => isRounded(one, number));
    const parts = partsOf(token).filter((part) => part !== token && /\d/.test(part));
    return parts.length > 0 && parts.every(isKnown);
  };
  return (text) => {
    const parts: { text: string; isUnknown: boolean }[] = [];
    let at = 0;
    for (const { 0: token, index } of text.matchAll(TOKEN)) {
      if (!/\d/.test(token) || isKnown(token)) continue;
      if (index > at) parts.push({ text: text.slice(at, index), isUnknown: false });
      parts.push({ text: token, isUnknown: true });
      at = index + token.length;
    }
    if (at < text.length) parts.push({ text: text.slice(at), isUnknown: false });
    return parts;
  };
}

/** A word with the pieces of it that stand for themselves: `2026-11-21T09:00`, `git-7`, `3/5`. */
function partsOf(token: string): readonly string[] {
  const pieces = token.split(/[-–—/:=@T~+]+/).filter((piece) => piece !== "");
  return pieces.length > 1 ? [token, ...pieces] : [token];
}

interface Written {
  readonly value: number;
  readonly decimals: number;
}

function numberOf(token: string): Written | null {
  const match = NUMBER.exec(token);
  if (match === null) return null;
  const [, whole = "", fraction = ""] = match;
  return { value: Number(whole.replaceAll(",", "") + fraction), decimals: Math.max(0, fraction.length - 1) };
}

/** The same number, or the same with fewer decimals. */
function isRounded(exact: number, { value, decimals }: Written): boolean {
  return exact === value || Number(exact.toFixed(decimals)) === value;
}
