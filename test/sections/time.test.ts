/** Days, weeks and hours of a zone with daylight saving, a clock that is wrong by ages, and the filters that lead to them. */
import { describe, expect, it } from "vitest";
import { foldRecords } from "../../src/analyze/cubes/fold.js";
import { parseWhen } from "../../src/analyze/dates.js";
import { buildReport } from "../../src/analyze/report/build.js";
import type { Report } from "../../src/analyze/report/report.schema.js";
import { daysBetween, weekOf } from "../../src/analyze/sections/days.js";
import { dayFilter, hourFilter, weekFilter } from "../../src/analyze/sections/decision-columns.js";
import { type Zone, zoneOf } from "../../src/analyze/zone.js";
import { decided, START } from "../cubes/log.js";
import { cellsIn, META, sectionIn } from "./made.js";

const HOUR = 3_600_000;

function zone(name: string): Zone {
  const found = zoneOf(name);
  if (found === null) throw new Error(`no zone ${name}`);
  return found;
}
const berlin = zone("Europe/Berlin");

/** A call each hour from `from` on, written in this order. */
function hourly(from: string, hours: number, where = berlin): Report {
  const start = Date.parse(from) - START;
  const written = Array.from({ length: hours }, (_, hour) => decided(start + hour * HOUR, `t${hour}`));
  const cubes = foldRecords(written.toReversed(), { window: {}, zone: where, now: START });
  return buildReport(cubes, { ...META, zone: where });
}

const byDay = (report: Report) => cellsIn(sectionIn(report, "scorecard"), "by_day", "day", "calls");

describe("days with daylight saving", () => {
  it("the day the clocks go back has 25 hours, the day they go forward 23", () => {
    expect(byDay(hourly("2026-10-24T22:00:00Z", 49))).toEqual([
      ["2026-10-26", 24],
      ["2026-10-25", 25],
    ]);
    expect(byDay(hourly("2026-03-28T23:00:00Z", 47))).toEqual([
      ["2026-03-30", 24],
      ["2026-03-29", 23],
    ]);
  });

  it("the report names every offset it used, and prints times with theirs", () => {
    const report = hourly("2026-10-24T22:00:00Z", 49);
    expect(report.zone).toEqual({ name: "Europe/Berlin", offsets: ["+02:00", "+01:00"] });
    expect([report.window.first, report.window.last]).toEqual([
      "2026-10-25T00:00:00.000+02:00",
      "2026-10-26T23:00:00.000+01:00",
    ]);
  });

  it.each([
    ["2026-10-25", 25],
    ["2026-03-29", 23],
    ["2026-07-01", 24],
  ])("the filter of %s spans its %i hours, in whatever zone it is read", (day, hours) => {
    const { since = "", until = "" } = dayFilter(day, berlin);
    expect((Date.parse(until) - Date.parse(since)) / HOUR).toBe(hours);
    const read = parseWhen(since, { now: START, zone: zone("Asia/Kolkata") });
    expect(read).toMatchObject({ kind: "instant", timeMs: Date.parse(since) });
  });

  it("hours and weeks have theirs", () => {
    expect(hourFilter("2026-07-01", "09", berlin)).toEqual({
      since: "2026-07-01T09:00:00+02:00",
      until: "2026-07-01T10:00:00+02:00",
    });
    // The hour that comes twice: both of it.
    const { since = "", until = "" } = hourFilter("2026-10-25", "02", berlin);
    expect(Date.parse(until) - Date.parse(since)).toBe(2 * HOUR);
    const week = weekFilter("2026-10-19", berlin);
    expect(week).toEqual({ since: "2026-10-19T00:00:00+02:00", until: "2026-10-26T00:00:00+01:00" });
    expect([dayFilter("(other)", berlin), hourFilter("", "", berlin)]).toEqual([{}, {}]);
  });
});

describe("weeks", () => {
  it.each([
    ["monday", "2026-11-22", "2026-11-16"],
    ["monday", "2026-11-23", "2026-11-23"],
    ["sunday", "2026-11-22", "2026-11-22"],
    ["sunday", "2026-11-21", "2026-11-15"],
    ["monday", "1969-12-31", "1969-12-29"],
  ] as const)("beginning on %s: %s is of the week of %s", (start, day, week) => {
    expect(weekOf(day, start)).toBe(week);
  });
});

describe("clocks", () => {
  it("zones off the hour cut days where they are", () => {
    expect(byDay(hourly("2026-11-16T18:15:00Z", 2, zone("Asia/Kathmandu")))).toEqual([["2026-11-17", 2]]);
    expect(byDay(hourly("2026-11-16T17:15:00Z", 2, zone("Asia/Kathmandu")))).toEqual([
      ["2026-11-17", 1],
      ["2026-11-16", 1],
    ]);
  });

  it("records out of order and from the future are counted, in their days and in quality", () => {
    const days = [0, 30, 10, 400].map((day, index) => decided(day * 24 * HOUR, `t${index}`));
    const cubes = foldRecords(days.toReversed(), { window: {}, zone: zone("UTC"), now: START + 31 * 24 * HOUR });
    const report = buildReport(cubes, META);
    expect(byDay(report).map(([day]) => day)).toEqual(["2027-12-21", "2026-12-16", "2026-11-26", "2026-11-16"]);
    const { figures } = sectionIn(report, "quality");
    expect([figures["future"]?.value, figures["out_of_order"]?.value]).toEqual([1, 1]);
  });

  it("one record of another age does not make a row for every day between", () => {
    expect(daysBetween(["2026-11-16", "9998-01-01", "2026-11-18"])).toEqual(["2026-11-16", "2026-11-18", "9998-01-01"]);
    expect(daysBetween(["2026-11-16", "2026-11-18"])).toHaveLength(3);
    const cubes = foldRecords([decided(0, "a"), decided(Date.parse("9998-01-01") - START, "b")].toReversed(), {
      window: {},
      zone: zone("UTC"),
      now: START,
    });
    const report = buildReport(cubes, META);
    expect(sectionIn(report, "trends").tables["by_day"]?.total_rows).toBe(2);
    expect(sectionIn(report, "scorecard").charts["days"]?.points.length).toBe(2);
  });
});
