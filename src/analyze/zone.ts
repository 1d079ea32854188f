/**
 * One time zone as integer arithmetic: how many milliseconds local time is ahead of UTC at an instant, which local day an
 * instant belongs to, and back. Intl knows the rules; nothing here parses phrases or reads the clock.
 */

const MINUTE = 60_000;
const DAY = 86_400_000;
/** INVARIANT: no zone has changed its offset anywhere but at a multiple of 15 minutes of UTC since 1972. */
const SLOT = 15 * MINUTE;

export interface Zone {
  /** IANA name, `UTC`, or a fixed `+02:00`. */
  readonly name: string;
  /** Milliseconds to add to UTC to get local time at this instant. */
  offsetAt(timeMs: number): number;
}

export const UTC: Zone = { name: "UTC", offsetAt: () => 0 };

/** A zone by name, `null` when there is none of that name. */
export function zoneOf(name: string): Zone | null {
  if (/^(utc|gmt|z)$/i.test(name)) return UTC;
  const fixed = /^([+-])(\d{2}):?(\d{2})$/.exec(name);
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3]);
    if (minutes > 14 * 60 || Number(fixed[3]) > 59) return null;
    const offset = (fixed[1] === "-" ? -minutes : minutes) * MINUTE;
    return { name: offsetName(offset), offsetAt: () => offset };
  }
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  } catch {
    return null;
  }
  // A log is read in order of time, so one remembered quarter of an hour answers nearly every question.
  let slot = Number.NaN;
  let offset = 0;
  return {
    name,
    offsetAt(timeMs) {
      const wanted = Math.floor(timeMs / SLOT);
      if (wanted !== slot) {
        offset = readOffset(format, wanted * SLOT);
        slot = wanted;
      }
      return offset;
    },
  };
}

/** Local calendar day as a count of days since 1970-01-01. */
export function dayNumber(timeMs: number, zone: Zone): number {
  return Math.floor((timeMs + zone.offsetAt(timeMs)) / DAY);
}

/** `2026-11-21` of a day number. */
export function dayName(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** The instant at which a local wall clock shows this time; in a gap the instant after it, in an overlap the first one. */
export function instantOf(wallMs: number, zone: Zone): number {
  const before = zone.offsetAt(wallMs - DAY);
  const after = zone.offsetAt(wallMs + DAY);
  const candidates = [wallMs - before, wallMs - after].filter((ms) => ms + zone.offsetAt(ms) === wallMs);
  return candidates.length > 0 ? Math.min(...candidates) : wallMs - Math.min(before, after);
}

/** `2026-11-21T09:42:11.123+01:00`: the same instant as told in that zone, RFC 3339. */
export function localTimestamp(timeMs: number, zone: Zone): string {
  const offset = zone.offsetAt(timeMs);
  const wall = new Date(timeMs + offset).toISOString().slice(0, -1);
  return offset === 0 ? `${wall}Z` : `${wall}${offsetName(offset)}`;
}

/** `+05:30`. */
export function offsetName(offsetMs: number): string {
  const minutes = Math.abs(Math.round(offsetMs / MINUTE));
  const two = (value: number) => String(value).padStart(2, "0");
  return `${offsetMs < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function readOffset(format: Intl.DateTimeFormat, timeMs: number): number {
  const name = format.formatToParts(timeMs).find((part) => part.type === "timeZoneName")?.value ?? "";
  const match = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(name);
  if (match?.[1] === undefined) return 0;
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
  return (match[1] === "-" ? -seconds : seconds) * 1000;
}
