import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { foldRecords, readWindow } from "../../src/analyze/cubes/fold.js";
import { visitCalls } from "../../src/analyze/query/types/calls-in.js";
import { type DecidedFilter, visitDecided } from "../../src/analyze/query/types/decided-calls.js";
import { statsOfCalls, statsOfCubes } from "../../src/analyze/query/types/stats-counts.js";
import { openScan } from "../../src/analyze/scan/open-scan.js";
import { UTC } from "../../src/analyze/zone.js";
import { DECISIONS } from "../../src/core/decision.js";
import { BUSY_START, busyLog } from "../cubes/busy-log.js";

const folder = mkdtempSync(join(tmpdir(), "decided-calls-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * With ids as we write them, so that lines are read lazily, with prompts that the hook answered, as older logs have them,
 * some without their call, and with copies of which the older one is the stricter.
 */
async function logOf(seed: number) {
  const lines = busyLog(seed, 40, 40)
    .text.split("\n")
    .map((line, index) => {
      const prompt = `"event":"PermissionRequest","decision":"${index % 4 === 0 ? "allow" : "passthrough"}"`;
      const answered = index % 2 === 0 ? line.replace('"event":"PermissionRequest"', prompt) : line;
      const isAlone = index % 3 === 0 && line.includes('"event":"PermissionRequest"');
      const alone = isAlone ? answered.replace(/"session_id":"[^"]+"/, '"session_id":"alone"') : answered;
      const stricter = index % 7 === 0 ? alone.replace('"decision":"allow"', '"decision":"ask"') : alone;
      return stricter.replace(/"id":"\d+-\d+"/, `"id":"019c0000-0000-7000-8000-${String(index).padStart(12, "0")}"`);
    });
  const file = join(folder, `audit-${seed}.jsonl`);
  writeFileSync(file, lines.join("\n"));
  const opened = await openScan([file]);
  if (opened.kind === "failed") throw new Error(opened.message);
  return opened.scan;
}

const HOUR = 3_600_000;
const FILTERS: readonly DecidedFilter[] = [
  {},
  { since: BUSY_START + 6 * HOUR, until: BUSY_START + 9 * HOUR },
  { session: "session-3" },
  { tool: "Read" },
  { project: "/home/u/p1", decision: "ask" },
  ...DECISIONS.map((decision) => ({ decision })),
  ...DECISIONS.map((decision) => ({ decision, since: BUSY_START + 6 * HOUR, tool: "Bash" })),
];

describe("calls that were decided", () => {
  it.each([1, 2, 3])("are those that the whole join finds, in its order (log %i)", async (seed) => {
    const scan = await logOf(seed);
    const found = FILTERS.map((filter) => {
      const all: string[] = [];
      visitCalls(scan, filter, ({ calling }) => all.push(JSON.stringify(calling)));
      const decided: string[] = [];
      visitDecided(scan, filter, (calling) => decided.push(JSON.stringify(calling)));
      expect(decided, JSON.stringify(filter)).toEqual(all);
      return all.length;
    });
    expect(found.filter((count) => count === 0)).toEqual([]);
  });

  it.each([1, 2, 3])("count as the cubes of a report do (log %i)", async (seed) => {
    const scan = await logOf(seed);
    for (const filter of FILTERS) {
      const { since, until, session } = filter;
      const window = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
      const read = { ...readWindow(window), ...(session === undefined ? {} : { session }) };
      const cubes = foldRecords(scan.backward(read), { window, filter, zone: UTC, now: BUSY_START });
      expect(statsOfCalls(scan, filter), JSON.stringify(filter)).toEqual(statsOfCubes(cubes));
    }
  });
});
