import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldRecords } from "../../src/analyze/cubes/fold.js";
import { buildReport } from "../../src/analyze/report/build.js";
import { formatValue, percent } from "../../src/analyze/report/render/format.js";
import { type Report, reportSchema, type Section } from "../../src/analyze/report/report.schema.js";
import { compareBytes, share } from "../../src/analyze/report/shape.js";
import type { Scanned } from "../../src/analyze/scan/scan.js";
import { chooseSections, SECTIONS } from "../../src/analyze/sections/registry.js";
import { medianOf } from "../../src/analyze/statistics.js";
import { UTC } from "../../src/analyze/zone.js";
import { compilePolicy } from "../../src/core/policy/compile.js";
import { parsePolicyFile } from "../../src/core/policy/parse-policy-file.js";
import type { Policy } from "../../src/core/policy/policy.js";
import { bad, decided, newestFirst, prompted, record, START } from "../cubes/log.js";

interface Options {
  readonly policy?: Policy;
  readonly limit?: number;
  readonly distinctLimit?: number;
}

function reportOf(written: readonly Scanned[], { distinctLimit, ...meta }: Options = {}): Report {
  const cubes = foldRecords(newestFirst(written), {
    window: {},
    zone: UTC,
    now: START,
    ...(distinctLimit === undefined ? {} : { distinctLimit }),
  });
  const report = buildReport(cubes, { generatedAt: START, engineVersion: "0.1.0", zone: UTC, files: ["a"], ...meta });
  return reportSchema.parse(report);
}

function sectionOf(report: Report, id: string): Section {
  const section = report.sections[id];
  if (section === undefined) throw new Error(`no section ${id}`);
  return section;
}

const column = (section: Section, table: string, name: string) =>
  section.tables[table]?.rows.map((row) => row.cells[name]);
const value = (section: Section, figure: string) => section.figures[figure]?.value;

describe("registry", () => {
  it("gives all sections, or those named in the order of the report", () => {
    expect(chooseSections([])).toEqual({ kind: "sections", sections: SECTIONS });
    const chosen = chooseSections(["tools", "scorecard", "tools"]);
    expect(chosen.kind === "sections" && chosen.sections.map(({ id }) => id)).toEqual(["scorecard", "tools"]);
    expect(chooseSections(["tools", "nope"])).toMatchObject({ kind: "unknown", name: "nope" });
  });

  it("has distinct ids that are file names", () => {
    const ids = SECTIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });
});

describe("nothing known is no data", () => {
  it("an empty log", () => {
    const report = reportOf([]);
    const card = sectionOf(report, "scorecard");
    expect(value(card, "calls")).toBe(0);
    for (const figure of ["prompts", "prompts_saved", "rejected", "covered", "succeeded", "hook_p95"]) {
      expect(value(card, figure)).toBeNull();
    }
    expect(report.window).toMatchObject({ first: null, last: null });
    expect(report.zone.offsets).toEqual([]);
  });

  it("imported records tell nothing of prompts", () => {
    const imported = decided(0, "a", { imported_from: "transcript", tier: "user", decision: "deny" });
    const card = sectionOf(reportOf([imported]), "scorecard");
    expect([value(card, "blocked"), value(card, "prompts"), value(card, "prompts_saved")]).toEqual([1, null, null]);
    expect(card.notes).toHaveLength(1);
  });

  it("no outcome is not a success", () => {
    const tools = sectionOf(reportOf([decided(0, "a")]), "tools");
    expect([column(tools, "tools", "failed"), column(tools, "tools", "p50")]).toEqual([[null], [null]]);
  });
});

describe("rules", () => {
  const log = [decided(0, "a", { rule_id: "used" })];

  it("that never hit are named when the policy is known", () => {
    const policy = policyOf("used", "z-dead", "dead");
    const section = sectionOf(reportOf(log, { policy }), "rules");
    expect(column(section, "never_hit", "rule")).toEqual(["dead", "z-dead"]);
    expect(column(section, "never_hit", "source")).toEqual(["config.toml:7", "config.toml:4"]);
    expect(value(section, "never_hit")).toBe(2);
  });

  it("that never hit are unknown without one", () => {
    const section = sectionOf(reportOf(log), "rules");
    expect(value(section, "never_hit")).toBeNull();
    expect(section.tables["never_hit"]).toBeUndefined();
    expect(section.notes).not.toEqual([]);
  });
});

describe("sessions", () => {
  it("list a session once, under the project with most of its calls", () => {
    const log = [
      decided(0, "a", { project: "/few" }),
      decided(10, "b", { project: "/many" }),
      decided(20, "c", { project: "/many" }),
      prompted(21),
      decided(30, "d", { session_id: "s2", project: "/few" }),
    ];
    const section = sectionOf(reportOf(log), "sessions");
    expect(column(section, "sessions", "session")).toEqual(["s2", "s1"]);
    expect(column(section, "sessions", "project")).toEqual(["/few", "/many"]);
    expect(column(section, "sessions", "calls")).toEqual([1, 3]);
    expect(column(section, "sessions", "prompts")).toEqual([0, 1]);
    expect(column(section, "sessions", "first")).toEqual(["2026-11-16T09:00:00.030Z", "2026-11-16T09:00:00.000Z"]);
    expect(value(section, "median_calls")).toBe(2);
  });
});

describe("tables", () => {
  const many = Array.from({ length: 9 }, (_, n) => decided(n, `c${n}`, { commands: [`cmd ${n % 5}`, "all"] }));

  it("put the largest first, then by bytes, and say how many rows there are", () => {
    const table = sectionOf(reportOf(many, { limit: 3 }), "commands").tables["commands"];
    expect(table?.rows.map((row) => row.cells["command"])).toEqual(["all", "cmd 0", "cmd 1"]);
    expect(table?.total_rows).toBe(6);
  });

  it("name the filter that lists a row's records", () => {
    const report = reportOf([
      decided(0, "a", { rule_id: "r", decision: "deny", tier: "deny" }),
      decided(1, "b", { decision: "deny", tier: "user" }),
    ]);
    const filters = sectionOf(report, "denials").tables["blocked"]?.rows.map((row) => row.filter);
    expect(filters).toEqual([
      { decision: "deny", tool: "Bash", tier: "user" },
      { decision: "deny", tool: "Bash", rule: "r" },
    ]);
  });
});

describe("completeness", () => {
  it("is claimed only when every line counted and every key was kept", () => {
    expect(reportOf([decided(0, "a")]).completeness).toMatchObject({ complete: true, notes: [] });
    const broken = reportOf([decided(0, "a"), bad(1)]).completeness;
    expect(broken).toMatchObject({ complete: false, notes: ["1 of 2 lines (50.00 %) could not be used."] });
    const folded = reportOf(
      [1, 2, 3].map((n) => decided(n, `c${n}`, { paths: [`/p${n}`] })),
      { distinctLimit: 2 },
    ).completeness;
    expect(folded.notes).toEqual([
      "Only 2 distinct values of path are kept apart; 1 count beyond them counted together.",
    ]);
  });

  it("shows where unusable lines stand and counts events as they are", () => {
    const section = sectionOf(
      reportOf([bad(4), record(5, { event: "SessionStart" }), decided(6, "a"), decided(7, "a")]),
      "quality",
    );
    expect(section.tables["unusable"]?.rows[0]?.cells).toEqual({
      at: "/home/u/audit.jsonl:4",
      problem: "not-json",
      length: 7,
      excerpt: "{broken",
    });
    expect(column(section, "events", "event")).toEqual(["PreToolUse", "SessionStart"]);
    expect(column(section, "events", "calls")).toEqual([2, 1]);
  });
});

describe("shaping", () => {
  it.each([
    [1, 3, 0.3333],
    [2, 3, 0.6667],
    [0, 5, 0],
    [5, 5, 1],
    [0, 0, null],
  ])("share(%i, %i)", (part, whole, expected) => expect(share(part, whole)).toBe(expected));

  it.each([
    [0, "0.0 %"],
    [1, "100.0 %"],
    [0.1234, "12.3 %"],
    [0.0004, "<0.1 %"],
    [0.9996, ">99.9 %"],
  ])("percent(%d)", (given, shown) => expect(percent(given)).toBe(shown));

  it.each([
    [340, "us", "340 µs"],
    [1234, "us", "1.2 ms"],
    [12, "ms", "12 ms"],
    [1500, "ms", "1.5 s"],
    [90_000, "ms", "1.5 min"],
    [7_200_000, "ms", "2.0 h"],
    [1234567, "count", "1,234,567"],
    [null, "count", "–"],
    ["2026-11-21T09:42:11.123+01:00", "time", "2026-11-21 09:42:11"],
  ] as const)("formatValue(%j, %s)", (given, unit, shown) => expect(formatValue(given, unit)).toBe(shown));

  it("orders as UTF-8 bytes do, not as UTF-16", () => {
    expect(["\u{1f600}", "\uff5e", "b", "a"].toSorted(compareBytes)).toEqual(["a", "b", "\uff5e", "\u{1f600}"]);
  });

  it("orders any text as its bytes are ordered, half a character too", () => {
    const unit = fc.constantFrom(
      0x41,
      0x42,
      0xe9,
      0x7ff,
      0xd7ff,
      0xd800,
      0xdbff,
      0xdc00,
      0xdfff,
      0xe000,
      0xff5e,
      0xffff,
    );
    const text = fc.array(unit, { maxLength: 4 }).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it("the median of nothing is not known", () => {
    expect([medianOf([]), medianOf([5, 1, 9]), medianOf([1, 2])]).toEqual([null, 5, 1.5]);
  });
});

/** A user's policy of deny rules for these commands, one rule every three lines. */
function policyOf(...names: readonly string[]): Policy {
  const text = names.map((name) => `[[deny]]\nname = "${name}"\npattern = "Bash(${name} *)"\n`).join("");
  const place = { file: "config.toml", layer: "user", baseFolder: "/home/u", trusted: true } as const;
  const { policyFile, problems } = parsePolicyFile(text, place);
  if (policyFile === null || problems.length > 0) throw new Error(`bad policy: ${JSON.stringify(problems)}`);
  return compilePolicy([policyFile], { engine: "0.1.0", guarded: { folders: [], files: [] } });
}
