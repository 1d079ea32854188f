/** What a command keeps comes back as it was, where V8 need not copy it. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeKept, encodeKept } from "../../../src/cli/parts/kept-code.js";

const part = fc.tuple(
  fc.string({ minLength: 1, unit: "grapheme-ascii" }),
  fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
);

it("gives back what was kept, each part at a multiple of eight", () => {
  fc.assert(
    fc.property(fc.nat(), fc.uniqueArray(part, { selector: ([name]) => name }), (runs, parts) => {
      const kept = { runs, parts: new Map(parts) };
      const bytes = encodeKept(kept);
      const back = decodeKept(bytes);
      expect(back).toEqual(kept);
      for (const { byteOffset, length } of back.parts.values()) {
        expect(length === 0 || (byteOffset - bytes.byteOffset) % 8 === 0).toBe(true);
      }
    }),
  );
});

it.each([
  ["nothing", ""],
  ["no head", "\xff\xff\xff\xff"],
  ["no JSON", "\x02\0\0\0{]"],
])("throws on %s", (_, text) => expect(() => decodeKept(Buffer.from(text, "latin1"))).toThrow());
