/** Local days and weeks as points in time: every day between the first and the last one, the empty ones too. */
import { count } from "../cubes/fold.js";
import type { CubeRow } from "../cubes/table.js";
import { dayName } from "../zone.js";

const DAY = 86_400_000;

/** Days filled in between are for reading and drawing; a clock that was wrong by decades must not make thousands of them. */
const FILLED = 4_000;

/** Days from the first to the last, both included; texts that are no day (folded keys) are left out. */
export function daysBetween(days: readonly string[]): string[] {
  const numbers = days.map((day) => Date.parse(`${day}T00:00:00Z`) / DAY).filter((day) => !Number.isNaN(day));
  if (numbers.length === 0) return [];
  const first = numbers.reduce((least, day) => Math.min(least, day));
  const last = numbers.reduce((most, day) => Math.max(most, day));
  if (last - first >= FILLED) return [...new Set(numbers)].toSorted((a, b) => a - b).map(dayName);
  return Array.from({ length: last - first + 1 }, (_, index) => dayName(first + index));
}

/** The day its week begins with. */
export function weekOf(day: string, weekStart: "monday" | "sunday"): string {
  const number = Date.parse(`${day}T00:00:00Z`) / DAY;
  const fromSunday = (((number + 4) % 7) + 7) % 7; // 1970-01-01 was a Thursday
  const back = weekStart === "sunday" ? fromSunday : (fromSunday + 6) % 7;
  return dayName(number - back);
}

/** Day -> calls. */
export function callsByDay(rows: readonly CubeRow[]): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  for (const row of rows) {
    const day = row.keys.day ?? "";
    calls.set(day, (calls.get(day) ?? 0) + count(row, "calls"));
  }
  return calls;
}
