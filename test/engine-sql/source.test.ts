/** `--source` as a user types it: the same JSON as over the log itself, told how whole it is, and refused where calls are needed. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Row } from "../../src/analyze/fleet/row.js";
import { rowsOfLog } from "../../src/analyze/fleet/rows-of-log.js";
import { openScan } from "../../src/analyze/scan/open-scan.js";
import { encodeRecord } from "../../src/core/audit/encode.js";
import { freshWorld } from "../cli/run-cli.js";
import { busyLog } from "../cubes/busy-log.js";
import { writeDuckdb } from "./load-rows.js";

const folder = mkdtempSync(join(tmpdir(), "permit-source-"));
afterAll(() => rmSync(folder, { recursive: true }));
const log = join(folder, "audit.jsonl");
const counts = join(folder, "counts.duckdb");
const full = join(folder, "full.duckdb");
const mixed = join(folder, "mixed.duckdb");
const torn = join(folder, "torn.duckdb");
const policy = join(folder, "policy.toml");
const { run } = freshWorld();

beforeAll(async () => {
  writeFileSync(policy, '[[deny]]\npattern = "Bash(rm *)"\n');
  writeFileSync(log, busyLog(11, 10, 50).text);
  const opened = await openScan([log]);
  if (opened.kind !== "scan") throw new Error(opened.message);
  const rowsWith = (bodyOf: (record: Parameters<typeof encodeRecord>[0]) => string): Row[] => [
    ...rowsOfLog(opened.scan.backward(), { machine: "m1", logOf: (file) => file, bodyOf }),
  ];
  const plain = rowsWith(() => "");
  await writeDuckdb(counts, [...plain, ...plain.slice(0, 100)]);
  const whole = rowsWith((record) => encodeRecord(record).trimEnd());
  await writeDuckdb(full, whole);
  await writeDuckdb(
    mixed,
    whole.map((row, index) => (index % 2 === 0 ? { ...row, body: "" } : row)),
  );
  await writeDuckdb(
    torn,
    plain.filter(({ kind }, index) => kind !== "record" || index % 50 !== 0),
  );
  opened.scan.close();
});

/**
 * What names where it was read, and how whole that is, is not the same; nor, of a part of a log, how many lines beyond its
 * edges were looked at. All else is.
 */
function told(stdout: string, isWhole: boolean): unknown {
  const { files: _, generated_at: __, completeness, ...report } = JSON.parse(stdout);
  return isWhole ? { ...report, completeness: { ...completeness, source: undefined } } : report;
}

describe.each([
  ["the whole report", ["analyze", "--json"]],
  [
    "a week of one tool",
    ["analyze", "--json", "--section", "tools,denials,sessions", "--since", "2026-10-20", "--tool", "Bash"],
  ],
  ["stats", ["stats", "--json"]],
  ["one session", ["session", "session-3", "--json"]],
  ["two sessions", ["compare", "session-1", "session-2", "--json"]],
  ["gaps", ["gaps", "--json"]],
  ["suggest", ["suggest", "--json"]],
  ["list", ["list", "--json", "--limit", "5"]],
])("%s", (_, args) => {
  it("is the one over the log", () => {
    const own = run([...args, "--audit", log]);
    const source = run([...args, "--source", `duckdb:${full}`]);
    expect(source.stderr).toBe("");
    expect(source.code).toBe(own.code);
    if (args[0] === "suggest") expect(JSON.parse(source.stdout)).toEqual(JSON.parse(own.stdout));
    else if (args[0] === "list") expect(source.stdout).toBe(own.stdout);
    else {
      const isWhole = args.length === 2;
      expect(told(source.stdout, isWhole)).toEqual(told(own.stdout, isWhole));
    }
  });
});

it("says above everything else what it was counted from", () => {
  const { stdout } = run(["stats", "--source", `duckdb:${counts}`]);
  expect(stdout).toMatch(/Shipped: 1 machine, 1 log, [\d,]+ rows, no gap in any log; 100 duplicates left out\./);
});

it("says first that a log did not arrive whole", () => {
  const { stdout } = run(["analyze", "--source", `duckdb:${torn}`, "--json"]);
  const { complete, notes, source } = JSON.parse(stdout).completeness;
  expect(complete).toBe(false);
  expect(notes[0]).toMatch(/^Incomplete: 1 log did not arrive whole \([\d,]+ bytes of log .* on m1\)\.$/);
  expect(source.gaps[0].bytes).toBeGreaterThan(0);
  expect(run(["stats", "--source", `duckdb:${torn}`]).stdout).toContain("Incomplete: 1 log did not arrive whole");
});

it.each([["gaps"], ["suggest"], ["list"], ["simulate", "--with", policy]])(
  "%s refuses where only counts were shipped",
  (...args) => {
    const { stdout, code } = run([...args, "--source", `duckdb:${counts}`, "--json"]);
    expect([JSON.parse(stdout).error?.code, code]).toEqual(["calls_not_shipped", 2]);
  },
);

it.each([
  ["mysql://x/y", "source_unknown"],
  ["duckdb:/nowhere/at/all.duckdb", "source_unreachable"],
  ["clickhouse://127.0.0.1:1/none", "source_unreachable"],
])("%s: %s", (source, code) => {
  const ran = run(["stats", "--source", source, "--json"]);
  expect([JSON.parse(ran.stdout).error?.code, ran.code]).toEqual([code, 2]);
});

it("calls of some machines only are not taken for those of all", () => {
  const { stdout, code } = run(["list", "--source", `duckdb:${mixed}`, "--json"]);
  expect([JSON.parse(stdout).error?.code, code]).toEqual(["calls_not_shipped", 2]);
});

it.each([["watch"], ["rules", "list"]])("%s is about this machine", (...args) => {
  const { stderr, code } = run([...args, "--source", `duckdb:${full}`]);
  expect([stderr.includes("--source"), code]).toEqual([true, 2]);
});

it("takes a log or a source, not both", () => {
  const { stdout, code } = run(["stats", "--source", `duckdb:${full}`, "--audit", log, "--json"]);
  expect([JSON.parse(stdout).error?.code, code]).toEqual(["bad_usage", 2]);
});

it("shows no password", () => {
  const { stdout, stderr } = run(["stats", "--source", "clickhouse://someone:hunter2@127.0.0.1:1/none"]);
  expect(stdout + stderr).not.toContain("hunter2");
  expect(run(["stats", "--source", "clickhose://someone:hunter2@host/none"]).stderr).not.toContain("hunter2");
});
