import { expect, test } from "vitest";
import { sipHash } from "../../src/store/sip-hash.js";

const KEY = Uint8Array.from({ length: 16 }, (_, index) => index);
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index);

// From the authors' reference vectors: input 00 01 02 ... under the key 00 ... 0f.
test.each([
  [0, "726fdb47dd0e0e31"],
  [1, "74f839c593dc67fd"],
  [2, "0d6c8009d9a94f5a"],
  [8, "93f5f5799a932462"],
  [15, "a129ca6149be45e5"],
  [63, "958a324ceb064572"],
])("%i bytes hash to the reference's %s", (length, expected) => {
  expect(sipHash(KEY, counting(length))).toBe(expected);
});

test("another key gives another hash", () => {
  expect(
    sipHash(
      KEY.map((byte) => byte ^ 1),
      counting(15),
    ),
  ).not.toBe("a129ca6149be45e5");
});
