/** Calendar periods of one zone: the day, week or month that holds an instant, and the one before it. Reads no clock. */
import { dayName, dayNumber, instantOf, type Zone } from "../zone.js";

const DAY = 86_400_000;

export const PERIODS = ["day", "week", "month"] as const;
export type PeriodKind = (typeof PERIODS)[number];

export interface Period {
  readonly kind: PeriodKind;
  /** Local day it begins with. */
  readonly name: string;
  /** Milliseconds since the epoch, half-open. */
  readonly window: { readonly since: number; readonly until: number };
}

/** @param back 0: the period in progress; 1: the last complete one. */
export function periodOf(kind: PeriodKind, now: number, zone: Zone, weekStart: "monday" | "sunday", back = 0): Period {
  const today = dayNumber(now, zone);
  const [first, next] = bounds(kind, today, weekStart, back);
  return {
    kind,
    name: dayName(first),
    window: { since: instantOf(first * DAY, zone), until: instantOf(next * DAY, zone) },
  };
}

/** First day, and first day after it, as day numbers. */
function bounds(kind: PeriodKind, today: number, weekStart: "monday" | "sunday", back: number): [number, number] {
  switch (kind) {
    case "day":
      return [today - back, today - back + 1];
    case "week": {
      const fromSunday = (today + 4) % 7; // 1970-01-01 was a Thursday
      const first = today - (weekStart === "sunday" ? fromSunday : (fromSunday + 6) % 7) - 7 * back;
      return [first, first + 7];
    }
    case "month": {
      const date = new Date(today * DAY);
      const start = (ahead: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - back + ahead, 1) / DAY;
      return [start(0), start(1)];
    }
    default:
      return kind satisfies never;
  }
}
