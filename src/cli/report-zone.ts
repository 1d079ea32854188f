/** The zone of reports for commands that need nothing else of the policy. */
import type { Zone } from "../analyze/zone.js";
import type { Invocation } from "./command.js";
import { currentPolicy } from "./current-policy.js";
import { zoneFor } from "./window.js";

export async function reportZone(invocation: Invocation): Promise<Zone> {
  if (invocation.flags.text("tz") !== undefined) return zoneFor(invocation, "local");
  const { settings } = await currentPolicy(invocation, invocation.io.cwd);
  return zoneFor(invocation, settings.report.timezone);
}
