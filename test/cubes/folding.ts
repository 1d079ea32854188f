/** A busy log that lies in a folder, counted in small stretches. */
import { expect } from "vitest";
import { type Cubes, readWindow } from "../../src/analyze/cubes/fold.js";
import { type FoldLogOptions, foldLog } from "../../src/analyze/cubes/fold-log.js";
import type { Rollups } from "../../src/analyze/cubes/rollups.js";
import { openScan } from "../../src/analyze/scan/open-scan.js";
import type { Window } from "../../src/analyze/scan/scan.js";
import { newScanStats } from "../../src/analyze/scan/scan-source.js";
import { zoneOf } from "../../src/analyze/zone.js";
import { BUSY_START, busyLog } from "./busy-log.js";

export const HOUR = 3_600_000;
export const zone = zoneOf("Asia/Kolkata") ?? expect.fail("no zone");

/** With ids as we write them: other lines are the parser's, and no cut is made at them. */
export function busyLines(seed: number): string[] {
  return busyLog(seed, 30, 30)
    .text.trimEnd()
    .split("\n")
    .map((line, index) =>
      line.replace(/"id":"\d+-\d+"/, `"id":"019c0000-0000-7000-8000-${String(index).padStart(12, "0")}"`),
    );
}

export async function foldFolder(
  folder: string,
  rollups: Rollups | null,
  window: Window,
  leafBytes: number,
  more: Partial<FoldLogOptions> = {},
) {
  const opened = await openScan([folder]);
  if (opened.kind === "failed") throw new Error(opened.message);
  const stats = newScanStats();
  const now = BUSY_START + 96 * HOUR;
  const options = {
    window,
    read: readWindow(window),
    zone,
    now,
    rollups,
    leafBytes,
    settledMs: 2 * HOUR,
    stats,
    ...more,
  };
  return { cubes: plain({ ...foldLog(opened.scan, options), window: {} }), stats };
}

/** Rows that are read when they are asked for, as data. */
export const plain = (cubes: Cubes): Cubes => JSON.parse(JSON.stringify(cubes));
