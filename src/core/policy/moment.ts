/** Dates and durations as policy files write them. Without a zone a date is UTC, so that it means the same everywhere. */

const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Milliseconds since the epoch, `undefined` when it is no date. */
export function parseMoment(value: string | Date): number | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime();
  const match = ISO.exec(value);
  if (match === null || Number.isNaN(Date.parse(value.slice(0, 10)))) return undefined;
  // JavaScript reads 31 February as 3 March.
  if (!new Date(`${value.slice(0, 10)}T00:00:00Z`).toISOString().startsWith(value.slice(0, 10))) return undefined;
  const isLocal = value.length > 10 && match[1] === undefined;
  const time = Date.parse(`${value.replace(" ", "T")}${isLocal ? "Z" : ""}`);
  return Number.isNaN(time) ? undefined : time;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `90s` `30m` `24h` `7d` `2w` -> milliseconds, `undefined` when it is none of these. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})([smhdw])$/.exec(text);
  const unit = UNITS[match?.[2] ?? ""];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}
