/** `compare A B`: two sessions (`last`, `last-1`, ids) or two windows (`2026-11-01..2026-11-08`) side by side (US-15). */
import { buildComparison, type Side } from "../../analyze/compare/comparison.js";
import { readWindow } from "../../analyze/cubes/fold.js";
import { parseWhen } from "../../analyze/dates.js";
import type { Window } from "../../analyze/scan/scan.js";
import type { Zone } from "../../analyze/zone.js";
import type { Invocation } from "../command.js";
import { currentPolicy } from "../current-policy.js";
import { deliver, deliveryOf } from "../deliver.js";
import { CliError, type ExitCode } from "../exit.js";
import { type Reading, withReading } from "../reading.js";
import { VERSION } from "../version.js";
import { filterOf, zoneFor } from "../window.js";

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, args } = invocation;
  const [nameA = "last-1", nameB = "last"] = args;
  if (flags.text("since") !== undefined || flags.text("until") !== undefined || flags.text("session") !== undefined) {
    throw new CliError(
      "bad_usage",
      "`compare` takes its windows and sessions as arguments",
      "compare last-1 last, or compare 2026-11-01..2026-11-08 2026-11-08..2026-11-15",
    );
  }
  const delivery = deliveryOf(invocation);
  const policy = await currentPolicy(invocation, io.cwd);
  const zone = zoneFor(invocation, policy.settings.report.timezone);
  const report = await withReading(invocation, async (reading) => {
    const a = await sideOf(invocation, reading, nameA, zone);
    const b = await sideOf(invocation, reading, nameB, zone);
    const limit = flags.count("limit", 1);
    const meta = {
      generatedAt: io.now(),
      engineVersion: VERSION,
      zone,
      files: reading.files,
      filter: filterOf(invocation, zone),
    };
    return buildComparison(a, b, limit === undefined ? meta : { ...meta, limit });
  });
  return deliver(invocation, report, delivery, "compare");
}

async function sideOf(invocation: Invocation, reading: Reading, name: string, zone: Zone): Promise<Side> {
  const { io } = invocation;
  const window = windowOf(name, { now: io.now(), zone });
  const session = window === null ? await reading.session(name) : undefined;
  const chosen = session === undefined ? {} : { session };
  const filter = { ...filterOf(invocation, zone), ...chosen };
  const read = { ...readWindow(window ?? {}), ...chosen };
  const cubes = await reading.count({ window: window ?? {}, zone, now: io.now(), filter, read });
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
