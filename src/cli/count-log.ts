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

/** A session narrows what is read, so nothing is remembered of it; with a bar on stderr when it takes more than a moment. */
export function countLog(
  invocation: Pick<Invocation, "io" | "flags" | "quiet">,
  scan: Scan,
  options: Omit<FoldLogOptions, "rollups">,
): Cubes {
  const { io, quiet, flags } = invocation;
  const { session, tool, decision, tier, rule, project } = { ...options.read, ...options.filter };
  const isKept = session === undefined && !flags.on("readOnly");
  const asked = JSON.stringify({ tool, decision, tier, rule, project });
  const folder = join(locationsOf(invocation).cache, "rollups");
  const scope = `${VERSION} ${options.zone.name}`;
  const rollups = isKept ? openRollups(folder, scope, scan.files, asked === "{}" ? "" : asked) : null;
  const progress = startProgress(io, quiet, scan.bytes);
  try {
    return foldLog(scan, { ...options, rollups, onProgress: (bytes) => progress.reached(bytes) });
  } finally {
    progress.stop();
  }
}
