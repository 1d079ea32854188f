import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketOf, bucketUpper, percentile } from "../../src/analyze/cubes/histogram.js";

const value = fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 1));

describe("histogram", () => {
  it("is exact below 128", () => {
    for (let n = 0; n < 128; n++) expect(bucketUpper(bucketOf(n))).toBe(n);
  });

  it("has 64 steps an octave from there", () => {
    expect(bucketOf(256) - bucketOf(128)).toBe(64);
    expect(bucketOf(2 ** 20) - bucketOf(2 ** 19)).toBe(64);
  });

  it("never puts a value above its bucket's end, nor more than 1/64 below it", () => {
    fc.assert(
      fc.property(value, (n) => {
        const upper = bucketUpper(bucketOf(n));
        expect(upper).toBeGreaterThanOrEqual(n);
        expect(upper - n).toBeLessThanOrEqual(n / 64);
      }),
    );
  });

  it("keeps order, without holes between neighbours", () => {
    fc.assert(
      fc.property(value, (n) => {
        const bucket = bucketOf(n);
        expect(bucketOf(bucketUpper(bucket))).toBe(bucket);
        if (bucketUpper(bucket) < 2 ** 31 - 1) expect(bucketOf(bucketUpper(bucket) + 1)).toBe(bucket + 1);
      }),
    );
  });

  it.each([
    [-1, 0],
    [0.9, 0],
    [2 ** 40, 2 ** 31 - 1],
  ])("takes %d as %d", (given, meant) => expect(bucketOf(given)).toBe(bucketOf(meant)));

  it("gives the nearest rank", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 100 }), (values, p) => {
        const exact = values.toSorted((a, b) => a - b)[Math.ceil((p / 100) * values.length) - 1] ?? 0;
        const buckets = values.map((n) => ({ bucket: bucketOf(n), count: 1 }));
        expect(percentile(buckets, p)).toBe(bucketUpper(bucketOf(exact)));
      }),
    );
  });

  it("knows nothing of nothing", () => expect(percentile([], 50)).toBeNull());
});
