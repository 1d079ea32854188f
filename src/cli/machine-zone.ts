/**
 * The zone of this machine, as JavaScript's own dates know it. Its name is looked up only when somebody wants to read it: Intl,
 * which always tells it, takes longer to load than most commands take.
 */
import { readlinkSync } from "node:fs";
import { UTC, type Zone, zoneOf } from "../analyze/zone.js";

const MINUTE = 60_000;
/** INVARIANT: since then every zone is whole minutes off UTC, which is all that dates tell. */
const WHOLE_MINUTES = Date.UTC(1973, 0, 1);
const UTC_NAME = /^(?:Etc\/)?(?:UTC|UCT|GMT|Zulu|Universal|Greenwich)$/i;
const LOCALTIME = "/etc/localtime";

/** A zone by name; `local` and the machine's own name are the machine's zone. `null` when there is none of that name. */
export function zoneNamed(name: string, TZ: string | undefined): Zone | null {
  const machine = machineZone(TZ);
  return name === "local" || name === machine.name ? machine : zoneOf(name);
}

/**
 * @param TZ of this very process, because its dates follow it
 * @param linkOf where a link points; throws when it is none
 */
export function machineZone(
  TZ: string | undefined,
  linkOf: (file: string) => string = (file) => readlinkSync(file),
): Zone {
  const said = TZ === undefined || TZ === "" ? linkedName(linkOf) : TZ;
  if (UTC_NAME.test(said)) return UTC;
  let told: string | null = null;
  const name = () => {
    told ??= said !== "" && hasOffset() ? said : toldByIntl();
    return told;
  };
  let named: Zone | null = null;
  return {
    get name() {
      return name();
    },
    offsetAt(timeMs) {
      if (timeMs >= WHOLE_MINUTES) return 0 - new Date(timeMs).getTimezoneOffset() * MINUTE;
      named ??= zoneOf(name()) ?? UTC;
      return named.offsetAt(timeMs);
    },
  };
}

/** A name that nobody knows leaves dates at UTC: one that moves them is known. */
function hasOffset(): boolean {
  return [0, 6].some((month) => new Date(2025, month, 1).getTimezoneOffset() !== 0);
}

/** `/usr/share/zoneinfo/Europe/Berlin` -> `Europe/Berlin`; "" where it is no such link. */
function linkedName(linkOf: (file: string) => string): string {
  try {
    return /\/zoneinfo\/(?!posix\/|right\/)([A-Za-z][\w+/-]*)$/.exec(linkOf(LOCALTIME))?.[1] ?? "";
  } catch {
    return "";
  }
}

/** A `TZ` that is no zone's name has none. */
function toldByIntl(): string {
  const { timeZone }: { readonly timeZone?: string } = Intl.DateTimeFormat().resolvedOptions();
  return timeZone ?? "UTC";
}
