/** Canonical rows of a busy log: they leave no line out, name every row once, and hold only what every engine keeps. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { foldRecords } from "../../src/analyze/cubes/fold.js";
import { ROW_COLUMN_NAMES, ROW_COLUMNS, ROW_KINDS, type Row } from "../../src/analyze/fleet/row.js";
import { canonicalText } from "../../src/analyze/fleet/row-of.js";
import { rowsOfLog } from "../../src/analyze/fleet/rows-of-log.js";
import { openScan } from "../../src/analyze/scan/open-scan.js";
import type { Scanned } from "../../src/analyze/scan/scan.js";
import { UTC } from "../../src/analyze/zone.js";
import { busyLog } from "../cubes/busy-log.js";

const folder = mkdtempSync(join(tmpdir(), "permit-rows-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "audit.jsonl");
const { text } = busyLog(7, 12, 60);
writeFileSync(file, text);
const opened = await openScan([file]);
if (opened.kind !== "scan") throw new Error(opened.message);
const scanned: readonly Scanned[] = [...opened.scan.backward()];
opened.scan.close();

const identity = { machine: "m1", logOf: () => "log-a" };
const rows = [...rowsOfLog(scanned, identity)];
const of = (kind: Row["kind"]) => rows.filter((row) => row.kind === kind);
const sum = (kind: Row["kind"], column: "copies" | "undecided" | "outcomes_alone" | "len") =>
  of(kind).reduce((total, row) => total + row[column], 0);

describe("rows of a log", () => {
  const cubes = foldRecords(scanned, { window: {}, zone: UTC, now: Date.UTC(2027, 0, 1) });
  const [totals] = cubes.tables.totals ?? [];
  const [prompts] = cubes.tables.prompts ?? [];

  it("are as many as what is counted", () => {
    const { quality } = cubes;
    expect(of("call").length).toBe(totals?.values.calls);
    expect(of("prompt").length).toBe(prompts?.values.calls);
    expect(of("record").length).toBe(quality.records);
    expect(of("bad").length).toBe(quality.unusable);
    expect(of("record").filter(({ disorder }) => disorder !== "").length).toBe(quality.outOfOrder);
    expect(of("record").filter(({ disorder }) => disorder === "stray").length).toBe(quality.strays);
    expect(sum("batch", "copies")).toBe(quality.copies);
    expect(sum("batch", "outcomes_alone")).toBe(quality.outcomesAlone);
    expect(quality.unusable).toBeGreaterThan(0);
    expect(quality.copies).toBeGreaterThan(0);
  });

  it("are named once each, and the same when made again", () => {
    const ids = rows.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...rowsOfLog(scanned, identity)].map(({ id }) => id)).toEqual(ids);
    expect([...rowsOfLog(scanned, { ...identity, logOf: () => "log-b" })].filter(({ id }) => ids.includes(id))).toEqual(
      [],
    );
  });

  it("cover every byte of the log", () => {
    const lines = rows.filter(({ kind }) => kind === "record" || kind === "bad");
    const covered = lines.reduce((total, { len }) => total + len, 0);
    expect(covered).toBe(Buffer.byteLength(text));
    expect(sum("batch", "len")).toBe(Buffer.byteLength(text));
    const without = lines.slice(1, -1).filter((_, index) => index !== 40);
    const from = Math.min(...without.map(({ off }) => off));
    const to = Math.max(...without.map(({ off, len }) => off + len));
    expect(to - from - without.reduce((total, { len }) => total + len, 0)).toBeGreaterThan(0);
  });

  it("have every column of the table, and values only where their kind fills them", () => {
    expect(Object.keys(rows[0] ?? {}).toSorted()).toEqual([...ROW_COLUMN_NAMES].toSorted());
    const isFilled = (value: unknown) =>
      Array.isArray(value) ? value.length > 0 : value !== "" && value !== 0 && value !== null;
    for (const name of ROW_COLUMN_NAMES) {
      const kinds: readonly string[] = ROW_COLUMNS[name].of;
      const filled = new Set(rows.filter((row) => isFilled(row[name])).map(({ kind }) => kind));
      expect([name, [...filled].filter((kind) => !kinds.includes(kind))]).toEqual([name, []]);
    }
    expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(ROW_KINDS.filter((kind) => kind !== "gone")));
  });
});

it.each([
  ["plain", "plain"],
  ["a\0b", "a\ufffdb"],
  ["\ud800x", "\ufffdx"],
  ["\u{1f600}", "\u{1f600}"],
])("canonical text of %j", (text, canonical) => expect(canonicalText(text)).toBe(canonical));
