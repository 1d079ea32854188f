/** Local days and hours of calls, also where clocks are put forward, back, by half an hour, or past a whole day. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hourNames } from "../../src/analyze/cubes/hour-names.js";
import { zoneOf } from "../../src/analyze/zone.js";

function namesIn(zone: string) {
  return hourNames(zoneOf(zone) ?? expect.fail(`no zone ${zone}`));
}

describe("the hour a call was made in", () => {
  it.each<[string, string, readonly [utc: string, day: string, hour: string][]]>([
    [
      "an hour that does not exist",
      "Europe/Berlin",
      [
        ["2026-03-29T00:59:59.999Z", "2026-03-29", "01"],
        ["2026-03-29T01:00:00.000Z", "2026-03-29", "03"],
      ],
    ],
    [
      "an hour that comes twice",
      "Europe/Berlin",
      [
        ["2026-10-25T00:30:00.000Z", "2026-10-25", "02"],
        ["2026-10-25T01:30:00.000Z", "2026-10-25", "02"],
        ["2026-10-25T02:00:00.000Z", "2026-10-25", "03"],
      ],
    ],
    [
      "a day of 25 hours ends where it ends",
      "America/New_York",
      [
        ["2026-11-01T03:59:59.999Z", "2026-10-31", "23"],
        ["2026-11-01T04:00:00.000Z", "2026-11-01", "00"],
        ["2026-11-02T04:59:59.999Z", "2026-11-01", "23"],
        ["2026-11-02T05:00:00.000Z", "2026-11-02", "00"],
      ],
    ],
    [
      "clocks put back by half an hour",
      "Australia/Lord_Howe",
      [
        ["2026-04-04T14:45:00.000Z", "2026-04-05", "01"],
        ["2026-04-04T15:15:00.000Z", "2026-04-05", "01"],
        ["2026-04-04T15:30:00.000Z", "2026-04-05", "02"],
      ],
    ],
    [
      "a midnight that does not exist",
      "Africa/Cairo",
      [
        ["2026-04-23T21:59:59.999Z", "2026-04-23", "23"],
        ["2026-04-23T22:00:00.000Z", "2026-04-24", "01"],
      ],
    ],
    [
      "a day that was left out",
      "Pacific/Apia",
      [
        ["2011-12-30T09:59:59.999Z", "2011-12-29", "23"],
        ["2011-12-30T10:00:00.000Z", "2011-12-31", "00"],
      ],
    ],
  ])("%s", (_, zone, rows) => {
    // As a log is read, newest first, and the other way round: what was asked before must not show.
    for (const inOrder of [rows, rows.toReversed()]) {
      const nameOf = namesIn(zone);
      for (const [utc, day, hour] of inOrder) expect([utc, nameOf(Date.parse(utc))]).toEqual([utc, { day, hour }]);
    }
  });

  it.each(["Europe/Dublin", "America/St_Johns", "Asia/Kathmandu", "Africa/Casablanca", "Pacific/Chatham"])(
    "is what the system says, at any moment in %s",
    (zone) => {
      const format = new Intl.DateTimeFormat("en-CA", {
        timeZone: zone,
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        hourCycle: "h23",
      });
      const nameOf = namesIn(zone);
      const moments = fc.date({ min: new Date("1990-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
      fc.assert(
        fc.property(moments, (moment) => {
          const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
          const { year, month, day, hour } = parts;
          expect(nameOf(moment.getTime())).toEqual({ day: `${year}-${month}-${day}`, hour });
        }),
        { numRuns: 300 },
      );
    },
  );
});
