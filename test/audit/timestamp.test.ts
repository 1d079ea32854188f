import fc from "fast-check";
import { expect, it } from "vitest";
import { formatTimestamp } from "../../src/core/audit/timestamp.js";

it("formats every moment as Date does", () => {
  const moment = fc.oneof(
    fc.integer({ min: -1e12, max: 253_402_300_800_001 }),
    fc.constantFrom(0, 951_782_399_999, 951_782_400_000, 1_709_164_800_000, 253_402_300_799_999),
  );
  fc.assert(
    fc.property(moment, (ms) => {
      expect(formatTimestamp(ms)).toBe(new Date(ms).toISOString());
    }),
    { numRuns: 5000 },
  );
});
