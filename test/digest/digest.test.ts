/** Periods of a zone with daylight saving, and the digest of a small log by hand. */
import { describe, expect, it } from "vitest";
import { digestSections } from "../../src/analyze/digest/digest.js";
import { PERIODS, periodOf } from "../../src/analyze/digest/period.js";
import { buildReport } from "../../src/analyze/report/build.js";
import { reportSchema } from "../../src/analyze/report/report.schema.js";
import type { Scanned } from "../../src/analyze/scan/scan.js";
import { UTC, zoneOf } from "../../src/analyze/zone.js";
import { crontabLine, systemdUnits, withLine, withoutLine } from "../../src/cli/schedule.js";
import { decided, record, START } from "../cubes/log.js";
import { cellsIn, cubesOf, DAY, figuresIn, META, sectionIn } from "../sections/made.js";

const berlin = zoneOf("Europe/Berlin") ?? UTC;
const iso = (timeMs: number) => new Date(timeMs).toISOString().slice(0, 16);

describe("periods", () => {
  const now = Date.parse("2026-10-28T12:00:00Z"); // a Wednesday; the clocks went back on the 25th
  it.each([
    ["day", "monday", 0, "2026-10-27T23:00", "2026-10-28T23:00"],
    ["day", "monday", 3, "2026-10-24T22:00", "2026-10-25T23:00"],
    ["week", "monday", 0, "2026-10-25T23:00", "2026-11-01T23:00"],
    ["week", "monday", 1, "2026-10-18T22:00", "2026-10-25T23:00"],
    ["week", "sunday", 0, "2026-10-24T22:00", "2026-10-31T23:00"],
    ["month", "monday", 0, "2026-09-30T22:00", "2026-10-31T23:00"],
    ["month", "monday", 10, "2025-11-30T23:00", "2025-12-31T23:00"],
  ] as const)("%s from %s, %i back", (kind, weekStart, back, since, until) => {
    const { window } = periodOf(kind, now, berlin, weekStart, back);
    expect([iso(window.since), iso(window.until)]).toEqual([since, until]);
  });

  it("follow each other without a gap", () => {
    for (const kind of PERIODS) {
      for (let back = 0; back < 30; back++) {
        const [one, before] = [
          periodOf(kind, now, berlin, "monday", back),
          periodOf(kind, now, berlin, "monday", back + 1),
        ];
        expect(before.window.until).toBe(one.window.since);
      }
    }
  });
});

describe("US-16: the digest", () => {
  const period = periodOf("week", START, UTC, "monday");
  const digest = (now: readonly Scanned[], before: readonly Scanned[]) => {
    const evidence = { previous: cubesOf(before) };
    const report = buildReport(cubesOf(now, period.window), { ...META, evidence }, digestSections(period));
    return sectionIn(reportSchema.parse(report), "digest");
  };
  const llm = (at: number, id: string, score: "RED" | "YELLOW", decision: "deny" | "ask") =>
    decided(at, id, { tier: "llm", decision, llm_score: score, tool_input: { command: `run ${id}` } });

  it("holds what a week came to", () => {
    const section = digest(
      [
        llm(0, "bad", "RED", "deny"),
        llm(DAY, "odd", "YELLOW", "ask"),
        decided(2 * DAY, "f", { tier: "error", decision: "error_passthrough", llm_error: "overloaded" }),
        decided(2 * DAY + 1, "g", { commands: ["curl"] }),
        record(2 * DAY + 2, { event: "rule_promoted", promoted_rule: "x" }),
        record(2 * DAY + 3, { event: "policy_changed", policy_hash: "y" }),
        decided(9 * DAY, "next week"),
      ],
      [decided(-7 * DAY, "old", { commands: ["git status"] })],
    );
    expect(figuresIn(section)).toMatchObject({
      decisions: 4,
      red: 1,
      yellow: 1,
      blocked: 1,
      unsafe: 1,
      promotions: 1,
      changes: 2,
      new_programs: 1,
      llm_failed: 0.3333,
      unusable: 0,
    });
    expect(cellsIn(section, "alarms", "llm", "decision", "calls", "call")).toEqual([
      ["RED", "deny", 1, "run bad"],
      ["YELLOW", "ask", 1, "run odd"],
    ]);
    expect(section.tables["before"]?.rows.length).toBeGreaterThan(5);
  });

  it("of an empty week says so", () => {
    const section = digest([], []);
    expect(section.notes).toEqual([
      "Nothing was decided in this week: no record of a decision is in the log.",
      "`claude-permit status` tells whether the hook is wired, `claude-permit list` what was recorded last.",
    ]);
    expect(figuresIn(section)).toMatchObject({ decisions: 0, red: null, llm_failed: null });
  });
});

describe("the scheduled job", () => {
  const line = crontabLine("week", ["/usr/bin/node", "/a b/main.js", "--fail-on", "passthrough>30%"]);

  it("is one line that cron reads as it is meant", () => {
    expect(line).toBe("0 8 * * 1 /usr/bin/node '/a b/main.js' --fail-on 'passthrough>30\\%' # claude-permit digest");
  });

  it.each(["", "MAILTO=x\n5 4 * * * mine # not claude-permit\n", "no line end"])("leaves %j alone", (crontab) => {
    const once = withLine(crontab, line);
    expect(withLine(once, line)).toBe(once);
    expect(once.split("\n").filter((one) => one === line)).toHaveLength(1);
    expect(withoutLine(once).trimEnd()).toBe(crontab.trimEnd());
    expect(withoutLine(crontab)).toBe(crontab);
  });

  it("is a timer where there is no crontab", () => {
    const [service, timer] = systemdUnits("/home/u", "month", ["/n", 'a"$b%c']);
    expect(service?.text).toContain('ExecStart="/n" "a\\"$$b%%c"\n');
    expect(timer?.text).toContain("OnCalendar=*-*-01 08:00");
  });
});
