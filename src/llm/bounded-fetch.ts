/**
 * `fetch` for one small answer: no redirect is followed, because it would carry the key elsewhere, and a body beyond the
 * bound is an error before it is held in memory. With a proxy given, and only then, requests go through it.
 */

/** Many times the longest answer that is asked for. */
const MAX_BYTES = 1 << 20;

export class TooLarge extends Error {}

type Fetch = typeof globalThis.fetch;

/** `proxy`: its address, "" for none. */
export function boundedFetch(proxy: string): Fetch {
  return async (input, init) => {
    const send = proxy === "" ? globalThis.fetch : await fetchThrough(proxy);
    const response = await send(input, { ...init, redirect: "error" });
    const { status, statusText, headers } = response;
    return new Response(await readBounded(response.body), { status, statusText, headers: withoutCoding(headers) });
  };
}

async function fetchThrough(proxy: string): Promise<Fetch> {
  const { fetch, ProxyAgent } = await import("undici");
  const dispatcher = new ProxyAgent(proxy);
  // undici's fetch is the platform's; only the classes of its types are others.
  return ((input: string, init: object) => fetch(input, { ...init, dispatcher })) as unknown as Fetch;
}

async function readBounded(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new TooLarge("the answer is too large");
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** The bytes are decoded by now. */
function withoutCoding(headers: Headers): Headers {
  const kept = new Headers(headers);
  kept.delete("content-encoding");
  kept.delete("content-length");
  return kept;
}
