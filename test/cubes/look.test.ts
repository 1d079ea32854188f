import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Cubes, foldRecords } from "../../src/analyze/cubes/fold.js";
import { foldLog } from "../../src/analyze/cubes/fold-log.js";
import type { Look } from "../../src/analyze/cubes/look.js";
import { openRollups } from "../../src/analyze/cubes/rollups.js";
import { openScan } from "../../src/analyze/scan/open-scan.js";
import type { Scanned } from "../../src/analyze/scan/scan.js";
import { newScanStats } from "../../src/analyze/scan/scan-source.js";
import { UTC } from "../../src/analyze/zone.js";
import { BUSY_START, busyLog } from "./busy-log.js";

/** With ids as we write them, so that stretches are cut. */
const lines = busyLog(5, 30, 30)
  .text.trimEnd()
  .split("\n")
  .map((line, index) =>
    line.replace(/"id":"\d+-\d+"/, `"id":"019c0000-0000-7000-8000-${String(index).padStart(12, "0")}"`),
  );
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "look-"));
  const third = Math.floor(lines.length / 3);
  writeFileSync(join(folder, "audit.jsonl"), `${lines.slice(0, third).join("\n")}\n`);
  renameSync(join(folder, "audit.jsonl"), join(folder, "audit-20261020T000000.000Z-1.jsonl"));
  writeFileSync(join(folder, "audit.jsonl"), `${lines.slice(third).join("\n")}\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const placeOf = ({ at }: Scanned) => `${at.file}:${at.offset}`;

interface Shown {
  readonly places: readonly string[];
  readonly calls: readonly string[];
  /** All there are, newest first. */
  readonly all: { readonly places: readonly string[]; readonly calls: readonly string[] };
  readonly cubes: Cubes;
  /** What the counting itself read. */
  readonly bytes: number;
}

/** @param wants of a stretch that is remembered; told how many lines were shown. */
async function shown(
  wants: (known: Pick<Cubes, "gaps">, lines: number) => boolean,
  wantsNext: (lines: number) => boolean = () => false,
): Promise<Shown> {
  const opened = await openScan([folder]);
  if (opened.kind === "failed") throw new Error(opened.message);
  const rollups = openRollups(join(folder, "cache"), "test");
  const places: string[] = [];
  const calls: string[] = [];
  const look: Look = {
    line: (one) => places.push(placeOf(one)),
    call: ({ calling, ruling, outcome, rejected, prompted }) =>
      calls.push(JSON.stringify([calling, ruling, outcome, rejected, prompted])),
    wants: (known) => wants(known, places.length),
    wantsNext: () => wantsNext(places.length),
  };
  const stats = newScanStats();
  const now = BUSY_START + 96 * 3_600_000;
  const options = { window: {}, zone: UTC, now };
  const cubes = foldLog(opened.scan, {
    ...options,
    read: {},
    rollups,
    leafBytes: 4_096,
    settledMs: 3_600_000,
    stats,
    look,
  });
  const all = { places: [...opened.scan.backward()].map(placeOf), calls: [] as string[] };
  const everything: Look = {
    line() {},
    call: ({ calling, ruling, outcome, rejected, prompted }) =>
      all.calls.push(JSON.stringify([calling, ruling, outcome, rejected, prompted])),
    wants: () => true,
  };
  foldRecords(opened.scan.backward(), options, everything);
  return { places, calls, all, cubes: JSON.parse(JSON.stringify(cubes)), bytes: stats.bytesRead };
}

describe("looking at a log while it is counted", () => {
  it("shows each line and each call once, whether its count is remembered or not", async () => {
    const first = await shown(() => true);
    expect(first.places).toEqual(first.all.places);
    expect(first.calls.toSorted()).toEqual(first.all.calls.toSorted());
    expect(first.calls.length).toBeGreaterThan(100);
    const again = await shown(() => true);
    expect(again.places).toEqual(first.places);
    expect(again.calls.toSorted()).toEqual(first.calls.toSorted());
    expect(again.cubes).toEqual(first.cubes);
    expect(again.bytes).toBeLessThan(first.bytes / 5);
  });

  it("reads no more for it than is asked for", async () => {
    await shown(() => true);
    const { places, all } = await shown((_, lines) => lines < 10);
    expect(places.slice(0, 10)).toEqual(all.places.slice(0, 10));
    expect(places.length).toBeLessThan(all.places.length / 5);
  });

  it("shows the next lines across all that is remembered as one", async () => {
    const first = await shown(() => true);
    for (const count of [5, 500, first.places.length + 1]) {
      const { places, all, cubes } = await shown(
        () => false,
        (lines) => lines < count,
      );
      expect(places.slice(0, count)).toEqual(all.places.slice(0, count));
      expect(cubes).toEqual(first.cubes);
    }
  });

  it("a stretch is passed over by what it came to, and the calls of the others are whole", async () => {
    const first = await shown(() => true);
    const hasAnswers = ({ gaps }: Pick<Cubes, "gaps">) => gaps === undefined || gaps.answered > 12;
    const again = await shown(hasAnswers);
    expect(again.cubes).toEqual(first.cubes);
    expect(again.calls.length).toBeGreaterThan(0);
    expect(again.calls.length).toBeLessThan(first.calls.length);
    const known = new Set(first.calls);
    expect(again.calls.filter((call) => !known.has(call))).toEqual([]);
  });
});
