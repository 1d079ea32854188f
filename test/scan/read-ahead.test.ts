/** Reading backwards in larger steps gives the same bytes, with fewer reads. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bufferSource } from "../../src/analyze/scan/byte-source.js";
import { readAhead } from "../../src/analyze/scan/read-ahead.js";

const BYTES = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 31 + (index >> 8)) & 0xff));

function counting(bytes: Uint8Array) {
  const plain = bufferSource("x", bytes);
  const asked: number[] = [];
  const read: typeof plain.read = (target, at, length, position) => {
    asked.push(length);
    return plain.read(target, at, length, position);
  };
  return { asked, source: { ...plain, read } };
}

describe("readAhead", () => {
  it("gives the bytes of any place", () => {
    const place = fc.tuple(fc.nat(BYTES.length), fc.nat(1_500_000));
    fc.assert(
      fc.property(fc.array(place, { maxLength: 8 }), (places) => {
        const source = readAhead(bufferSource("x", BYTES));
        for (const [position, length] of places) {
          const [target, expected] = [Buffer.alloc(length + 3), Buffer.alloc(length + 3)];
          const count = source.read(target, 3, length, position);
          BYTES.copy(expected, 3, position, position + length);
          expect(count).toBe(Math.min(length, BYTES.length - position));
          expect(target.equals(expected)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("reads little at first, then in large steps", () => {
    const { asked, source } = counting(BYTES);
    const ahead = readAhead(source);
    const target = Buffer.alloc(65_536);
    for (let position = BYTES.length - 65_536; position > 0; position -= 65_536)
      ahead.read(target, 0, 65_536, position);
    expect(asked[0]).toBe(65_536);
    expect(asked.length).toBe(4);
  });

  it("gives less where the source was cut", () => {
    const { source } = counting(BYTES);
    let size = BYTES.length;
    const cut = readAhead({
      ...source,
      read: (target, at, length, position) =>
        source.read(target, at, Math.max(0, Math.min(length, size - position)), position),
    });
    const target = Buffer.alloc(1000);
    cut.read(target, 0, 1000, BYTES.length - 1000);
    size = 2_000_500;
    expect(cut.read(target, 0, 1000, 2_000_000)).toBe(500);
    expect(target.subarray(0, 500).equals(BYTES.subarray(2_000_000, 2_000_500))).toBe(true);
    expect(cut.read(target, 0, 1000, 2_100_000)).toBe(0);
  });
});
