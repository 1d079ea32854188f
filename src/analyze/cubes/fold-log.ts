/**
 * A whole log, or several as one -> cubes. What stretches of it came to before is added; what is new, or has changed, is
 * read. Pipes and documents are read in one go.
 */
import type { Scan } from "../scan/open-scan.js";
import type { Scanned } from "../scan/scan.js";
import { newScanStats } from "../scan/scan-source.js";
import { type Cubes, foldRecords } from "./fold.js";
import { LogReading } from "./log-reading.js";
import { Strands } from "./strands.js";
import type { FoldLogOptions } from "./stretches.js";

export type { FoldLogOptions };

export function foldLog(scan: Scan, options: FoldLogOptions): Cubes {
  const { read, look, stats = newScanStats(), onProgress = () => {} } = options;
  const chains = scan.chains();
  if (chains === null) return foldRecords(watched(scan.backward(read, { stats, isLazy: true })), options, look);
  const strands = new Strands(chains, read, stats);
  try {
    const rollups = look === undefined ? options.rollups : null;
    return new LogReading(strands, { ...options, rollups, stats, onProgress }).cubes();
  } finally {
    strands.close();
  }

  function* watched(records: Iterable<Scanned>): Generator<Scanned, void> {
    for (const one of records) {
      onProgress(stats.bytesRead);
      yield one;
    }
  }
}
