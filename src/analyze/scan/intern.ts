/** The same few values stand in a million lines; this gives one value for each without decoding it again. Bounded: a value that was displaced is decoded anew. */

export interface Interned<Value> {
  /** Its bytes, a copy. */
  readonly bytes: Buffer;
  readonly value: Value;
}

/** `decode` is asked for bytes that are new; `slots`: a power of two. */
export function createInterner<Value>(
  decode: (bytes: Buffer) => Value,
  slots = 8192,
): (bytes: Buffer, start: number, end: number) => Interned<Value> {
  const entries: (Interned<Value> | undefined)[] = new Array(slots).fill(undefined);
  return (bytes, start, end) => {
    let hash = end - start;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const entry = entries[slot];
    if (entry !== undefined && isSame(entry.bytes, bytes, start, end)) return entry;
    // Copied: a slice would keep the whole block alive.
    const own = Buffer.from(bytes.subarray(start, end));
    const made = { bytes: own, value: decode(own) };
    entries[slot] = made;
    return made;
  };
}

function isSame(own: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (own.length !== end - start) return false;
  for (let at = 0; at < own.length; at++) if (own[at] !== bytes[start + at]) return false;
  return true;
}
