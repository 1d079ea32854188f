/** The shared filters of data commands (--since, --tool, …) as the analyzer takes them, in one time zone. */
import { parseWhen } from "../analyze/dates.js";
import type { RecordFilter } from "../analyze/scan/scan.js";
import type { Zone } from "../analyze/zone.js";
import { DECISIONS, isDecision, isTier, TIERS } from "../core/decision.js";
import type { Invocation } from "./command.js";
import { CliError } from "./exit.js";
import { zoneNamed } from "./machine-zone.js";

/** The zone of `--tz`, else of `[settings.report] timezone`, else of this machine. */
export function zoneFor({ flags, io }: Pick<Invocation, "flags" | "io">, configured: string): Zone {
  const name = flags.text("tz") ?? (configured === "" ? "local" : configured);
  const zone = zoneNamed(name, io.env["TZ"]);
  if (zone === null) {
    throw new CliError(
      "bad_usage",
      `\`${name}\` is not a time zone`,
      "use a name like `Europe/Berlin`, `UTC` or `+02:00`",
    );
  }
  return zone;
}

/** Everything but --session, whose `last` needs the log. */
export function filterOf({ flags, io }: Pick<Invocation, "flags" | "io">, zone: Zone): RecordFilter {
  const when = (name: "since" | "until"): number | undefined => {
    const text = flags.text(name);
    if (text === undefined) return undefined;
    const parsed = parseWhen(text, { now: io.now(), zone });
    if (parsed.kind === "instant") return parsed.timeMs;
    throw new CliError("bad_usage", `--${name}: ${parsed.message}`, parsed.hint);
  };
  const since = when("since");
  const until = when("until");
  if (since !== undefined && until !== undefined && since >= until) {
    throw new CliError("bad_usage", "--since is not before --until");
  }
  const decision = flags.text("decision");
  if (decision !== undefined && !isDecision(decision)) {
    throw new CliError("bad_usage", `\`${decision}\` is not a decision`, `one of ${DECISIONS.join(", ")}`);
  }
  const tier = flags.text("tier");
  if (tier !== undefined && !isTier(tier)) {
    throw new CliError("bad_usage", `\`${tier}\` is not a tier`, `one of ${TIERS.join(", ")}`);
  }
  const entries = {
    since,
    until,
    decision,
    tool: flags.text("tool"),
    tier,
    rule: flags.text("rule"),
    project: flags.text("project"),
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}
