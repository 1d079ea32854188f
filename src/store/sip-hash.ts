/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash made for short inputs. Here in place of an HMAC because
 * loading `node:crypto` alone costs the hook a seventh of an empty Node process. Its 64 bits tell inputs apart; they
 * prove nothing to somebody who has the key.
 */

/**
 * Hex digest (16 characters) of `bytes` under a key of 16 bytes. One function with the four 64-bit words as halves in
 * variables: in a cold process every call and every element of an array costs.
 */
export function sipHash(key: Uint8Array, bytes: Uint8Array): string {
  const keyWords = new DataView(key.buffer, key.byteOffset, 16);
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = [0, 4, 8, 12].map((at) => keyWords.getInt32(at, true));
  let [low0, high0, low1, high1] = [k0 ^ 0x70736575, k1 ^ 0x736f6d65, k2 ^ 0x6e646f6d, k3 ^ 0x646f7261];
  let [low2, high2, low3, high3] = [k0 ^ 0x6e657261, k1 ^ 0x6c796765, k2 ^ 0x79746573, k3 ^ 0x74656462];
  const padded = new Uint8Array(8 * Math.floor(bytes.length / 8) + 8);
  padded.set(bytes);
  padded[padded.length - 1] = bytes.length;
  const words = new DataView(padded.buffer);
  for (let at = 0; at <= padded.length; at += 8) {
    const isEnd = at === padded.length;
    const low = isEnd ? 0 : words.getInt32(at, true);
    const high = isEnd ? 0 : words.getInt32(at + 4, true);
    low3 ^= low;
    high3 ^= high;
    if (isEnd) low2 ^= 0xff;
    for (let rounds = isEnd ? 4 : 2; rounds > 0; rounds -= 1) {
      // Twice `x += y; y = rotl(y, bits) ^ x`, with the halves of the sum exchanged: a rotation by 32.
      let sum = (low0 >>> 0) + (low1 >>> 0);
      let top = (high0 + high1 + (sum > 0xffffffff ? 1 : 0)) | 0;
      let turned = (low1 << 13) | (high1 >>> 19);
      high1 = ((high1 << 13) | (low1 >>> 19)) ^ top;
      low1 = turned ^ sum;
      low0 = top;
      high0 = sum | 0;
      sum = (low2 >>> 0) + (low3 >>> 0);
      top = (high2 + high3 + (sum > 0xffffffff ? 1 : 0)) | 0;
      turned = (low3 << 16) | (high3 >>> 16);
      high3 = ((high3 << 16) | (low3 >>> 16)) ^ top;
      low3 = turned ^ sum;
      low2 = sum | 0;
      high2 = top;
      // The same crosswise.
      sum = (low0 >>> 0) + (low3 >>> 0);
      top = (high0 + high3 + (sum > 0xffffffff ? 1 : 0)) | 0;
      turned = (low3 << 21) | (high3 >>> 11);
      high3 = ((high3 << 21) | (low3 >>> 11)) ^ top;
      low3 = turned ^ sum;
      low0 = sum | 0;
      high0 = top;
      sum = (low2 >>> 0) + (low1 >>> 0);
      top = (high2 + high1 + (sum > 0xffffffff ? 1 : 0)) | 0;
      turned = (low1 << 17) | (high1 >>> 15);
      high1 = ((high1 << 17) | (low1 >>> 15)) ^ top;
      low1 = turned ^ sum;
      low2 = top;
      high2 = sum | 0;
    }
    low0 ^= low;
    high0 ^= high;
  }
  return hex(high0 ^ high1 ^ high2 ^ high3) + hex(low0 ^ low1 ^ low2 ^ low3);
}

function hex(half: number): string {
  return (half >>> 0).toString(16).padStart(8, "0");
}
