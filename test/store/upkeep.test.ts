import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { compressSegment, removeUnfinished } from "../../src/store/compress-segment.js";
import { planUpkeep } from "../../src/store/plan-upkeep.js";
import { removeSegment } from "../../src/store/remove-segment.js";
import type { Segment } from "../../src/store/segments.js";
import { temporaryPlace } from "./temporary.js";

const DAY = 86_400_000;
const MINUTE = 60_000;
const now = Date.UTC(2026, 10, 21);

/** A rotated segment that begins so many days ago and was renamed when the next began. */
const rotated = (from: number, to: number, more: Partial<Segment> = {}): Segment => ({
  file: `/home/audit-${from}-1.jsonl`,
  kind: "rotated",
  isCompressed: false,
  size: 100,
  firstMs: now - from * DAY,
  changedMs: now - to * DAY,
  ...more,
});
const active: Segment = { file: "/home/audit.jsonl", kind: "active", isCompressed: false, size: 100, changedMs: now };
const names = (segments: readonly Segment[]) => segments.map(({ file }) => /-(\d+)-/.exec(file)?.[1] ?? file);

describe("planning the upkeep of a log", () => {
  const old = [active, rotated(5, 0.5), rotated(40, 5), rotated(100, 40), rotated(200, 100)];
  it.each<[string, readonly Segment[], number | null, { compress: string[]; remove: string[] }]>([
    ["keeps for ever", old, null, { compress: ["200", "100", "40", "5"], remove: [] }],
    ["removes what ended before its time", old, 90, { compress: ["100", "40", "5"], remove: ["200"] }],
    ["judges by the last record, not the first", old, 30, { compress: ["40", "5"], remove: ["200", "100"] }],
    ["never removes the active file", [{ ...active, changedMs: 0 }], 1, { compress: [], remove: [] }],
    [
      "touches nothing that may still grow",
      [rotated(50, 0, { changedMs: now - 9 * MINUTE })],
      1,
      { compress: [], remove: [] },
    ],
    ["compresses nothing twice", [rotated(9, 8, { isCompressed: true })], null, { compress: [], remove: [] }],
    ["removes what is compressed", [rotated(9, 8, { isCompressed: true })], 7, { compress: [], remove: ["9"] }],
    ["leaves the place another rotation has taken", [rotated(9, 8, { size: 0 })], 7, { compress: [], remove: [] }],
    ["leaves imports", [rotated(9, 8, { kind: "imported" })], 7, { compress: [], remove: [] }],
  ])("%s", (_, segments, retainDays, expected) => {
    const { compress, remove } = planUpkeep(segments, retainDays, now);
    expect({ compress: names(compress), remove: names(remove) }).toEqual(expected);
  });
});

describe("compressing a segment", () => {
  const text = '{"v":1}\n'.repeat(5_000);
  const segmentIn = (home: string) => {
    const file = join(home, "audit-20261001T000000.000Z-1.jsonl");
    writeFileSync(file, text);
    return file;
  };

  it("leaves the same bytes, compressed, private and as old as they were", async () => {
    const { home } = temporaryPlace();
    const file = segmentIn(home);
    const before = statSync(file);
    const done = await compressSegment(file);
    expect(done).toEqual({ kind: "compressed", to: `${file}.gz`, bytes: statSync(`${file}.gz`).size });
    expect(gunzipSync(readFileSync(`${file}.gz`)).toString()).toBe(text);
    expect(statSync(`${file}.gz`).mode & 0o777).toBe(0o600);
    expect(Math.abs(statSync(`${file}.gz`).mtimeMs - before.mtimeMs)).toBeLessThan(2);
    expect(readdirSync(home)).toEqual(["audit-20261001T000000.000Z-1.jsonl.gz"]);
  });

  it("leaves a segment that is written to meanwhile", async () => {
    const { home } = temporaryPlace();
    const file = segmentIn(home);
    const doing = compressSegment(file);
    appendFileSync(file, '{"v":1,"late":true}\n');
    expect(await doing).toEqual({ kind: "changed" });
    expect(readFileSync(file, "utf8")).toContain("late");
    expect(readdirSync(home)).toHaveLength(1);
  });

  it("does what a killed one had begun, and what it had all but ended", async () => {
    const { home } = temporaryPlace();
    const file = segmentIn(home);
    writeFileSync(`${file}.gz.tmp`, "half");
    writeFileSync(`${file}.gz`, "whole, but the plain one is still there");
    removeUnfinished(home);
    expect(existsSync(`${file}.gz.tmp`)).toBe(false);
    expect((await compressSegment(file)).kind).toBe("compressed");
    expect(gunzipSync(readFileSync(`${file}.gz`)).toString()).toBe(text);
  });

  it("leaves the plain file where it cannot write", async () => {
    const { home } = temporaryPlace();
    const file = segmentIn(home);
    mkdirSync(`${file}.gz`);
    expect((await compressSegment(file)).kind).toBe("failed");
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(await compressSegment(join(home, "gone.jsonl"))).toEqual({ kind: "failed", code: "ENOENT" });
  });
});

describe("removing a segment", () => {
  it("takes both forms, and nothing that is no segment", () => {
    const { home } = temporaryPlace();
    const file = join(home, "audit-20261001T000000.000Z-1.jsonl");
    for (const name of [file, `${file}.gz`, join(home, "audit.jsonl"), join(home, "config.toml")])
      writeFileSync(name, "x");
    expect(removeSegment(`${file}.gz`)).toBeNull();
    expect(removeSegment(join(home, "audit.jsonl"))).toBe("not-a-segment");
    expect(removeSegment(join(home, "config.toml"))).toBe("not-a-segment");
    expect(readdirSync(home).sort()).toEqual(["audit.jsonl", "config.toml"]);
  });
});
