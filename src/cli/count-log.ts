/** From an invocation and an open log to its cubes; what was counted before is not read again. */
import { join } from "node:path";
import type { Cubes } from "../analyze/cubes/fold.js";
import { type FoldLogOptions, foldLog } from "../analyze/cubes/fold-log.js";
import { openRollups } from "../analyze/cubes/rollups.js";
import type { Scan } from "../analyze/scan/open-scan.js";
import type { Invocation } from "./command.js";
import { startProgress } from "./progress.js";
import { VERSION } from "./version.js";
import { locationsOf } from "./where.js";

/** Only a window may narrow what is remembered; with a bar on stderr when it takes more than a moment. */
export function countLog(
  invocation: Pick<Invocation, "io" | "flags" | "quiet">,
  scan: Scan,
  options: Omit<FoldLogOptions, "rollups">,
): Cubes {
  const { io, quiet, flags } = invocation;
  const { since: _since, until: _until, ...narrowing } = { ...options.read, ...options.filter };
  const isWhole = Object.values(narrowing).every((value) => value === undefined);
  const isKept = isWhole && !flags.on("readOnly");
  const folder = join(locationsOf(invocation).cache, "rollups");
  const rollups = isKept ? openRollups(folder, `${VERSION} ${options.zone.name}`, scan.files) : null;
  const progress = startProgress(io, quiet, scan.bytes);
  try {
    return foldLog(scan, { ...options, rollups, onProgress: (bytes) => progress.reached(bytes) });
  } finally {
    progress.stop();
  }
}
