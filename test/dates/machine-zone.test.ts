import { afterEach, describe, expect, it } from "vitest";
import { dayNumber, instantOf, localTimestamp, zoneOf } from "../../src/analyze/zone.js";
import { machineZone, zoneNamed } from "../../src/cli/machine-zone.js";
import { freshWorld } from "../cli/run-cli.js";

const ZONES = [
  "Europe/Berlin",
  "Europe/London",
  "Europe/Dublin", // its summer is the standard
  "America/New_York",
  "America/St_Johns",
  "America/Sao_Paulo", // no change since 2019
  "America/Santiago",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Asia/Gaza",
  "Africa/Casablanca", // two changes a year that follow the moon
  "Africa/Abidjan", // never anything but UTC
  "Africa/Monrovia", // off by seconds until January 1972
  "Australia/Lord_Howe", // half an hour of summer
  "Pacific/Apia", // one day was left out
  "Pacific/Chatham",
  "UTC",
  "Etc/GMT+5",
];
const HOUR = 3_600_000;

function noLink(): string {
  throw new Error("EINVAL");
}

/** This process's dates follow its `TZ` at once. */
function moveTo(zone: string): void {
  process.env["TZ"] = zone;
}

describe("machineZone", () => {
  afterEach(() => moveTo("UTC"));

  it.each(ZONES)("%s: every day begins when it does in the zone of that name", (name) => {
    moveTo(name);
    const named = zoneOf(name);
    if (named === null) throw new Error(`no zone ${name}`);
    for (const machine of [machineZone(name, noLink), machineZone("", () => `/usr/share/zoneinfo/${name}`)]) {
      expect(machine.name).toBe(named.name);
      // 1009 hours are no part of a year or a week: every hour of the day is met in all seasons, before and behind changes.
      for (let at = Date.UTC(1971, 0, 1); at < Date.UTC(2037, 0, 1); at += 1009 * HOUR + 7 * 60_000) {
        expect(dayNumber(at, machine)).toBe(dayNumber(at, named));
        expect(machine.offsetAt(at)).toBe(named.offsetAt(at));
      }
      for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2026, 11, 1); day += 24 * HOUR) {
        expect(localTimestamp(instantOf(day, machine), machine)).toBe(localTimestamp(instantOf(day, named), named));
      }
    }
  });

  it("finds the millisecond at which the clocks change", () => {
    moveTo("Europe/Berlin");
    const berlin = machineZone("Europe/Berlin", noLink);
    const change = Date.parse("2026-03-29T01:00:00.000Z");
    expect([change - 1, change].map((ms) => berlin.offsetAt(ms) / HOUR)).toEqual([1, 2]);
  });

  it.each([
    ["Foo/Bar", "UTC"],
    [":/etc/localtime", "UTC"],
    ["GMT", "UTC"],
    ["", "UTC"],
  ])("TZ=%j, which names no zone off UTC, is %s", (TZ, name) => {
    const machine = machineZone(TZ, noLink);
    expect(machine.name).toBe(name);
    expect(machine.offsetAt(Date.UTC(2026, 6, 1))).toBe(0);
  });

  it.each(["/usr/share/zoneinfo/Mars/Olympus", "/usr/share/zoneinfo/posix/Europe/Berlin", "localtime.bak"])(
    "does not believe a link to %s",
    (link) => expect(machineZone(undefined, () => link).name).toBe("UTC"),
  );
});

describe("zoneNamed", () => {
  afterEach(() => moveTo("UTC"));

  it("is the machine's by its own name, and any other by name", () => {
    moveTo("Asia/Tokyo");
    const summer = Date.UTC(2026, 6, 1);
    const hours = (name: string) => zoneNamed(name, "Asia/Tokyo")?.offsetAt(summer);
    expect(["local", "Asia/Tokyo", "Europe/Berlin", "UTC", "+02:00", "Mars/Olympus"].map(hours)).toEqual([
      9 * HOUR,
      9 * HOUR,
      2 * HOUR,
      0,
      2 * HOUR,
      undefined,
    ]);
  });
});

describe("the zone of a command", () => {
  const RECORD = { event: "PreToolUse", session_id: "s", tier: "allow", decision: "allow", tool_name: "Read" };
  const LOG = ["2026-03-08T09:59:59.999Z", "2026-11-01T09:00:00.000Z", "1971-06-01T00:00:00.000Z"]
    .map((timestamp, n) => JSON.stringify({ v: 1, id: `${n}`, timestamp, ...RECORD, tool_use_id: `${n}` }))
    .join("\n");
  const DAYS = ["analyze", "--section", "trends", "--format", "json", "--audit", "-"];

  it.each(["America/Los_Angeles", "Asia/Kathmandu"])("TZ=%s is --tz of the same name", (name) => {
    const { run } = freshWorld("");
    const daysOf = (more: string[], TZ: string): unknown => {
      const { zone, sections } = JSON.parse(run([...DAYS, ...more], { input: LOG, env: { TZ } }).stdout);
      return { zone, sections };
    };
    const byEnvironment = daysOf([], name);
    expect(byEnvironment).toEqual(daysOf(["--tz", name], "UTC"));
    expect(byEnvironment).toMatchObject({ zone: { name } });
  });

  it("is the machine's with `--tz local`, whatever the policy sets", () => {
    const { run } = freshWorld('[settings.report]\ntimezone = "Asia/Tokyo"\n');
    const zoneOf = (more: string[]): unknown =>
      JSON.parse(run([...DAYS, ...more], { input: LOG, env: { TZ: "Europe/Berlin" } }).stdout).zone.name;
    expect([zoneOf([]), zoneOf(["--tz", "local"])]).toEqual(["Asia/Tokyo", "Europe/Berlin"]);
  });
});
