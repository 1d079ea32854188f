/** Moments as text: RFC 3339 in, canonical UTC with milliseconds out. It refuses dates that do not exist and times without a zone. */

const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365] as const;
const DAY_MS = 86_400_000;

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/**
 * Milliseconds since the epoch of a UTC date and time, `null` when a part is out of range. Month and day count from 1;
 * second 60 (leap second) counts as the next minute's first.
 */
export function epochMs(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
): number | null {
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return null;
  const leap = isLeap(year);
  const before = (DAYS_BEFORE[month - 1] ?? 0) + (leap && month > 2 ? 1 : 0);
  const after = (DAYS_BEFORE[month] ?? 0) + (leap && month >= 2 ? 1 : 0);
  if (before + day > after) return null;
  const past = year - 1;
  const leaps = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400);
  // 719,162 days lie between 0001-01-01 and 1970-01-01.
  const days = past * 365 + leaps - 719_162 + before + day - 1;
  return days * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms;
}

const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const ZERO = 0x30;

/** Of text spelled exactly as we write it, else `null`: nearly every line of a log has one. */
export function parseCanonicalTimestamp(text: string): number | null {
  if (text.length !== 24 || !CANONICAL.test(text)) return null;
  const year = two(text, 0) * 100 + two(text, 2);
  const ms = two(text, 20) * 10 + text.charCodeAt(22) - ZERO;
  return epochMs(year, two(text, 5), two(text, 8), two(text, 11), two(text, 14), two(text, 17), ms);
}

/** The number that two digits make. */
function two(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Milliseconds since the epoch; digits below a millisecond are cut. `null` when it is no RFC 3339 moment. */
export function parseTimestamp(text: string): number | null {
  const found = RFC3339.exec(text);
  if (found === null) return null;
  const part = (index: number) => Number(found[index]);
  const fraction = found[7] === undefined ? 0 : Number(found[7].padEnd(3, "0").slice(0, 3));
  const utc = epochMs(part(1), part(2), part(3), part(4), part(5), part(6), fraction);
  if (utc === null || found[8] === undefined) return utc;
  if (part(9) > 23 || part(10) > 59) return null;
  const offset = (part(9) * 60 + part(10)) * 60_000;
  return found[8] === "+" ? utc - offset : utc + offset;
}

/** `2026-11-21T08:42:11.123Z`, the one spelling we write. By arithmetic: a `Date` makes a cold process read time zones. */
export function formatTimestamp(ms: number): string {
  if (!(ms >= 0 && ms < YEAR_10000)) return new Date(ms).toISOString();
  const days = Math.floor(ms / DAY_MS);
  const { year, month, day } = dateOf(days);
  const rest = Math.floor(ms) - days * DAY_MS;
  const [hour, minute] = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60];
  const date = `${year}-${padded(month, 2)}-${padded(day, 2)}`;
  const time = `${padded(hour, 2)}:${padded(minute, 2)}:${padded(Math.floor(rest / 1000) % 60, 2)}`;
  return `${date}T${time}.${padded(rest % 1000, 3)}Z`;
}

const YEAR_10000 = 253_402_300_800_000;

/** Date of a day counted from 1970-01-01. Years begin in March here, so that the leap day is a year's last. */
function dateOf(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const sinceMarch0 = days + 719_468;
  const era = Math.floor(sinceMarch0 / 146_097);
  const inEra = sinceMarch0 - era * 146_097;
  const yearOfEra = Math.floor(
    (inEra - Math.floor(inEra / 1460) + Math.floor(inEra / 36_524) - Math.floor(inEra / 146_096)) / 365,
  );
  const inYear = inEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * inYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: inYear - Math.floor((153 * fromMarch + 2) / 5) + 1 };
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}
