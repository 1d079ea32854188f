/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash made for short inputs. Here in place of an HMAC because
 * loading `node:crypto` alone costs the hook a seventh of an empty Node process. Its 64 bits tell inputs apart; they
 * prove nothing to somebody who has the key.
 */

/** Hex digest (16 characters) of `bytes` under a key of 16 bytes. */
export function sipHash(key: Uint8Array, bytes: Uint8Array): string {
  const keyWords = new DataView(key.buffer, key.byteOffset, 16);
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = [0, 4, 8, 12].map((at) => keyWords.getInt32(at, true));
  // The four 64-bit words v0 to v3, each as its low and its high half.
  const v = Int32Array.of(
    k0 ^ 0x70736575,
    k1 ^ 0x736f6d65,
    k2 ^ 0x6e646f6d,
    k3 ^ 0x646f7261,
    k0 ^ 0x6e657261,
    k1 ^ 0x6c796765,
    k2 ^ 0x79746573,
    k3 ^ 0x74656462,
  );
  const padded = new Uint8Array(8 * Math.floor(bytes.length / 8) + 8);
  padded.set(bytes);
  padded[padded.length - 1] = bytes.length;
  const words = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += 8) {
    const low = words.getInt32(at, true);
    const high = words.getInt32(at + 4, true);
    xor(v, 3, low, high);
    round(v);
    round(v);
    xor(v, 0, low, high);
  }
  xor(v, 2, 0xff, 0);
  for (let finish = 0; finish < 4; finish++) round(v);
  for (const word of [1, 2, 3]) xor(v, 0, v[2 * word] ?? 0, v[2 * word + 1] ?? 0);
  return hex(v[1] ?? 0) + hex(v[0] ?? 0);
}

function round(v: Int32Array): void {
  mix(v, 0, 1, 13);
  swapHalves(v, 0);
  mix(v, 2, 3, 16);
  mix(v, 0, 3, 21);
  mix(v, 2, 1, 17);
  swapHalves(v, 2);
}

/** `x += y; y = rotl(y, bits) ^ x` on 64-bit words. */
function mix(v: Int32Array, x: number, y: number, bits: number): void {
  const low = v[2 * y] ?? 0;
  const high = v[2 * y + 1] ?? 0;
  const sum = ((v[2 * x] ?? 0) >>> 0) + (low >>> 0);
  v[2 * x] = sum;
  v[2 * x + 1] = (v[2 * x + 1] ?? 0) + high + (sum > 0xffffffff ? 1 : 0);
  v[2 * y] = (low << bits) | (high >>> (32 - bits));
  v[2 * y + 1] = (high << bits) | (low >>> (32 - bits));
  xor(v, y, v[2 * x] ?? 0, v[2 * x + 1] ?? 0);
}

/** A rotation by 32 bits. */
function swapHalves(v: Int32Array, word: number): void {
  const low = v[2 * word] ?? 0;
  v[2 * word] = v[2 * word + 1] ?? 0;
  v[2 * word + 1] = low;
}

function xor(v: Int32Array, word: number, low: number, high: number): void {
  v[2 * word] = (v[2 * word] ?? 0) ^ low;
  v[2 * word + 1] = (v[2 * word + 1] ?? 0) ^ high;
}

function hex(half: number): string {
  return (half >>> 0).toString(16).padStart(8, "0");
}
