import { describe, expect, it } from "vitest";
import { parseWhen } from "../../src/analyze/dates.js";
import { dayName, dayNumber, instantOf, localTimestamp, UTC, type Zone, zoneOf } from "../../src/analyze/zone.js";

/** Saturday, 21 November 2026, 08:42:11 UTC. */
const now = Date.parse("2026-11-21T08:42:11.000Z");

function zone(name: string): Zone {
  const found = zoneOf(name);
  if (found === null) throw new Error(`no zone ${name}`);
  return found;
}

function when(text: string, zoneName = "UTC", at = now): string {
  const found = parseWhen(text, { now: at, zone: zone(zoneName) });
  return found.kind === "instant" ? new Date(found.timeMs).toISOString() : found.message;
}

describe("parseWhen", () => {
  it.each([
    ["30m", "UTC", "2026-11-21T08:12:11.000Z"],
    ["24h", "UTC", "2026-11-20T08:42:11.000Z"],
    ["7d", "UTC", "2026-11-14T08:42:11.000Z"],
    ["2w", "UTC", "2026-11-07T08:42:11.000Z"],
    ["90 m ago", "UTC", "2026-11-21T07:12:11.000Z"],
    ["now", "UTC", "2026-11-21T08:42:11.000Z"],
    ["today", "UTC", "2026-11-21T00:00:00.000Z"],
    ["today", "Europe/Berlin", "2026-11-20T23:00:00.000Z"],
    ["Yesterday", "America/Los_Angeles", "2026-11-20T08:00:00.000Z"],
    ["today", "America/Los_Angeles", "2026-11-21T08:00:00.000Z"],
    ["monday", "UTC", "2026-11-16T00:00:00.000Z"],
    ["sat", "UTC", "2026-11-21T00:00:00.000Z"],
    ["sunday", "UTC", "2026-11-15T00:00:00.000Z"],
    ["2026-11-01", "UTC", "2026-11-01T00:00:00.000Z"],
    ["2026-11-01", "America/New_York", "2026-11-01T04:00:00.000Z"],
    ["2026-11-02", "America/New_York", "2026-11-02T05:00:00.000Z"],
    ["2026-11-01T08:00", "Asia/Kolkata", "2026-11-01T02:30:00.000Z"],
    ["2026-11-01 08:00:30.5Z", "Asia/Kolkata", "2026-11-01T08:00:30.500Z"],
    ["2026-11-01T08:00+02:00", "Asia/Kolkata", "2026-11-01T06:00:00.000Z"],
    ["3 days ago", "UTC", "2026-11-18T00:00:00.000Z"],
    ["2 hours ago", "America/New_York", "2026-11-21T06:42:11.000Z"],
    ["yesterday at 5pm", "America/New_York", "2026-11-20T22:00:00.000Z"],
    ["november 3", "Europe/Berlin", "2026-11-02T23:00:00.000Z"],
  ])("%s in %s", (text, zoneName, expected) => expect(when(text, zoneName)).toBe(expected));

  it.each([
    "",
    "garbage",
    "7",
    "7 monday foo",
    "2026-02-31",
    "2026-13-01",
    "01/02/2026",
    "2026-11-01T25:00",
    "next",
    "999999w",
    "monday to friday",
    "24hours!",
  ])("refuses %j", (text) => expect(when(text)).toMatch(/is not a time|is out of range/));

  it("starts the day the clocks change at its own midnight", () => {
    expect(when("today", "America/New_York", Date.parse("2026-11-01T20:00:00Z"))).toBe("2026-11-01T04:00:00.000Z");
    expect(when("monday", "Europe/Berlin", Date.parse("2026-03-29T12:00:00Z"))).toBe("2026-03-22T23:00:00.000Z");
    expect(when("today", "Europe/Berlin", Date.parse("2026-03-29T12:00:00Z"))).toBe("2026-03-28T23:00:00.000Z");
  });
});

describe("zone", () => {
  it.each([
    ["Europe/Berlin", "2026-07-01T00:00:00Z", 120],
    ["Europe/Berlin", "2026-12-01T00:00:00Z", 60],
    ["Asia/Kathmandu", "2026-07-01T00:00:00Z", 345],
    ["America/St_Johns", "2026-01-01T00:00:00Z", -210],
    ["+05:30", "2026-01-01T00:00:00Z", 330],
    ["-0800", "2026-01-01T00:00:00Z", -480],
    ["utc", "2026-01-01T00:00:00Z", 0],
  ])("%s at %s is %i minutes ahead", (name, at, minutes) =>
    expect(zone(name).offsetAt(Date.parse(at))).toBe(minutes * 60_000),
  );

  it.each(["Europe/Nowhere", "", "+25:00", "+02:75"])("knows no zone %j", (name) => expect(zoneOf(name)).toBeNull());

  it("changes offset at the very millisecond", () => {
    const berlin = zone("Europe/Berlin");
    const change = Date.parse("2026-03-29T01:00:00.000Z");
    expect([change - 1, change].map((ms) => berlin.offsetAt(ms) / 3_600_000)).toEqual([1, 2]);
  });

  it("answers as Intl does, in any order of questions", () => {
    const sydney = zone("Australia/Sydney");
    const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: "Australia/Sydney", dateStyle: "short" });
    for (let step = 0; step < 2000; step++) {
      const at = Date.UTC(2026, 0, 1) + ((step * 7_919) % 1_000) * 31_536_000;
      expect(dayName(dayNumber(at, sydney))).toBe(clock.format(at));
    }
  });

  it("maps a wall clock to an instant in gaps and overlaps", () => {
    const newYork = zone("America/New_York");
    const wall = (text: string) => new Date(instantOf(Date.parse(`${text}Z`), newYork)).toISOString();
    expect(wall("2026-03-08T02:30:00")).toBe("2026-03-08T07:30:00.000Z"); // 02:30 was skipped
    expect(wall("2026-11-01T01:30:00")).toBe("2026-11-01T05:30:00.000Z"); // 01:30 came twice: the first
    expect(wall("2026-07-01T12:00:00")).toBe("2026-07-01T16:00:00.000Z");
  });

  it("writes local time with its offset", () => {
    expect(localTimestamp(now, zone("Asia/Kolkata"))).toBe("2026-11-21T14:12:11.000+05:30");
    expect(localTimestamp(now, UTC)).toBe("2026-11-21T08:42:11.000Z");
  });
});
