import { appendFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { foldLog } from "../../src/analyze/cubes/fold-log.js";
import { openRollups, type Rollups } from "../../src/analyze/cubes/rollups.js";
import { openScan } from "../../src/analyze/scan/open-scan.js";
import type { Window } from "../../src/analyze/scan/scan.js";
import { BUSY_START } from "./busy-log.js";
import { busyLines, foldFolder, HOUR, plain, zone } from "./folding.js";

const lines = busyLines(7);
let folder = "";
const log = () => join(folder, "audit.jsonl");
const cache = () => join(folder, "cache");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fold-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fold = (rollups: Rollups | null, window: Window = {}, leafBytes = 4_096) =>
  foldFolder(folder, rollups, window, leafBytes);
const text = () => `${lines.join("\n")}\n`;
const remembered = () => openRollups(cache(), "test");

describe("counting a log in stretches", () => {
  it("gives what counting it in one go gives", async () => {
    writeFileSync(log(), `${lines.join("\n")}\n`);
    const [parts, whole] = [(await fold(null)).cubes, (await fold(null, {}, 1e9)).cubes];
    expect(parts.quality).toEqual(whole.quality);
    const sorted = (rows: readonly object[] = []) => rows.map((row) => JSON.stringify(row)).sort();
    for (const name of ["deciders", "days", "tools", "rules", "commands", "denials", "prompts_by_tool"] as const) {
      expect(sorted(parts.tables[name])).toEqual(sorted(whole.tables[name]));
    }
  });

  it("reads only what is new, and what was open", async () => {
    writeFileSync(log(), `${lines.join("\n")}\n`);
    const size = readFileSync(log()).length;
    const first = await fold(remembered());
    expect(first.stats.bytesRead).toBeGreaterThan(size * 0.99);
    const again = await fold(remembered());
    expect(again.cubes).toEqual(first.cubes);
    expect(again.stats.bytesRead).toBeLessThan(size / 10);
    const decided = lines.findLast((line) => line.includes('"event":"PreToolUse"')) ?? expect.fail("no call");
    appendFileSync(log(), `${decided.replace(/"tool_use_id":"[^"]*"/, '"tool_use_id":"toolu_new"')}\n`);
    const next = await fold(remembered());
    expect(next.stats.bytesRead).toBeGreaterThan(0);
    expect(next.stats.bytesRead).toBeLessThan(size / 4);
    expect(next.cubes).toEqual((await fold(null)).cubes);
  });

  it("opens no rotated segment again, compressed or not, until it is another one", async () => {
    const third = Math.floor(lines.length / 3);
    const part = (index: number) => `${lines.slice(index * third, (index + 1) * third).join("\n")}\n`;
    const segment = (index: number) => join(folder, `audit-2026102${index}T000000.000Z-1.jsonl`);
    writeFileSync(segment(0), part(0));
    writeFileSync(segment(1), part(1));
    writeFileSync(log(), part(2));
    compressAll();
    const first = await fold(remembered());
    expect(first.stats.bytesRead).toBeGreaterThan(part(0).length + part(1).length + part(2).length - 9_000);
    // What is not opened is not laid down: where nothing can be, a compressed file cannot be read.
    const opened = await openScan([folder], { spoolFolder: join(folder, "no-such-folder") });
    if (opened.kind === "failed") throw new Error(opened.message);
    const now = BUSY_START + 96 * HOUR;
    const again = foldLog(opened.scan, { window: {}, read: {}, zone, now, rollups: remembered(), leafBytes: 4_096 });
    expect(plain({ ...again, window: {} })).toEqual(first.cubes);
    writeFileSync(`${segment(0)}.gz`, gzipSync(part(0).replace(/^.*\n/, "")));
    expect((await fold(remembered())).cubes.quality.lines).toBe(first.cubes.quality.lines - 1);
  });

  it("passes over all that lies behind a place as one, until any of it is another", async () => {
    const LARGE = 16_384;
    const parts = [0, 1, 2, 3].map((part) => {
      const quarter = Math.ceil(lines.length / 12);
      return `${lines.slice(part * quarter, (part + 1) * quarter).join("\n")}\n`;
    });
    const segment = (part: number) => join(folder, `audit-2026102${part}T000000.000Z-1.jsonl`);
    for (const part of [0, 1, 2]) writeFileSync(segment(part), parts[part] ?? "");
    writeFileSync(log(), parts[3] ?? "");
    const { cubes } = await fold(null, {}, LARGE);
    let found = 0;
    const watched = (): Rollups => {
      const { findRest, ...others } = remembered();
      const find: Rollups["findRest"] = (slot) => {
        const kept = findRest(slot);
        if (kept === null) return null;
        const counted: typeof kept.counted = (files) => {
          const known = kept.counted(files);
          if (known !== null) found++;
          return known;
        };
        return { ...kept, counted };
      };
      return { ...others, findRest: find };
    };
    expect((await fold(watched(), {}, LARGE)).cubes).toEqual(cubes);
    expect(found).toBe(0);
    const again = await fold(watched(), {}, LARGE);
    expect(again.cubes).toEqual(cubes);
    expect(found).toBe(1);
    expect(again.stats.bytesRead).toBeLessThan((parts[3]?.length ?? 0) / 4);

    appendFileSync(log(), `${lines[0]}\n`);
    expect((await fold(watched(), {}, LARGE)).cubes).toEqual((await fold(null, {}, LARGE)).cubes);
    rmSync(segment(1));
    found = 0;
    expect((await fold(watched(), {}, LARGE)).cubes).toEqual((await fold(null, {}, LARGE)).cubes);
    expect(found).toBe(0);
  });

  it("remembers the edges of a window whose edges stay, and only of such a one", async () => {
    const whole = text();
    writeFileSync(log(), whole);
    const week = hoursOf([3, 9]);
    const LARGE = 131_072;
    const plain = await fold(null, week, LARGE);
    expect((await fold(remembered(), week, LARGE)).cubes).toEqual(plain.cubes);
    const again = await fold(remembered(), week, LARGE);
    expect(again.cubes).toEqual(plain.cubes);
    expect(again.stats.bytesRead).toBe(0);
    const moved = { since: (week.since ?? 0) + 1_000, until: week.until ?? 0 };
    const other = await fold(remembered(), moved, LARGE);
    expect(other.cubes).toEqual((await fold(null, moved, LARGE)).cubes);
    expect((await fold(remembered(), moved, LARGE)).stats.bytesRead).toBeGreaterThan(0);
    writeFileSync(log(), whole.replaceAll('"decision":"allow"', '"decision":"xllow"'));
    expect((await fold(remembered(), week, LARGE)).cubes).toEqual((await fold(null, week, LARGE)).cubes);
  });

  it("remembers calls of one kind apart from all of them, and nothing small", async () => {
    writeFileSync(log(), text());
    const filter = { tier: "allow" };
    const asked = (rollups: Rollups | null) => foldFolder(folder, rollups, {}, 4_096, { filter });
    const all = await fold(remembered());
    const kept = readdirSync(cache()).length;
    const narrowed = () => openRollups(cache(), "test", [], JSON.stringify(filter));
    const first = await asked(narrowed());
    expect(first.cubes).toEqual((await asked(null)).cubes);
    expect(first.cubes.tables).not.toEqual(all.cubes.tables);
    expect(readdirSync(cache()).length - kept).toBeLessThan(kept / 4);
    appendFileSync(log(), `${lines[0]}\n`);
    const again = await asked(narrowed());
    expect(again.cubes).toEqual((await asked(null)).cubes);
    expect(again.stats.bytesRead).toBeLessThan(first.stats.bytesRead / 2);
    expect((await fold(remembered())).cubes).toEqual((await fold(null)).cubes);
  });

  it("looks at nothing that was damaged", async () => {
    writeFileSync(log(), `${lines.join("\n")}\n`);
    const { cubes } = await fold(remembered());
    for (const name of readdirSync(cache())) {
      const text = readFileSync(join(cache(), name), "utf8");
      writeFileSync(join(cache(), name), text.replace('"calls":1', '"calls":9'));
    }
    expect((await fold(remembered())).cubes).toEqual(cubes);
  });

  it("gives the same with and without memory, whatever happens to the log", async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("append" as const), count: fc.nat(400) }),
      fc.record({ kind: fc.constantFrom("late" as const, "straggler" as const), line: fc.nat(lines.length - 1) }),
      fc.record({ kind: fc.constantFrom("rotate", "compress", "truncate", "forget") }),
      fc.record({ kind: fc.constant("replace" as const), from: fc.nat(lines.length - 1) }),
      fc.record({ kind: fc.constant("torn" as const), bytes: fc.integer({ min: 1, max: 300 }) }),
    );
    const window = fc.option(fc.tuple(fc.nat(60), fc.nat(60)), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, window), { minLength: 1, maxLength: 8 }), async (steps) => {
        rmSync(folder, { recursive: true, force: true });
        folder = mkdtempSync(join(tmpdir(), "fold-log-"));
        let next = 300;
        let segments = 0;
        writeFileSync(log(), `${lines.slice(0, next).join("\n")}\n`);
        for (const [done, hours] of steps) {
          if (done.kind === "append") {
            appendFileSync(log(), `${lines.slice(next, next + done.count).join("\n")}\n`);
            next += done.count;
          } else if (done.kind === "late") appendFileSync(log(), `${lines[done.line]}\n`);
          else if (done.kind === "straggler") appendToSegments(`${lines[done.line]}\n`);
          else if (done.kind === "replace") {
            rmSync(log());
            writeFileSync(log(), `${lines.slice(done.from).join("\n")}\n`);
          } else if (done.kind === "torn") appendFileSync(log(), (lines[next] ?? "").slice(0, done.bytes));
          else if (done.kind === "truncate") writeFileSync(log(), `${lines[next] ?? ""}\n`);
          else if (done.kind === "compress") compressAll();
          else if (done.kind === "forget") rmSync(cache(), { recursive: true, force: true });
          else {
            renameSync(log(), join(folder, `audit-20261020T00000${segments++}.000Z-1.jsonl`));
            writeFileSync(log(), "");
          }
          const range = hours === undefined ? {} : hoursOf(hours);
          expect((await fold(remembered(), range)).cubes).toEqual((await fold(null, range)).cubes);
        }
      }),
      { numRuns: 12 },
    );
  }, 60_000);
});

/** As `prune` leaves the rotated segments. */
function compressAll(): void {
  for (const name of readdirSync(folder).filter((one) => /^audit-.*\.jsonl$/.test(one))) {
    writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name))));
    rmSync(join(folder, name));
  }
}

/** By a writer that had the file open before it was rotated. */
function appendToSegments(line: string): void {
  const plain = readdirSync(folder).filter((name) => /^audit-.*\.jsonl$/.test(name));
  for (const name of plain) appendFileSync(join(folder, name), line);
}

function hoursOf([a, b]: readonly [number, number]): Window {
  const [since, until] = [Math.min(a, b), Math.max(a, b) + 1];
  return { since: BUSY_START + since * HOUR, until: BUSY_START + until * HOUR };
}
