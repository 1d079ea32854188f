/**
 * Shipping into the cluster while things break: `ship` is killed, the receiver turns away, cuts connections after it has
 * inserted, inserts twice; a node dies. Nothing is lost, nothing is counted twice, in the cluster's own counts.
 */
import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEngine } from "../../src/analyze/engine/open-engine.js";
import { readMachineStates } from "../../src/analyze/fleet/fleet-views.js";
import type { Row } from "../../src/analyze/fleet/row.js";
import { rowsOfLog } from "../../src/analyze/fleet/rows-of-log.js";
import { bufferSource } from "../../src/analyze/scan/byte-source.js";
import { scanSource } from "../../src/analyze/scan/scan-source.js";
import { freshWorld, ROOT, type World } from "../cli/run-cli.js";
import { busyLog } from "../cubes/busy-log.js";
import { type Cluster, missingForCluster, startCluster } from "../engine-sql/cluster.js";
import { createRowsTable, insertRows } from "../engine-sql/cluster-rows.js";
import { rowsOfRequest } from "./otlp-rows.js";

const CLI = join(ROOT, "dist", "cli", "main.js");
const MACHINES = 3;
const ROUNDS = 8;

describe.skipIf(missingForCluster() !== null)("a fleet that ships while things break", () => {
  let cluster: Cluster;
  const told = { requests: 0, turnedAway: 0, cut: 0, twice: 0, kills: 0, afterDeath: 0, rows: 0 };
  let url = "";
  const server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => void receive(Buffer.concat(chunks)));

    async function receive(bytes: Buffer): Promise<void> {
      const turn = told.requests++ % 11;
      if (turn === 3 || turn === 7) {
        told.turnedAway += 1;
        return void answer.writeHead(503, { "retry-after": "0" }).end();
      }
      const rows = rowsOfRequest(JSON.parse(gunzipSync(bytes).toString("utf8")));
      try {
        await insert(rows);
        if (turn === 5) {
          told.twice += 1;
          await insert(rows.toReversed());
        }
      } catch {
        return void answer.writeHead(503).end();
      }
      if (turn === 2 || turn === 9) {
        told.cut += 1;
        return void request.socket.destroy();
      }
      answer.writeHead(200).end("{}");
    }
  });
  let alive = 4;
  /** Through another node every time; once a replica is dead a quorum of two cannot be had on its shard. */
  async function insert(rows: readonly Row[]): Promise<void> {
    told.rows += rows.length;
    if (alive === 4) return insertRows(cluster, told.requests % 4, rows);
    told.afterDeath += 1;
    const body = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    await cluster.run(cluster.nodes[told.requests % 3], "INSERT INTO claude_permit_rows FORMAT JSONEachRow", body, {
      insert_distributed_sync: "1",
    });
  }

  beforeAll(async () => {
    cluster = await startCluster();
    await createRowsTable(cluster);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await cluster.stop();
  });

  it("loses nothing and counts nothing twice", async () => {
    const logs = Array.from({ length: MACHINES }, (_, index) => Buffer.from(busyLog(100 + index, 30, 60).text));
    const worlds = logs.map(() => freshWorld());
    const written = logs.map(() => 0);
    for (let round = 1; round <= ROUNDS; round++) {
      for (const [index, world] of worlds.entries()) {
        const bytes = logs[index] ?? Buffer.alloc(0);
        const end =
          round === ROUNDS ? bytes.length : bytes.indexOf(0x0a, Math.floor((bytes.length * round) / ROUNDS)) + 1;
        appendFileSync(join(world.home, "audit.jsonl"), bytes.subarray(written[index] ?? 0, end), { mode: 0o600 });
        written[index] = end;
        const isKilled = round < ROUNDS && (round + index) % 2 === 0;
        await ship(world, isKilled ? 300 + 150 * ((round + index) % 5) : null);
      }
      if (round === ROUNDS - 2) {
        cluster.nodes[3]?.process.kill("SIGKILL");
        alive = 3;
      }
    }
    for (const world of worlds) expect(await ship(world, null)).toBe(0);
    expect(told.turnedAway * told.cut * told.twice * told.kills * told.afterDeath).toBeGreaterThan(0);

    const engine = await openEngine(`clickhouse://default:@127.0.0.1:${cluster.nodes[0]?.port}/default`);
    const counted = await engine.rows(
      "SELECT kind, count(*), sum(len) FROM claude_permit_rows FINAL WHERE kind NOT IN ('gone', 'batch') GROUP BY kind ORDER BY kind",
    );
    const expected = new Map<string, number>();
    for (const bytes of logs) {
      const rows = rowsOfLog(scanSource(bufferSource("log", bytes), {}), { machine: "m", logOf: (file) => file });
      for (const { kind } of rows) if (kind !== "batch") expected.set(kind, (expected.get(kind) ?? 0) + 1);
    }
    expect(Object.fromEntries(counted.map(([kind, count]) => [kind, Number(count)]))).toEqual(
      Object.fromEntries(expected),
    );
    const distinct = counted.reduce((sum, [, count]) => sum + Number(count), 0);
    expect(told.rows).toBeGreaterThan(distinct);
    const lines = counted.filter(([kind]) => kind === "record" || kind === "bad");
    const bytes = logs.reduce((sum, log) => sum + log.length, 0);
    expect(lines.reduce((sum, [, , len]) => sum + Number(len), 0)).toBe(bytes);
    const outcomes = await engine.rows(
      "SELECT count(*) FROM claude_permit_rows FINAL WHERE kind = 'call' AND outcome <> ''",
    );
    const joined = logs.reduce((sum, log) => {
      const rows = rowsOfLog(scanSource(bufferSource("log", log), {}), { machine: "m", logOf: (file) => file });
      return sum + [...rows].filter(({ kind, outcome }) => kind === "call" && outcome !== "").length;
    }, 0);
    expect(Number(outcomes[0]?.[0])).toBe(joined);
    const states = await readMachineStates(engine, Date.now(), 3_600_000);
    expect(states.map(({ problems }) => problems)).toEqual(Array.from({ length: MACHINES }, () => []));
    await engine.close();
    console.log(`chaos: ${JSON.stringify({ ...told, machines: MACHINES, bytes })}`);
  });

  function ship(world: World, killAfterMs: number | null): Promise<number | null> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [CLI, "ship", "--quiet"], {
        cwd: world.project,
        stdio: "ignore",
        env: { PATH: process.env["PATH"] ?? "", HOME: world.osHome, TZ: "UTC", OTEL_EXPORTER_OTLP_ENDPOINT: url },
      });
      if (killAfterMs !== null) {
        setTimeout(() => {
          if (child.exitCode === null && child.kill("SIGKILL")) told.kills += 1;
        }, killAfterMs);
      }
      child.on("close", (code) => {
        // A lock outlives who is killed by ten seconds; nobody here waits for that.
        const state = join(world.home, "state");
        mkdirSync(state, { recursive: true });
        for (const name of readdirSync(state)) {
          if (name.endsWith(".lock")) rmSync(join(state, name), { recursive: true, force: true });
        }
        resolve(code);
      });
    });
  }
});
