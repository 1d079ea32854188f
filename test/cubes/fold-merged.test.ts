import { appendFileSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { foldRecords } from "../../src/analyze/cubes/fold.js";
import { openRollups, type Rollups } from "../../src/analyze/cubes/rollups.js";
import { openScan } from "../../src/analyze/scan/open-scan.js";
import type { Window } from "../../src/analyze/scan/scan.js";
import { BUSY_START } from "./busy-log.js";
import { busyLines, foldFolder, HOUR, zone } from "./folding.js";

const lines = busyLines(11);
/** Outcomes and some calls come from transcripts, the rest was logged: calls are joined across files. */
const isImported = (line: string, index: number) =>
  line.includes('"event":"PostToolUse') ? index % 2 === 0 : index % 5 === 0;
const hookLines = (from: number, to = lines.length) =>
  lines.slice(from, to).filter((line, index) => !isImported(line, from + index));
const importLines = (to: number) => lines.slice(0, to).filter(isImported);
const text = (some: readonly string[]) => some.map((line) => `${line}\n`).join("");

let folder = "";
const log = () => join(folder, "audit.jsonl");
const transcripts = () => join(folder, "imported-transcripts.jsonl");
const cache = () => join(folder, "cache");
const remembered = () => openRollups(cache(), "test");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fold-merged-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fold = (rollups: Rollups | null, window: Window = {}, leafBytes = 16_384) =>
  foldFolder(folder, rollups, window, leafBytes);

/** As an import leaves its file: another one under the same name. */
function writeImport(some: readonly string[], file = transcripts()): void {
  writeFileSync(`${file}.new`, text(some));
  renameSync(`${file}.new`, file);
}

function compressAll(): void {
  for (const name of readdirSync(folder).filter((one) => /^audit-.*\.jsonl$/.test(one))) {
    writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name))));
    rmSync(join(folder, name));
  }
}

describe("counting several logs in stretches", () => {
  it("gives what counting them in one go gives", async () => {
    writeFileSync(log(), text(hookLines(0)));
    writeImport(importLines(lines.length));
    const { cubes } = await fold(null);
    const opened = await openScan([folder]);
    if (opened.kind === "failed") throw new Error(opened.message);
    const whole = foldRecords(opened.scan.backward(), { window: {}, zone, now: BUSY_START + 96 * HOUR });
    expect(cubes.quality).toEqual(whole.quality);
    const sorted = (rows: readonly object[] = []) => rows.map((row) => JSON.stringify(row)).sort();
    for (const name of ["deciders", "days", "tools", "rules", "commands", "denials", "prompts_by_tool"] as const) {
      expect(sorted(cubes.tables[name])).toEqual(sorted(whole.tables[name]));
    }
  });

  it("reads only what is new, and all once an import was made again", async () => {
    const two = Math.floor(lines.length / 2);
    writeFileSync(join(folder, "audit-20261020T000000.000Z-1.jsonl"), text(hookLines(0, two)));
    compressAll();
    writeFileSync(log(), text(hookLines(two, lines.length - 1)));
    writeImport(importLines(lines.length));
    const size = text(lines).length;
    const first = await fold(remembered());
    expect(first.stats.bytesRead).toBeGreaterThan(size * 0.9);
    const again = await fold(remembered());
    expect(again.cubes).toEqual(first.cubes);
    expect(again.stats.bytesRead).toBeLessThan(size / 10);
    appendFileSync(log(), text(lines.slice(-1)));
    const next = await fold(remembered());
    expect(next.stats.bytesRead).toBeLessThan(size / 4);
    expect(next.cubes).toEqual((await fold(null)).cubes);

    const altered = importLines(lines.length).map((line, index) =>
      index === 40 ? line.replace(/"tool_name":"(.)/, '"tool_name":"X') : line,
    );
    writeImport(altered);
    const other = await fold(remembered());
    expect(other.cubes).toEqual((await fold(null)).cubes);
    expect(other.cubes).not.toEqual(next.cubes);
  });

  it("remembers no more of a log's end than the last", async () => {
    writeImport(importLines(lines.length));
    writeFileSync(log(), text(hookLines(0)));
    const call = lines.findLast((line) => line.includes('"event":"PreToolUse"')) ?? expect.fail("no call");
    const kept: number[] = [];
    for (let more = 0; more < 8; more++) {
      appendFileSync(log(), text([call.replace(/"tool_use_id":"[^"]*"/, `"tool_use_id":"toolu_${more}"`)]));
      expect((await fold(remembered(), {}, 400_000)).cubes).toEqual((await fold(null, {}, 400_000)).cubes);
      kept.push(readdirSync(cache()).length);
    }
    expect(kept.at(-1)).toBe(kept[0]);
  });

  it("gives the same with and without memory, whatever happens to the files", async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("append" as const), count: fc.nat(400) }),
      fc.record({ kind: fc.constantFrom("import", "import", "rotate", "compress", "truncate", "forget", "second") }),
      fc.record({ kind: fc.constantFrom("late" as const, "straggler" as const), line: fc.nat(lines.length - 1) }),
      fc.record({ kind: fc.constant("alter" as const), line: fc.nat(200) }),
      fc.record({ kind: fc.constant("torn" as const), bytes: fc.integer({ min: 1, max: 300 }) }),
    );
    const window = fc.option(fc.tuple(fc.nat(60), fc.nat(60)), { nil: undefined });
    let found = 0;
    let rests = 0;
    const watched = (): Rollups => {
      const rollups = remembered();
      const find: Rollups["find"] = (...asked) => {
        const stretch = rollups.find(...asked);
        if (stretch !== null) found++;
        return stretch;
      };
      const findRest: Rollups["findRest"] = (slot) => {
        const kept = rollups.findRest(slot);
        if (kept === null) return null;
        const counted: typeof kept.counted = (files) => {
          const rest = kept.counted(files);
          if (rest !== null) rests++;
          return rest;
        };
        return { ...kept, counted };
      };
      return { ...rollups, find, findRest };
    };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, window), { minLength: 1, maxLength: 8 }), async (steps) => {
        rmSync(folder, { recursive: true, force: true });
        folder = mkdtempSync(join(tmpdir(), "fold-merged-"));
        let next = 300;
        let segments = 0;
        writeFileSync(log(), text(hookLines(0, next)));
        writeImport(importLines(next));
        for (const [done, hours] of steps) {
          if (done.kind === "append") {
            appendFileSync(log(), text(hookLines(next, next + done.count)));
            next += done.count;
          } else if (done.kind === "late") appendFileSync(log(), `${lines[done.line]}\n`);
          else if (done.kind === "straggler") appendToSegments(`${lines[done.line]}\n`);
          else if (done.kind === "import") writeImport(importLines(next));
          else if (done.kind === "second")
            writeImport(lines.slice(0, 200), join(folder, "imported-permissions-hook.jsonl"));
          else if (done.kind === "alter")
            writeImport(
              importLines(next).map((line, at) => (at === done.line ? line.replace('"allow"', '"xllow"') : line)),
            );
          else if (done.kind === "torn") appendFileSync(log(), (lines[next] ?? "").slice(0, done.bytes));
          else if (done.kind === "truncate") writeFileSync(log(), `${lines[next] ?? ""}\n`);
          else if (done.kind === "compress") compressAll();
          else if (done.kind === "forget") rmSync(cache(), { recursive: true, force: true });
          else {
            renameSync(log(), join(folder, `audit-20261020T00000${segments++}.000Z-1.jsonl`));
            writeFileSync(log(), "");
          }
          const range = hours === undefined ? {} : hoursOf(hours);
          for (const one of [{}, range, {}]) {
            expect((await fold(watched(), one, 4_096)).cubes).toEqual((await fold(null, one, 4_096)).cubes);
          }
        }
      }),
      { numRuns: 4 },
    );
    expect(found).toBeGreaterThan(5);
    expect(rests).toBeGreaterThan(5);
  }, 60_000);
});

/** By a writer that had the file open before it was rotated. */
function appendToSegments(line: string): void {
  const plain = readdirSync(folder).filter((name) => /^audit-.*\.jsonl$/.test(name));
  for (const name of plain) appendFileSync(join(folder, name), line);
}

function hoursOf([a, b]: readonly [number, number]): Window {
  const [since, until] = [Math.min(a, b), Math.max(a, b) + 1];
  return { since: BUSY_START + since * HOUR, until: BUSY_START + until * HOUR };
}
