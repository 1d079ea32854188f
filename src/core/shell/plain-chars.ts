/**
 * What a text is made of, told without a regex: each regex costs a process that has just started more than all the
 * words of a call do here. ASCII only; other characters are never plain.
 */

export function isDigit(text: string): boolean {
  return text.length === 1 && text >= "0" && text <= "9";
}

/** As `\w`. */
function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}

/** Only characters of `\w` and of `others`. */
export function consistsOf(text: string, others: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (!isWordCode(text.charCodeAt(at)) && !others.includes(text.charAt(at))) return false;
  }
  return true;
}

/** Only visible characters, and none of `refused`. */
export function isVisible(text: string, refused: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x21 || code > 0x7e || refused.includes(text.charAt(at))) return false;
  }
  return true;
}
