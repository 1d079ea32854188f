/** The names of local days and hours, made once an hour and not once a record. */
import { dayName, type Zone } from "../zone.js";
import type { LocalHour } from "./facts.js";

const HOUR = 3_600_000;

export function hourNames(zone: Zone): (timeMs: number) => LocalHour {
  let lastHour = Number.NaN;
  let name: LocalHour = { day: "", hour: "" };
  return (timeMs) => {
    const wallMs = timeMs + zone.offsetAt(timeMs);
    const hour = Math.floor(wallMs / HOUR);
    if (hour !== lastHour) {
      const ofDay = ((hour % 24) + 24) % 24;
      name = { day: dayName(Math.floor(hour / 24)), hour: String(ofDay).padStart(2, "0") };
      lastHour = hour;
    }
    return name;
  };
}
