/** Shortening text to a bound without splitting a character (code point). It leaves no mark; the record says that something was cut. */

/** At most `max` code points. */
export function cutChars(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = 0;
  for (let count = 0; count < max && end < text.length; count++) end += unitsAt(text, end);
  return end < text.length ? text.slice(0, end) : text;
}

/** At most `max` bytes of UTF-8. */
export function cutBytes(text: string, max: number): string {
  // A UTF-16 unit takes at most 3 bytes of UTF-8.
  if (text.length * 3 <= max) return text;
  let end = 0;
  for (let bytes = 0; end < text.length; ) {
    const units = unitsAt(text, end);
    bytes += units === 2 ? 4 : bytesOfUnit(text.charCodeAt(end));
    if (bytes > max) break;
    end += units;
  }
  return end < text.length ? text.slice(0, end) : text;
}

function unitsAt(text: string, index: number): 1 | 2 {
  const unit = text.charCodeAt(index);
  if (unit < 0xd800 || unit > 0xdbff) return 1;
  const next = text.charCodeAt(index + 1);
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 1;
}

function bytesOfUnit(unit: number): 1 | 2 | 3 {
  return unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
}
