/** Shipping through kills, refusals and cut connections: nothing is lost, nothing is counted twice, repeats are the same. */
import "../fixed-seed.js";
import { appendFileSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { Row } from "../../src/analyze/fleet/row.js";
import { rowsOfLog } from "../../src/analyze/fleet/rows-of-log.js";
import { bufferSource } from "../../src/analyze/scan/byte-source.js";
import { scanSource } from "../../src/analyze/scan/scan-source.js";
import type { Posted } from "../../src/analyze/ship/post.js";
import { createKeyedHash } from "../../src/store/ship/ship-keys.js";
import { busyLog } from "../cubes/busy-log.js";
import { type Fault, keptRows, type Receiver, startReceiver } from "./receiver.js";
import { KEY, type ShipWorld, shipWorld } from "./ship-world.js";

const open: Receiver[] = [];
const homes: string[] = [];
afterEach(async () => {
  for (const receiver of open.splice(0)) await receiver.close();
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

async function start(
  faultOf?: (n: number) => Fault,
  retryAfter?: string,
): Promise<{ receiver: Receiver; world: ShipWorld }> {
  const receiver = await startReceiver(faultOf, retryAfter);
  open.push(receiver);
  const world = shipWorld(receiver.url);
  homes.push(world.home);
  return { receiver, world };
}

/** What these logs are, read in one go, oldest file first. */
function truth(files: readonly Buffer[]): Record<string, unknown> {
  const hash = createKeyedHash(KEY);
  const nameOf = (bytes: Buffer) => hash("log", bytes.subarray(0, bytes.indexOf(0x0a)).toString("latin1"));
  const lines = files.toReversed().flatMap((bytes) => [...scanSource(bufferSource(nameOf(bytes), bytes), {})]);
  return plain([...rowsOfLog(lines, { machine: hash("machine", "test"), logOf: (file) => file })]);
}

function plain(rows: readonly Row[]): Record<string, unknown> {
  const told = keptRows(rows).filter(({ kind }) => kind !== "batch");
  return Object.fromEntries(
    told
      .map((row) => [row.id, { ...row, rev: 0, off: 0, len: 0, profile: "", body: "" }] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const text = (seed = 5, sessions = 6, calls = 15) => busyLog(seed, sessions, calls).text;
const OLD = new Date(Date.now() - 3_600_000);

describe("shipping", () => {
  it("sends what the log holds, once, and then nothing", async () => {
    const { receiver, world } = await start();
    writeFileSync(world.log, text());
    const first = await world.ship();
    expect(first).toMatchObject({ kind: "done", rows: receiver.rows.length });
    expect(plain(receiver.rows)).toEqual(truth([Buffer.from(text())]));
    expect(new Set(receiver.rows.map(({ id }) => id)).size).toBeGreaterThan(150);
    expect(await world.ship()).toMatchObject({ kind: "done", rows: 0 });
    expect(receiver.paths[0]).toBe("POST /v1/logs");
    expect(receiver.headers[0]).toMatchObject({ "content-encoding": "gzip", "x-given": "yes" });
  });

  it("follows the log through appends, rotation, compression and a line that is not whole yet", async () => {
    const { receiver, world } = await start();
    const bytes = Buffer.from(text(9));
    const cuts = [0, 0.2, 0.4, 0.55, 0.8, 1].map((share) =>
      share === 1 ? bytes.length : bytes.indexOf(0x0a, Math.floor(bytes.length * share)) + 1,
    );
    const part = (index: number) => bytes.subarray(index === 0 ? 0 : cuts[index], cuts[index + 1]);
    const rotated = join(world.home, "audit-20261020T000000.000Z-1.jsonl");
    writeFileSync(world.log, part(0));
    appendFileSync(world.log, part(1).subarray(0, 50));
    await world.ship();
    appendFileSync(world.log, part(1).subarray(50));
    renameSync(world.log, rotated);
    writeFileSync(world.log, part(3));
    await world.ship();
    // A hook that had the log open when it was moved.
    appendFileSync(rotated, part(2));
    await world.ship();
    const older = Buffer.concat([part(0), part(1), part(2)]);
    utimesSync(rotated, OLD, OLD);
    writeFileSync(`${rotated}.gz`, gzipSync(older));
    rmSync(rotated);
    appendFileSync(world.log, part(4));
    expect(await world.ship()).toMatchObject({ kind: "done" });
    expect(await world.ship()).toMatchObject({ kind: "done", rows: 0 });
    expect(plain(receiver.rows)).toEqual(truth([older, Buffer.concat([part(3), part(4)])]));
  });

  it("loses nothing and doubles nothing through faults and kills at any instant", async () => {
    const faults: readonly Fault[] = ["none", "none", "503", "429", "cut-before", "cut-after", "cut-after"];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1_000 }),
        fc.array(fc.constantFrom(...faults), { minLength: 5, maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 8 }),
        async (seed, plan, kills) => {
          const { receiver, world } = await start((n) => plan[n] ?? "none");
          const bytes = Buffer.from(text(seed, 4, 14));
          let written = 0;
          for (const [index, kill] of [...kills, 0].entries()) {
            const to =
              index === kills.length
                ? bytes.length
                : bytes.indexOf(0x0a, Math.floor((bytes.length * (index + 1)) / (kills.length + 2))) + 1;
            appendFileSync(world.log, bytes.subarray(written, to));
            written = to;
            let steps = 0;
            const beforeWrite = () => {
              if (++steps === kill) throw new Error("killed");
            };
            await world
              .ship({ beforeWrite, limits: { batchBytes: 12_000, maxBacklogBytes: null, maxBacklogMs: null } })
              .catch(() => {});
          }
          expect(await world.ship()).toMatchObject({ kind: "done" });
          expect(plain(receiver.rows)).toEqual(truth([bytes]));
        },
      ),
      { numRuns: 5 },
    );
  });

  it("repeats a batch identically", async () => {
    const { receiver, world } = await start((n) => (n < 2 ? "cut-after" : "none"));
    writeFileSync(world.log, text());
    await world.ship({ limits: { batchBytes: 1e9, maxBacklogBytes: null, maxBacklogMs: null } });
    expect(receiver.bodies[1]).toBe(receiver.bodies[0]);
    expect(receiver.bodies[2]).toBe(receiver.bodies[0]);
  });

  it("goes on in the middle of a batch when its time is over", async () => {
    const { receiver, world } = await start();
    writeFileSync(world.log, text(5, 12, 60));
    let clock = 0;
    const limits = { batchBytes: 1e9, maxBacklogBytes: null, maxBacklogMs: null };
    // Every look at the clock takes a second.
    const late = await world.ship({ now: () => (clock += 1_000), forMs: 6_500, limits });
    expect(late.kind).toBe("late");
    expect(world.cursor().batch?.posts).toBeGreaterThan(0);
    const before = receiver.rows.length;
    expect(await world.ship({ limits })).toMatchObject({ kind: "done" });
    expect(before).toBeGreaterThan(0);
    expect(new Set(receiver.rows.map(({ id, rev }) => `${id}${rev}`)).size).toBe(receiver.rows.length);
  });

  it("waits as long as it is told, and longer every time", async () => {
    const { world } = await start((n) => (n < 4 ? "503" : "none"), "7");
    writeFileSync(world.log, text(5, 1, 2));
    const slept: number[] = [];
    const sleep = async (ms: number) => void slept.push(ms);
    expect(await world.ship({ sleep })).toMatchObject({ kind: "done" });
    expect(slept).toEqual([7_000, 7_000, 7_000, 7_000]);
    const { world: other } = await start((n) => (n < 4 ? "cut-before" : "none"));
    writeFileSync(other.log, text(5, 1, 2));
    slept.length = 0;
    await other.ship({ sleep });
    expect(slept).toEqual([250, 500, 1_000, 2_000]);
  });

  it.each(["400", "redirect"] as const)("stops at a %s, keeps its place and says so", async (fault) => {
    const { receiver, world } = await start((n) => (n === 0 ? fault : "none"));
    writeFileSync(world.log, text(5, 1, 2));
    expect(await world.ship()).toMatchObject({ kind: "refused", rows: 0 });
    expect(world.cursor().failure).toMatchObject({ times: 1 });
    expect(await world.ship()).toMatchObject({ kind: "done" });
    expect(world.cursor().failure).toBeNull();
    expect(plain(receiver.rows)).toEqual(truth([Buffer.from(text(5, 1, 2))]));
  });

  it("counts what the endpoint throws away", async () => {
    const { world } = await start((n) => (n === 0 ? "partial" : "none"));
    writeFileSync(world.log, text(5, 1, 2));
    await world.ship();
    expect(world.cursor().rejected).toBe(3);
  });

  it("gives up what the limits leave no room for, counts it, and tells the fleet", async () => {
    const { receiver, world } = await start();
    writeFileSync(world.log, text());
    const size = Buffer.byteLength(text());
    await world.ship({ limits: { batchBytes: 1e9, maxBacklogBytes: 20_000, maxBacklogMs: null } });
    const { lost } = world.cursor();
    expect(lost.bytes).toBeGreaterThanOrEqual(size - 20_000);
    expect(lost.lines).toBeGreaterThan(10);
    const batches = receiver.rows.filter(({ kind }) => kind === "batch");
    expect(batches.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(lost.lines);
    const lines = receiver.rows.filter(({ kind }) => kind === "record" || kind === "bad");
    expect(lines.reduce((sum, { len }) => sum + len, 0)).toBe(size - lost.bytes);
  });

  it("counts what was removed before it was shipped", async () => {
    const { world } = await start((n) => (n === 0 ? "400" : "none"));
    writeFileSync(world.log, text(5, 1, 5));
    await world.ship();
    const size = readFileSync(world.log).length;
    writeFileSync(world.log, text(6, 1, 5));
    expect(await world.ship()).toMatchObject({ kind: "done" });
    expect(world.cursor().lost.bytes).toBe(size);
  });

  it("sends a row again with a higher rev when its outcome comes later", async () => {
    const { receiver, world } = await start();
    const line = (event: string, more: string, second: number) =>
      `{"v":1,"id":"019c0000-0000-7000-8000-00000000000${second}","timestamp":"2026-10-20T10:00:0${second}.000Z","event":"${event}","session_id":"s",${more}"tool_use_id":"toolu_1","auto_promoted":false}\n`;
    writeFileSync(world.log, line("PreToolUse", '"tier":"allow","decision":"allow","tool_name":"Read",', 1));
    await world.ship();
    appendFileSync(world.log, line("PostToolUse", "", 2));
    await world.ship();
    const calls = receiver.rows.filter(({ kind }) => kind === "call");
    expect(calls.map(({ outcome }) => outcome)).toEqual(["", "succeeded"]);
    expect(calls[0]?.id).toBe(calls[1]?.id);
    expect(calls[1]?.rev).toBeGreaterThan(calls[0]?.rev ?? Number.POSITIVE_INFINITY);
  });

  it("tries again and again without an end below the deadline", async () => {
    const { world } = await start();
    writeFileSync(world.log, text(5, 1, 1));
    let tries = 0;
    const post = async (): Promise<Posted> => {
      tries += 1;
      return { kind: "later", why: "HTTP 503", retryAfterMs: null };
    };
    let clock = 0;
    const sleep = async (ms: number) => {
      clock += ms;
    };
    expect(await world.ship({ post, sleep, now: () => clock, forMs: 600_000 })).toMatchObject({ kind: "late" });
    expect(tries).toBeGreaterThan(30);
  });
});
