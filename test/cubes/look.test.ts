import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { foldLog } from "../../src/analyze/cubes/fold-log.js";
import { openRollups } from "../../src/analyze/cubes/rollups.js";
import { openScan } from "../../src/analyze/scan/open-scan.js";
import type { Scanned } from "../../src/analyze/scan/scan.js";
import { newScanStats } from "../../src/analyze/scan/scan-source.js";
import { UTC } from "../../src/analyze/zone.js";
import { onlooker } from "../../src/cli/onlooker.js";
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

/** Places of the lines shown while counting, and what the counting itself read. */
async function shown(enough = Number.POSITIVE_INFINITY) {
  const opened = await openScan([folder]);
  if (opened.kind === "failed") throw new Error(opened.message);
  const rollups = openRollups(join(folder, "cache"), "test");
  const places: string[] = [];
  function* passing(all: Iterable<Scanned>) {
    for (const one of all) {
      places.push(placeOf(one));
      yield one;
    }
    places.push("end");
  }
  const look = onlooker(passing, () => places.length >= enough);
  const stats = newScanStats();
  const now = BUSY_START + 96 * 3_600_000;
  const cubes = foldLog(opened.scan, { window: {}, read: {}, zone: UTC, now, rollups, leafBytes: 4_096, stats, look });
  look.end();
  const all = [...opened.scan.backward()].map(placeOf);
  return { places, all, cubes, bytes: stats.bytesRead };
}

describe("looking at a log while it is counted", () => {
  it("shows each line once, newest first, whether its count is remembered or not", async () => {
    const first = await shown();
    expect(first.places).toEqual([...first.all, "end"]);
    const again = await shown();
    expect(again.places).toEqual(first.places);
    expect(again.cubes).toEqual(first.cubes);
    expect(again.bytes).toBeLessThan(first.bytes / 5);
  });

  it("reads no more for it than is asked for", async () => {
    await shown();
    const { places, all } = await shown(10);
    expect(places.slice(0, 10)).toEqual(all.slice(0, 10));
    expect(places.length).toBeLessThan(all.length / 5);
  });
});
