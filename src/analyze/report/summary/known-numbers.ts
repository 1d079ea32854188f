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
    words.add(token.toLowerCase());
    const number = numberOf(token);
    if (number !== null) numbers.push(number.value);
  }
  const spelled = [...words];
  const isNumber = (text: string): boolean => {
    const number = numberOf(text);
    return number !== null && numbers.some((one) => isRounded(one, number));
  };
  // `09:42` of `09:42:11`, `2026` of `2026-11-21`; a shorter piece says too little to be one.
  const isPiece = (token: string): boolean =>
    token.length > 3 && spelled.some((word) => word.startsWith(`${token}-`) || word.startsWith(`${token}:`));
  const isKnown = (token: string): boolean => {
    const word = token.toLowerCase();
    if (words.has(word) || isNumber(token) || isPiece(word)) return true;
    const [from, to, ...more] = token.split(/[-–/]/);
    return from !== undefined && to !== undefined && more.length === 0 && isNumber(from) && isNumber(to);
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
