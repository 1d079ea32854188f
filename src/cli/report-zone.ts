/**
 * The zone of reports for commands that must be quick: `[settings.report] timezone` is looked for only where a policy file
 * speaks of one, because reading a policy loads the engine.
 */
import { readFileSync } from "node:fs";
import type { Zone } from "../analyze/zone.js";
import type { Invocation } from "./command.js";
import { locationsOf } from "./where.js";
import { zoneFor } from "./window.js";

export async function reportZone(invocation: Invocation): Promise<Zone> {
  const { managedConfig, config, configOverride } = locationsOf(invocation);
  const isNamed = invocation.flags.text("tz") !== undefined;
  if (isNamed || ![managedConfig, configOverride ?? config].some(mayTellZone)) return zoneFor(invocation, "local");
  const { cachedPolicyFor } = await import("./judge.js");
  return zoneFor(invocation, cachedPolicyFor(invocation, invocation.io.cwd).settings.report.timezone);
}

/** INVARIANT: a file that sets a zone says so, in itself or in what it includes. */
function mayTellZone(file: string): boolean {
  try {
    return /timezone|include/.test(readFileSync(file, "utf8"));
  } catch {
    return false;
  }
}
