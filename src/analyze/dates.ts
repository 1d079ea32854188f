/**
 * What people type for a moment (`24h`, `7d`, `2026-11-01`, `yesterday`, `monday`, `last friday at 5pm`) -> an instant, in
 * one zone. It reads no clock: "now" is an argument. A phrase that is only partly understood is refused, never guessed.
 */
import { createRequire } from "node:module";
import type * as Chrono from "chrono-node";
import { dayNumber, instantOf, type Zone } from "./zone.js";

const DAY = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: DAY,
  w: 7 * DAY,
};
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(10_000, 0, 1) - 1;

export interface DateContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly zone: Zone;
}

export type When =
  | { readonly kind: "instant"; readonly timeMs: number }
  | { readonly kind: "problem"; readonly message: string; readonly hint: string };

const HINT = "use `24h`, `7d`, `2w`, `2026-11-01`, `2026-11-01T08:00`, `today`, `yesterday` or `monday`";

/**
 * Durations count back from now; a date, `today`, `yesterday` and a weekday (the last one, today included) mean the start
 * of that local day.
 */
export function parseWhen(text: string, context: DateContext): When {
  const phrase = text.trim().toLowerCase();
  const found = duration(phrase, context) ?? namedDay(phrase, context) ?? isoTime(text.trim(), context.zone);
  const timeMs = found ?? spoken(phrase, context);
  if (timeMs === null) return { kind: "problem", message: `\`${text}\` is not a time`, hint: HINT };
  if (!(timeMs >= EARLIEST && timeMs <= LATEST)) {
    return { kind: "problem", message: `\`${text}\` is out of range`, hint: HINT };
  }
  return { kind: "instant", timeMs };
}

/** Start of the local day `back` days before today. */
function startOfDay(context: DateContext, back = 0): number {
  return instantOf((dayNumber(context.now, context.zone) - back) * DAY, context.zone);
}

function duration(phrase: string, { now }: DateContext): number | null {
  const match = /^(\d{1,6})\s*([smhdw])(?:\s+ago)?$/.exec(phrase);
  const unit = match === null ? undefined : UNIT_MS[match[2] ?? ""];
  return match === null || unit === undefined ? null : now - Number(match[1]) * unit;
}

function namedDay(phrase: string, context: DateContext): number | null {
  if (phrase === "now") return context.now;
  if (phrase === "today") return startOfDay(context);
  if (phrase === "yesterday") return startOfDay(context, 1);
  const weekday = WEEKDAYS.findIndex((name) => phrase === name || phrase === name.slice(0, 3));
  if (weekday < 0) return null;
  const today = (dayNumber(context.now, context.zone) + 4) % 7; // 1970-01-01 was a Thursday
  return startOfDay(context, (today - weekday + 7) % 7);
}

/** `2026-11-01`, with an optional time and an optional offset; without an offset it is local. */
function isoTime(text: string, zone: Zone): number | null {
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text);
  if (match === null) return null;
  const [, date, clock = "00:00", seconds = "00", fraction = "0", offset] = match;
  const wall = Date.parse(`${date}T${clock}:${seconds}.${fraction.padEnd(3, "0").slice(0, 3)}Z`);
  // Date.parse rolls 2026-02-31 over to March; a date that does not exist is not a time.
  if (Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 10) !== date) return null;
  if (offset === undefined) return instantOf(wall, zone);
  if (/z/i.test(offset)) return wall;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return wall - (offset.startsWith("-") ? -minutes : minutes) * 60_000;
}

function spoken(phrase: string, { now, zone }: DateContext): number | null {
  // Figures alone are either ISO or ambiguous (is 01/02 in January?).
  if (!/[a-z]{3}/.test(phrase)) return null;
  // Only a spoken phrase needs the library, and loading it costs more than most commands.
  const chrono: typeof Chrono = createRequire(import.meta.url)("#packages/chrono-node");
  const reference = { instant: new Date(now), timezone: zone.offsetAt(now) / 60_000 };
  const [result, ...more] = chrono.casual.parse(phrase, reference);
  if (result === undefined || more.length > 0 || result.end || result.text.length !== phrase.length) return null;
  const { start } = result;
  if (start.isCertain("timezoneOffset")) return start.date().getTime();
  const part = (name: "year" | "month" | "day" | "hour" | "minute" | "second") => start.get(name) ?? 0;
  const clock = start.isCertain("hour") ? [part("hour"), part("minute"), part("second")] : [0, 0, 0];
  const [hour = 0, minute = 0, second = 0] = clock;
  return instantOf(Date.UTC(part("year"), part("month") - 1, part("day"), hour, minute, second), zone);
}
