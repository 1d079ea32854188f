/** `compare A B`: two sessions (`last`, `last-1`, ids) or two windows (`2026-11-01..2026-11-08`) side by side (US-15). */
import { buildComparison, type Side } from "../../analyze/compare/comparison.js";
import { foldRecords, readWindow } from "../../analyze/cubes/fold.js";
import { parseWhen } from "../../analyze/dates.js";
import type { Scan } from "../../analyze/scan/open-scan.js";
import type { Window } from "../../analyze/scan/scan.js";
import type { Zone } from "../../analyze/zone.js";
import type { Invocation } from "../command.js";
import { FORMATS, renderAs } from "../deliver.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { policyFor } from "../judge.js";
import { readRecords, resolveSession, withLog } from "../open-log.js";
import { VERSION } from "../version.js";
import { filterOf, zoneFor } from "../window.js";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, args, json } = invocation;
  const [nameA = "last-1", nameB = "last"] = args;
  if (flags.text("since") !== undefined || flags.text("until") !== undefined || flags.text("session") !== undefined) {
    throw new CliError(
      "bad_usage",
      "`compare` takes its windows and sessions as arguments",
      "compare last-1 last, or compare 2026-11-01..2026-11-08 2026-11-08..2026-11-15",
    );
  }
  const { policy } = policyFor(invocation, io.cwd);
  const zone = zoneFor(invocation, policy.settings.report.timezone);
  const report = await withLog(invocation, (scan) => {
    const [a, b] = [sideOf(invocation, scan, nameA, zone), sideOf(invocation, scan, nameB, zone)];
    const limit = flags.count("limit", 1);
    const meta = {
      generatedAt: io.now(),
      engineVersion: VERSION,
      zone,
      files: scan.files,
      filter: filterOf(invocation, zone),
    };
    return buildComparison(a, b, limit === undefined ? meta : { ...meta, limit });
  });
  const format = json ? "json" : (FORMATS.find((name) => name === flags.text("format")) ?? "term");
  io.stdout.write(renderAs(invocation, report, format, null));
  return EXIT.fine;
}

function sideOf(invocation: Invocation, scan: Scan, name: string, zone: Zone): Side {
  const { io } = invocation;
  const window = windowOf(name, { now: io.now(), zone });
  const session = window === null ? resolveSession(scan, name) : undefined;
  const chosen = session === undefined ? {} : { session };
  const records = readRecords(invocation, scan, { ...readWindow(window ?? {}), ...chosen }, { isLazy: true });
  const filter = { ...filterOf(invocation, zone), ...chosen };
  const cubes = foldRecords(records, { window: window ?? {}, zone, now: io.now(), filter });
  return { name: session === undefined || session === name ? name : `${name} (${session})`, cubes };
}

/** `A..B`, `A..`, `..B`; `null` when it is not a window. */
function windowOf(text: string, context: { readonly now: number; readonly zone: Zone }): Window | null {
  const split = text.indexOf("..");
  if (split < 0) return null;
  const when = (part: string): number | undefined => {
    if (part === "") return undefined;
    const parsed = parseWhen(part, context);
    if (parsed.kind === "instant") return parsed.timeMs;
    throw new CliError("bad_usage", `\`${text}\`: ${parsed.message}`, parsed.hint);
  };
  const since = when(text.slice(0, split));
  const until = when(text.slice(split + 2));
  if (since !== undefined && until !== undefined && since >= until) {
    throw new CliError("bad_usage", `\`${text}\` is an empty window`, "write the earlier moment first");
  }
  return { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
}
