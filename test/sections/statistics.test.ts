/** The tests and slopes against values worked out with another package (SciPy 1.17). */
import { describe, expect, it } from "vitest";
import {
  compareHistograms,
  compareShares,
  highThreshold,
  holm,
  medianOf,
  trendOf,
} from "../../src/analyze/statistics.js";

describe("nothing known is null", () => {
  it("in every measure", () => {
    expect([medianOf([]), highThreshold([], 5, 1), trendOf([1, 2, 3, 4]), compareShares(0, 0, 1, 2)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(compareHistograms(new Map([[1, 7]]), new Map([[2, 100]]))).toBeNull();
  });
});

describe("shares", () => {
  it.each([
    [1, 10, 11, 14, "Fisher exact", 0.002759],
    [0, 20, 3, 20, "Fisher exact", 0.23077],
    [30, 100, 45, 100, "two-proportion z", 0.02846],
    [5, 1000, 20, 1000, "two-proportion z", 0.0025367],
    [7, 7, 9, 9, "Fisher exact", 1],
  ])("%i of %i against %i of %i", (a, wholeA, b, wholeB, test, p) => {
    const found = compareShares(a, wholeA, b, wholeB);
    expect(found?.test).toBe(test);
    expect(found?.p).toBeCloseTo(p, 5);
    expect(compareShares(b, wholeB, a, wholeA)?.p).toBeCloseTo(p, 5);
  });
});

describe("histograms", () => {
  const counted = (values: readonly number[]) => {
    const counts = new Map<number, number>();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  };

  it("rank sum with ties", () => {
    const slow = compareHistograms(
      counted([1, 2, 2, 3, 3, 3, 4, 5, 6, 7]),
      counted([4, 5, 5, 6, 7, 8, 8, 9, 9, 10, 11, 12]),
    );
    expect(slow?.p).toBeCloseTo(0.001049, 5);
  });

  it("all values equal is no difference", () => {
    expect(compareHistograms(counted(Array(20).fill(3)), counted(Array(20).fill(3)))?.p).toBe(1);
  });
});

describe("trends", () => {
  it("falling, with an interval that holds the exact one", () => {
    const trend = trendOf([10, 9, 11, 8, 7, 7, 6, 5, 6, 4]);
    expect(trend?.slope).toBeCloseTo(-0.6667, 4);
    expect(trend?.direction).toBe("falling");
    expect(trend?.low).toBeLessThanOrEqual(-1);
    expect(trend?.high).toBeGreaterThanOrEqual(-0.5);
  });

  it("one wild day makes no trend", () => {
    expect(trendOf([3, 3, 3, 3, 3, 3, 900])?.direction).toBe("none");
    expect(trendOf([5, 4, 6, 5, 4, 6, 5])?.direction).toBe("none");
  });
});

describe("thresholds", () => {
  it("are robust against what they are to find", () => {
    expect(highThreshold([1, 2, 3, 4, 100], 3, 1)).toEqual({ median: 3, threshold: 3 + 3 * 1.4826 });
  });

  it("a flat series still leaves room", () => {
    expect(highThreshold([4, 4, 4, 4], 5, 2)).toEqual({ median: 4, threshold: 6 });
  });
});

describe("many comparisons", () => {
  it("Holm", () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    expect(adjusted.map((p) => p.toFixed(9))).toEqual([0.03, 0.06, 0.06, 0.02].map((p) => p.toFixed(9)));
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});
