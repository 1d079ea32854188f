import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bufferSource } from "../../src/analyze/scan/byte-source.js";
import { readBlocksBackward } from "../../src/analyze/scan/read-blocks-backward.js";

interface Line {
  readonly offset: number;
  readonly text: string;
}

/** The obvious way: the whole file as one string (one character a byte), split at line ends. */
function linesForward(bytes: Uint8Array, maxLine: number): Line[] {
  const lines = Buffer.from(bytes).toString("latin1").split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  let offset = 0;
  return lines.map((text, index) => {
    const at = offset;
    offset += text.length + 1;
    const isEnded = index < lines.length - 1 || bytes[bytes.length - 1] === 0x0a;
    const content = isEnded && text.endsWith("\r") ? text.slice(0, -1) : text;
    return { offset: at, text: content.length > maxLine ? `too long: ${content.length}` : text };
  });
}

function linesBackward(bytes: Uint8Array, chunk: number, firstChunk: number, maxLine: number): Line[] {
  const lines: Line[] = [];
  for (const piece of readBlocksBackward(bufferSource("x", bytes), { chunk, firstChunk, maxLine })) {
    if (piece.kind === "too-long") {
      lines.push({ offset: piece.offset, text: `too long: ${piece.length}` });
      continue;
    }
    const block = Buffer.from(piece.bytes.subarray(piece.start, piece.end));
    const inBlock = linesForward(block, maxLine).map(({ offset, text }) => ({ offset: piece.offset + offset, text }));
    lines.push(...inBlock.reverse());
  }
  return lines;
}

const lineByte = fc.constantFrom(0x0a, 0x0d, 0x61, 0x62, 0x00, 0xff, 0x7b);
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.array(lineByte, { maxLength: 300 }).map((all) => Uint8Array.from(all)),
);

describe("reading blocks backward", () => {
  it("gives the lines of reading forward, reversed, for any bytes and any chunk size", () => {
    fc.assert(
      fc.property(
        anyBytes,
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 400 }),
        (bytes, chunk, first) => {
          expect(linesBackward(bytes, chunk, first, 1000)).toEqual(linesForward(bytes, 1000).reverse());
        },
      ),
      { numRuns: 500 },
    );
  });

  it("passes by lines beyond the bound, telling place and length, whatever the chunk size", () => {
    fc.assert(
      fc.property(
        anyBytes,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 12 }),
        (bytes, chunk, first, maxLine) => {
          expect(linesBackward(bytes, chunk, first, maxLine)).toEqual(linesForward(bytes, maxLine).reverse());
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([1, 7, 4096, 65_536, 1_048_576])("reads a large file in chunks of %i bytes", (chunk) => {
    const count = chunk === 1 ? 40 : 4000;
    const bytes = Buffer.from(
      Array.from({ length: count }, (_, index) => `${index} ${"é".repeat(index % 90)}\n`).join(""),
    );
    expect(linesBackward(bytes, chunk, chunk, 1000)).toEqual(linesForward(bytes, 1000).reverse());
  });

  it("never asks for more than one chunk when only the newest line is wanted", () => {
    const bytes = Buffer.alloc(10_000_000, "0123456789\n");
    let asked = 0;
    const source = bufferSource("x", bytes);
    const counting = {
      ...source,
      read: (target: Buffer, at: number, length: number, position: number) => {
        asked += length;
        return source.read(target, at, length, position);
      },
    };
    readBlocksBackward(counting).next();
    expect(asked).toBe(65_536);
  });

  it("holds a bounded buffer for a line of 100 MB", () => {
    const size = 100_000_000;
    let largest = 0;
    const source = {
      ...bufferSource("x", new Uint8Array()),
      size,
      read: (target: Buffer, at: number, length: number, position: number) => {
        target.fill(0x61, at, at + length);
        if (position === 0) target[at] = 0x7b;
        largest = Math.max(largest, target.length);
        return length;
      },
    };
    const pieces = [...readBlocksBackward(source)];
    expect(pieces).toHaveLength(1);
    expect(pieces[0]).toMatchObject({ kind: "too-long", offset: 0, length: size });
    expect(pieces[0]?.kind === "too-long" && pieces[0].head.toString("latin1", 0, 3)).toBe("{aa");
    expect(largest).toBeLessThan(16 * 1024 * 1024);
  });

  it("shows a file that was cut while it was read as ending early, without throwing", () => {
    const whole = Buffer.from("one\ntwo\nthree\n");
    const source = { ...bufferSource("x", whole.subarray(0, 8)), size: whole.length };
    const lines = [...readBlocksBackward(source)].flatMap((piece) =>
      piece.kind === "lines" ? piece.bytes.toString("latin1", piece.start, piece.end).split("\n") : [],
    );
    expect(lines.filter((line) => line !== "")).toEqual(["one", "two"]);
  });
});
