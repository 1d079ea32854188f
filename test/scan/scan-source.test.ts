import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bufferSource } from "../../src/analyze/scan/byte-source.js";
import type { RecordFilter, Scanned } from "../../src/analyze/scan/scan.js";
import { newScanStats, scanSource } from "../../src/analyze/scan/scan-source.js";
import { encodeRecord } from "../../src/core/audit/encode.js";
import { recordAt } from "../audit/record-of.js";

const line = (second: number, over = {}) => encodeRecord(recordAt(second, over));

function scan(text: string | Uint8Array, filter: RecordFilter = {}, options = {}): Scanned[] {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  return [...scanSource(bufferSource("log", bytes), filter, newScanStats(), options)];
}

/** Seconds of the records found, and the problems of bad lines, in the order they came. */
function told(found: readonly Scanned[]): (number | string)[] {
  return found.map((one) => (one.kind === "bad" ? one.problem : (one.timeMs - Date.UTC(2026, 10, 21, 8)) / 1000));
}

const suite: Record<string, string> = JSON.parse(
  readFileSync(new URL("../../fixtures/scan/jsontestsuite.json", import.meta.url), "utf8"),
);

describe("scanning one file", () => {
  it("gives records newest first with their places", () => {
    const text = line(1) + line(2) + line(3);
    const found = scan(text);
    expect(told(found)).toEqual([3, 2, 1]);
    for (const { at } of found) expect(text.slice(at.offset, at.offset + at.length + 1)).toMatch(/^\{"v":1.*\}\n$/);
  });

  it.each<[string, string | Buffer, (number | string)[]]>([
    ["an empty file", "", []],
    ["blank lines", `\n\n  \n${line(1)}\r\n\t\n${line(2)}\n`, [2, 1]],
    ["CRLF", (line(1) + line(2)).replaceAll("\n", "\r\n"), [2, 1]],
    ["a byte order mark", `\ufeff${line(1)}${line(2)}`, [2, 1]],
    ["a whole last line without line end", line(1) + line(2).trimEnd(), [2, 1]],
    ["a torn last line", line(1) + line(2).slice(0, 90), ["torn", 1]],
    ["glued records", `${line(1).trimEnd()}${line(2).trimEnd()}${line(3)}`, [3, 2, 1]],
    ["a stump with the next record glued to it", `${line(1)}${line(2).slice(0, 300)}${line(3)}`, [3, "torn", 1]],
    [
      "a stump cut inside a character",
      Buffer.concat([
        Buffer.from(line(1, { reason: "é" })).subarray(0, Buffer.from(line(1, { reason: "é" })).indexOf(0xc3) + 1),
        Buffer.from(line(2)),
      ]),
      [2, "torn"],
    ],
    ["NUL bytes before a record", `${line(1)}${"\0".repeat(5000)}${line(2)}`, [2, "not-json", 1]],
    ["a line of NUL bytes", `${line(1)}${"\0".repeat(5000)}\n${line(2)}`, [2, "not-json", 1]],
    [
      "an ill-formed byte",
      Buffer.concat([Buffer.from(line(1)), Buffer.from(line(2)).fill(0xff, 200, 201), Buffer.from(line(3))]),
      [3, "bad-utf8", 1],
    ],
    ["a character that stands for an ill-formed byte", line(1, { reason: "\ufffd" }), [1]],
    ["words", `${line(1)}hello\n${line(2)}`, [2, "not-json", 1]],
    ["an array", `${line(1)}[1]\n${line(2)}`, [2, "not-an-object", 1]],
    ["another hook's log", '{"timestamp":"2026-03-11T10:00:00Z","session_id":"s","tool":"Bash"}\n', ["unknown-shape"]],
    [
      "a moment that does not exist",
      '{"timestamp":"2026-03-11T99:99:99Z","session_id":"s","tool_name":"Bash"}\n',
      ["bad-timestamp"],
    ],
    ["no moment", '{"session_id":"s"}\n', ["no-timestamp"]],
    ["unknown fields", line(1).replace('"cwd"', '"new_field":{"a":[1]},"cwd"'), [1]],
  ])("reads past %s", (_, text, expected) => {
    expect(told(scan(text))).toEqual(expected);
    expect(told(scan(text, {}, { firstChunk: 7, chunk: 13 }))).toEqual(expected);
  });

  it.each([
    ["an object in a tool input", (inner: string) => `{"v":1,"tool_input":{"x":${inner}`],
    ["a list in a tool input", (inner: string) => `{"v":1,"tool_input":{"x":[1,${inner}`],
  ])("takes no record from %s of a torn line", (_, tear) => {
    const inner = line(66, { decision: "deny" }).trimEnd();
    expect(told(scan(`${line(1)}${tear(inner)}\n${line(2)}`))).toEqual([2, "not-json", 1]);
  });

  it("takes no record from text inside a record", () => {
    const text = line(1, { tool_input: { command: `echo '${line(66)}'`, nested: recordAt(77) } });
    expect(told(scan(text))).toEqual([1]);
  });

  it("passes by lines beyond the bound and those alone", () => {
    const long = line(2, { tool_input: { command: "x".repeat(5000) } });
    const found = scan(line(1) + long + line(3), {}, { maxLine: 2000 });
    expect(told(found)).toEqual([3, "too-long", 1]);
    expect(found[1]?.at).toEqual({ file: "log", offset: line(1).length, length: long.length - 1 });
  });

  it("excerpts are short, printable and hold no secret", () => {
    const key = `ghp_${"a1B2".repeat(9)}`;
    const found = scan(`\u001b[31m{"x":"${key}" ${"é\u202e".repeat(200)}\n`);
    expect(found[0]).toMatchObject({ kind: "bad" });
    const excerpt = found[0]?.kind === "bad" ? found[0].excerpt : "";
    expect(excerpt).toMatch(/^[\x20-\x7e]{1,120}$/);
    expect(excerpt).toContain("REDACTED_github_token");
  });
});

describe("one JSONTestSuite file between two records", () => {
  it.each(Object.entries(suite))("%s", (name, base64) => {
    const middle = Buffer.from(base64, "base64");
    const text = Buffer.concat([Buffer.from(line(1)), middle, Buffer.from(`\n${line(2)}`)]);
    const found = scan(text);
    expect(told(found)[0]).toBe(2);
    expect(told(found).at(-1)).toBe(1);
    const bad = found.slice(1, -1);
    const lines = middle
      .toString("latin1")
      .split(/\r?\n/)
      .filter((one) => one.trim() !== "");
    expect(bad.map((one) => one.kind)).toEqual(lines.map(() => "bad"));
    const start = line(1).length;
    for (const { at } of bad) {
      expect(at.offset).toBeGreaterThanOrEqual(start);
      expect(at.offset + at.length).toBeLessThanOrEqual(start + middle.length);
    }
    expect(name).not.toBe("");
  });

  it("100,000 brackets or objects deep", () => {
    for (const open of ["[", '{"a":', '{"v":1,"tool_input":']) {
      expect(told(scan(`${line(1)}${open.repeat(100_000)}\n${line(2)}`))).toHaveLength(3);
    }
  });
});

describe("windows and filters", () => {
  const filters: RecordFilter[] = [
    { decision: "deny" },
    { tier: "llm" },
    { session: "s1" },
    { rule: "r1" },
    { tool: "Task" },
    { project: "/srv/app" },
    { since: Date.UTC(2026, 10, 21, 8, 10), until: Date.UTC(2026, 10, 21, 8, 20) },
    { since: Date.UTC(2026, 10, 21, 8, 10), decision: "deny", session: "s1" },
  ];
  /** Every spelling in which a line may say what a filter looks for, or only seem to. */
  const hostile = (second: number): string[] => [
    line(second),
    line(second, { decision: "deny", tier: "llm", session_id: "s1", rule_id: "r1" }),
    line(second, { tool_name: "Agent", session_id: "s2", rule_ids: ["r0", "r1"] }),
    line(second, { tool_input: { decision: "deny", tier: "llm", session_id: "s1", rule_id: "r1" } }),
    line(second, { tool_input: { command: '"decision":"deny","tier":"llm"' }, project: "/srv/app/sub" }),
    line(second, { decision: "deny" })
      .replaceAll(":", ": ")
      .replaceAll(/: (?=\d)/g, ":"),
    line(second, { decision: "deny" }).replace('"v":1', '"v": 1').replace('"decision":"deny"', '"decision" : "deny"'),
    `${JSON.stringify(Object.fromEntries(Object.entries(recordAt(second, { decision: "deny" })).reverse()))}\n`,
    line(second, { decision: "deny" }).replace('{"v":1,', '{"v":1,"x":{"decision":"allow"},'),
    line(second, { decision: "deny" }).replace(/"id":"[^"]+",/, '"id":"short",'),
    line(second).slice(0, 200) + line(second, { decision: "deny" }),
    line(second, { decision: "deny" }).trimEnd() + line(second),
    `${line(second, { decision: "deny" }).slice(0, 150)}\n`,
    `{"timestamp":"2026-11-21T08:00:00.000Z","session_id":"s1","tool_name":"Bash","decision":"deny"}\n`,
    "garbage\n",
    "\n",
  ];

  it.each(filters)("%o finds what a full parse finds, on a hostile log", (filter) => {
    const text = Array.from({ length: 40 }, (_, index) => hostile(index * 60))
      .flat()
      .join("");
    const all = scan(text);
    const plain = all.filter((one) => one.kind === "bad" || matchesPlainly(one, filter));
    const found = scan(text, filter, { firstChunk: 1000, chunk: 5000 });
    expect(found).toEqual(plain);
    expect(found.some((one) => one.kind === "record")).toBe(true);
  });

  function matchesPlainly({ record, timeMs }: Extract<Scanned, { kind: "record" }>, filter: RecordFilter): boolean {
    const same = (wanted: string | undefined, is: string | undefined) => wanted === undefined || wanted === is;
    return (
      timeMs >= (filter.since ?? 0) &&
      timeMs < (filter.until ?? Number.POSITIVE_INFINITY) &&
      same(filter.decision, record.decision) &&
      same(filter.tier, record.tier) &&
      same(filter.session, record.session_id) &&
      (filter.rule === undefined || [record.rule_id, ...(record.rule_ids ?? [])].includes(filter.rule)) &&
      (filter.tool === undefined || ["Task", "Agent"].includes(record.tool_name ?? "")) &&
      (filter.project === undefined || `${record.project ?? record.cwd}/`.startsWith(`${filter.project}/`))
    );
  }

  it("stops reading where the window is past, and counts what came late", () => {
    const text = Array.from({ length: 20_000 }, (_, index) => line(index)).join("");
    const stray = line(18_500).replace("toolu_", "stray_");
    const at = text.indexOf('"toolu_17500"');
    const cut = text.lastIndexOf("\n", at) + 1;
    const stats = newScanStats();
    const since = Date.UTC(2026, 10, 21, 8) + 18_000_000;
    const log = Buffer.from(text.slice(0, cut) + stray + text.slice(cut));
    const found = [...scanSource(bufferSource("log", log), { since }, stats)];
    expect(found).toHaveLength(2001);
    expect(stats.strays).toBe(1);
    expect(stats.bytesRead).toBeLessThan(text.length / 2);
  });

  it("is not stopped by one line whose clock was wrong", () => {
    const text = line(1000) + line(-10_000_000) + line(2000);
    expect(told(scan(text, { since: Date.UTC(2026, 10, 21, 8) }))).toEqual([2000, 1000]);
  });

  it("does not read what lies behind a window that ended long ago", () => {
    const text = Array.from({ length: 30_000 }, (_, index) => line(index)).join("");
    const stats = newScanStats();
    const day = Date.UTC(2026, 10, 21, 8);
    const filter = { since: day + 2_000_000, until: day + 2_010_000 };
    const found = [...scanSource(bufferSource("log", Buffer.from(text)), filter, stats)];
    expect(told(found)).toEqual([2009, 2008, 2007, 2006, 2005, 2004, 2003, 2002, 2001, 2000]);
    expect(stats.bytesRead).toBeLessThan(text.length / 3);
  });

  it("finds the same in any window as reading all, lines out of order by less than the slack", () => {
    const jitter = fc.array(fc.integer({ min: 0, max: 590 }), { minLength: 50, maxLength: 50 });
    fc.assert(
      fc.property(jitter, fc.integer({ min: 0, max: 6000 }), fc.integer({ min: 0, max: 6000 }), (late, from, to) => {
        const text = late.map((seconds, index) => line(index * 100 - seconds)).join("");
        const window = { since: Date.UTC(2026, 10, 21, 8) + from * 1000, until: Date.UTC(2026, 10, 21, 8) + to * 1000 };
        const all = scan(text).filter((one) => one.kind === "record" && matchesPlainly(one, window));
        expect(scan(text, window)).toEqual(all);
      }),
      { numRuns: 50 },
    );
  });
});
