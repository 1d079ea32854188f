import { describe, expect, it } from "vitest";
import { foldRecords } from "../../src/analyze/cubes/fold.js";
import { packGaps, unpackGaps } from "../../src/analyze/cubes/pack-gaps.js";
import { clustersOf, newestCalls } from "../../src/analyze/gaps/clusters.js";
import { GapCells, type GapCounts } from "../../src/analyze/gaps/gap-cells.js";
import { openScan } from "../../src/analyze/scan/open-scan.js";
import { UTC } from "../../src/analyze/zone.js";

const SAMPLE = new URL("../../fixtures/sample/audit.jsonl", import.meta.url).pathname;

async function counted(): Promise<GapCounts> {
  const opened = await openScan([SAMPLE]);
  if (opened.kind === "failed") throw new Error(opened.message);
  const cubes = foldRecords(opened.scan.backward(), { window: {}, zone: UTC, now: Date.now() });
  opened.scan.close();
  return cubes.gaps?.counts ?? expect.fail("gaps were not counted");
}

const counts = await counted();
const calls = (cells: GapCounts["gaps"]) => cells.reduce((sum, cell) => sum + cell.calls, 0);

describe("what no rule decided", () => {
  it("is counted once for each call, by name and by cause", () => {
    expect(calls(counts.gaps)).toBe(counts.totals.gaps);
    expect(calls(counts.causes)).toBe(counts.totals.prompts);
    expect(counts.totals.gaps).toBeGreaterThan(100);
    const kept = counts.gaps.flatMap(({ samples }) => samples.filter((one) => one.kept !== null));
    expect(kept.length).toBeGreaterThan(50);
    expect(kept.every((one) => JSON.stringify(one.kept).length <= 2_048)).toBe(true);
  });

  it("adds up, and comes back from its text", () => {
    const cells = new GapCells();
    const empty = cells.counts;
    cells.merge(counts);
    expect(cells.counts).toEqual(counts);
    cells.merge(empty);
    cells.merge(counts);
    expect(cells.counts.totals.calls).toBe(2 * counts.totals.calls);
    expect(cells.counts.gaps.map(({ samples }) => samples)).toEqual(counts.gaps.map(({ samples }) => samples));
    const moved = unpackGaps(packGaps(counts), (at) => `moved ${at}`);
    expect(moved.gaps[0]?.samples[0]?.at).toBe(`moved ${counts.gaps[0]?.samples[0]?.at}`);
    expect(unpackGaps(packGaps(counts), (at) => at)).toEqual(counts);
  });

  it("counts names beyond the limit together and loses no call", () => {
    const cells = new GapCells(3);
    cells.merge(counts);
    expect(cells.counts.gaps).toHaveLength(4);
    expect(cells.counts.gaps.at(-1)?.name).toBe("(other)");
    expect(calls(cells.counts.gaps)).toBe(counts.totals.gaps);
  });

  it("is named by what no rule covers, cells of one name together", () => {
    const plain = clustersOf(counts, () => null);
    expect(plain.clusters.map(({ name }) => name)).toEqual(counts.gaps.map(({ name }) => name));
    const [newest] = newestCalls(counts);
    const bash = clustersOf(counts, ({ kept }) =>
      kept?.tool_name === "Bash" ? { uncovered: ["cd", "make"], why: "no rule", ruleNow: "" } : null,
    );
    const made = bash.clusters.filter(({ name }) => name === "make");
    expect(made).toHaveLength(1);
    const judged = counts.gaps.filter(({ samples }) => samples.some(({ kept }) => kept?.tool_name === "Bash"));
    expect(made[0]).toMatchObject({ calls: calls(judged), closed: 0, why: "no rule" });
    const all = clustersOf(counts, (one) => (one === newest ? null : { uncovered: [], why: "", ruleNow: "r" }));
    expect(all.clusters.every(({ closed, calls: own }) => closed === 0 || closed === own)).toBe(true);
    expect(all.clusters.some(({ closed }) => closed > 0)).toBe(true);
  });
});
