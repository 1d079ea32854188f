/** The log of fixtures/report/small.jsonl as a Report, in a pinned world. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Cubes, foldRecords } from "../../src/analyze/cubes/fold.js";
import { buildReport } from "../../src/analyze/report/build.js";
import type { Report } from "../../src/analyze/report/report.schema.js";
import { bufferSource } from "../../src/analyze/scan/byte-source.js";
import { scanBackward } from "../../src/analyze/scan/scan-backward.js";
import { type Zone, zoneOf } from "../../src/analyze/zone.js";

export const FIXTURES = fileURLToPath(new URL("../../fixtures/report/", import.meta.url));
export const SMALL_LOG = readFileSync(new URL("../../fixtures/report/small.jsonl", import.meta.url));
export const NOW = Date.parse("2026-11-20T12:00:00.000Z");

export function berlin(): Zone {
  const zone = zoneOf("Europe/Berlin");
  if (zone === null) throw new Error("this Node knows no time zones");
  return zone;
}

export function smallCubes(bytes: Uint8Array = SMALL_LOG): Cubes {
  const scanned = scanBackward([[{ open: () => bufferSource("/home/dana/audit.jsonl", bytes) }]]);
  return foldRecords(scanned, { window: {}, zone: berlin(), now: NOW });
}

export function smallReport(bytes: Uint8Array = SMALL_LOG): Report {
  return buildReport(smallCubes(bytes), {
    generatedAt: NOW,
    engineVersion: "0.1.0",
    zone: berlin(),
    files: ["/home/dana/audit.jsonl"],
  });
}
