/**
 * The code cache of one command: what V8 made of all parts that the command loads, in one file. Reads bytes and makes
 * bytes; it trusts nothing but their layout, for whoever uses a cache has seen to it that it is ours and whole.
 */

export interface KeptCode {
  /** How many runs of the command went into it. */
  readonly runs: number;
  /** Name of a part -> what V8 made of it. */
  readonly parts: ReadonlyMap<string, Buffer>;
}

interface Head {
  readonly runs: number;
  readonly parts: readonly (readonly [name: string, at: number, length: number])[];
}

/** V8 copies what is not aligned. */
const ALIGNED = 8;

/** First the length of the head, then the head as JSON, then the parts. */
export function encodeKept({ runs, parts }: KeptCode): Buffer {
  let end = 0;
  const places = [...parts].map(([name, { length }]) => {
    const at = end;
    end = aligned(at + length);
    return [name, at, length] as const;
  });
  const head = Buffer.from(JSON.stringify({ runs, parts: places } satisfies Head));
  const start = aligned(4 + head.length);
  const bytes = Buffer.alloc(start + end);
  bytes.writeUInt32LE(head.length, 0);
  head.copy(bytes, 4);
  for (const [name, at] of places) parts.get(name)?.copy(bytes, start + at);
  return bytes;
}

/** Throws on what `encodeKept` did not write. */
export function decodeKept(bytes: Buffer): KeptCode {
  const length = bytes.readUInt32LE(0);
  const { runs, parts } = JSON.parse(bytes.toString("latin1", 4, 4 + length)) as Head;
  const start = aligned(4 + length);
  return {
    runs,
    parts: new Map(parts.map(([name, at, size]) => [name, bytes.subarray(start + at, start + at + size)])),
  };
}

function aligned(at: number): number {
  return Math.ceil(at / ALIGNED) * ALIGNED;
}
