/** The same few words stand in a million lines; this gives one string for each without decoding it again. Bounded: a word that was displaced is decoded anew. */

interface Entry {
  readonly bytes: Buffer;
  readonly text: string;
}

/** `textOf` decodes a word that is new; `slots`: a power of two. */
export function createInterner(
  textOf: (bytes: Buffer) => string,
  slots = 8192,
): (bytes: Buffer, start: number, end: number) => string {
  const entries: (Entry | undefined)[] = new Array(slots).fill(undefined);
  return (bytes, start, end) => {
    let hash = end - start;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const entry = entries[slot];
    if (entry !== undefined && isSame(entry.bytes, bytes, start, end)) return entry.text;
    // Copied: a slice would keep the whole block alive.
    const own = Buffer.from(bytes.subarray(start, end));
    const text = textOf(own);
    entries[slot] = { bytes: own, text };
    return text;
  };
}

function isSame(own: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (own.length !== end - start) return false;
  for (let at = 0; at < own.length; at++) if (own[at] !== bytes[start + at]) return false;
  return true;
}
