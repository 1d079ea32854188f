/**
 * A long log and real sessions through every engine: the same report, byte for byte, and how long each took. Calls in the
 * long log: CLAUDE_PERMIT_FLEET_CALLS (10,000). Times are printed, never asserted.
 */
import { type ChildProcess, spawnSync } from "node:child_process";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foldLog } from "../../src/analyze/cubes/fold-log.js";
import { clickhouseEngine, openClickhouse } from "../../src/analyze/engine/clickhouse.js";
import { ROWS_TABLE } from "../../src/analyze/engine/dialect.js";
import { dedupeDuckdb, openDuckdb } from "../../src/analyze/engine/duckdb.js";
import type { SqlEngine } from "../../src/analyze/engine/engine.js";
import { readCubes } from "../../src/analyze/engine/read-cubes.js";
import { clickhouseStatements } from "../../src/analyze/fleet/ddl.js";
import { ROW_COLUMN_NAMES, ROW_COLUMNS, type Row } from "../../src/analyze/fleet/row.js";
import { rowsOfLog } from "../../src/analyze/fleet/rows-of-log.js";
import { buildReport } from "../../src/analyze/report/build.js";
import { renderJson } from "../../src/analyze/report/render/json.js";
import { openScan, type Scan } from "../../src/analyze/scan/open-scan.js";
import { UTC, zoneOf } from "../../src/analyze/zone.js";
import { freshWorld, ROOT } from "../cli/run-cli.js";
import { type Cluster, missingForCluster, startCluster } from "./cluster.js";
import { createRowsTable } from "./cluster-rows.js";
import { fillDuckdb } from "./load-rows.js";

const CALLS = Number(process.env["CLAUDE_PERMIT_FLEET_CALLS"] ?? 10_000);
const CHDB = process.env["CLAUDE_PERMIT_CHDB"] ?? "";
const SHARED = join(ROOT, "..", "shared", "data", "claude_toolcalls.jsonl.gz");
if (!existsSync(SHARED)) console.log("SKIP test:fleet: the shared tool calls are not here");
const NOW = Date.UTC(2027, 0, 1);
const ZONE = zoneOf("Europe/Berlin") ?? UTC;
/** Columns as a file of rows is read: what is not there is empty, 0 or null. */
const READ = ROW_COLUMN_NAMES.map((name) => {
  const { type } = ROW_COLUMNS[name];
  const text = type === "texts" ? "Array(String)" : "String";
  return `${name} ${type === "int" ? "Int64" : type === "maybe" ? "Nullable(Int64)" : text}`;
}).join(", ");
const LINE_BYTES = 740;
/** Rows of made logs are of a fixed year. */
const LONG = 20_000;
/** Rows of one insert, as a gateway would gather them. */
const BATCH = 20_000;

const folder = mkdtempSync(join(tmpdir(), "permit-large-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Prints how long it took, and what of it was this process and the servers at work: they may wait for others. */
async function timed<T>(
  what: string,
  work: () => T | Promise<T>,
  { servers = [], count }: { readonly servers?: readonly ChildProcess[]; readonly count?: (result: T) => number } = {},
): Promise<T> {
  const busy = () => (process.cpuUsage().user + process.cpuUsage().system) / 1000 + cpuMs(servers);
  const [start, before] = [performance.now(), busy()];
  const result = await work();
  const [ms, cpu] = [performance.now() - start, busy() - before];
  const rows = count?.(result);
  const speed = rows === undefined ? "" : `, ${perSecond(rows, ms)} rows/s, ${perSecond(rows, cpu)} a second and core`;
  console.log(`${what}: ${Math.round(ms)} ms, ${Math.round(cpu)} ms of processors${speed}`);
  return result;
}

const perSecond = (count: number, ms: number) => Math.round((count / ms) * 1000);

/** Processor time of other processes, in steps of 10 ms; 0 where it is not told. */
function cpuMs(processes: readonly ChildProcess[]): number {
  return processes.reduce((sum, { pid }) => {
    const file = `/proc/${pid}/stat`;
    const fields = existsSync(file) ? readFileSync(file, "utf8").split(" ") : [];
    return sum + (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) * 10;
  }, 0);
}

async function openOne(file: string): Promise<Scan> {
  const opened = await openScan([file]);
  if (opened.kind !== "scan") throw new Error(opened.message);
  return opened.scan;
}

function generated(): string {
  const file = join(folder, "audit.jsonl");
  spawnSync(process.execPath, [join(ROOT, "bench", "generate-log.mjs"), file, String((CALLS * LINE_BYTES) / 1e6), "7"]);
  return file;
}

function shared(): string {
  const world = freshWorld();
  const script = join(ROOT, "scripts", "transcripts-from-shared.mjs");
  spawnSync(process.execPath, [script, SHARED, join(world.osHome, ".claude", "projects")]);
  world.run(["import", "transcripts"]);
  const [name = ""] = readdirSync(world.home).filter((one) => one.startsWith("imported-"));
  return join(world.home, name);
}

/** Its rows as a file of JSON lines, without what says nothing; the machine of each row is one of eight. */
async function writeRows(scan: Scan, file: string): Promise<number> {
  const out = createWriteStream(file);
  let count = 0;
  for (const row of rowsOfLog(scan.backward({}, { isLazy: true }), { machine: "", logOf: () => "log" })) {
    count += 1;
    const spread = { ...row, machine: `m${row.off % 8}` };
    const fields = ROW_COLUMN_NAMES.filter((name) => !isEmpty(spread[name]));
    const line = `{${fields.map((name) => `"${name}":${JSON.stringify(spread[name])}`).join(",")}}\n`;
    if (!out.write(line)) await new Promise<void>((resolve) => out.once("drain", resolve));
  }
  out.end();
  await finished(out);
  return count;
}

function isEmpty(value: Row[keyof Row]): boolean {
  return value === "" || value === 0 || value === null || (typeof value === "object" && value.length === 0);
}

const filter = {};
const question = { window: {}, zone: ZONE, now: NOW, filter };

function textOf(cubes: Awaited<ReturnType<typeof readCubes>>): string {
  return renderJson(buildReport(cubes, { generatedAt: NOW, engineVersion: "test", zone: ZONE, files: [] })).replaceAll(
    /"at": "[^"]*:(\d+)"/g,
    '"at": "log:$1"',
  );
}

async function engineText(name: string, engine: SqlEngine, servers: readonly ChildProcess[] = []): Promise<string> {
  return textOf(await timed(`report, ${name}`, () => readCubes(engine, question), { servers }));
}

describe.each([
  [`${CALLS} generated calls`, generated, true],
  ["shared calls", shared, existsSync(SHARED)],
])("%s", (name, make, isHere) => {
  let expected = "";
  const rows = join(folder, `${name.replaceAll(/\W+/g, "-")}-rows.jsonl`);
  let count = 0;

  beforeAll(async () => {
    if (!isHere) return;
    const scan = await openOne(make());
    expected = textOf(
      await timed(`report, embedded (${name})`, () => foldLog(scan, { ...question, read: {}, rollups: null })),
    );
    count = await timed("rows written", () => writeRows(scan, rows), { count: (written) => written });
    scan.close();
    console.log(`${count} rows, ${Math.round(statSync(rows).size / count)} bytes a row as JSON`);
  });

  it.skipIf(!isHere)("DuckDB", async () => {
    const engine = await openDuckdb(join(folder, `${count}.duckdb`), { isNew: true });
    await timed("insert, DuckDB", () => fillDuckdb(engine, rows), { count: () => count });
    await dedupeDuckdb(engine);
    expect(await engineText("DuckDB", engine)).toBe(expected);
    await engine.close();
  });

  it.skipIf(!isHere || CHDB === "")("chDB", async () => {
    const { Session } = createRequire(join(CHDB, "package.json"))("chdb");
    const session = new Session();
    session.query("CREATE DATABASE IF NOT EXISTS large", "CSV");
    session.query("USE large", "CSV");
    for (const statement of clickhouseStatements({ cluster: null, retainDays: LONG, isTestCluster: false }))
      session.query(statement, "CSV");
    await timed(
      "insert, chDB",
      () => session.query(`INSERT INTO ${ROWS_TABLE} SELECT * FROM file('${rows}', 'JSONEachRow', '${READ}')`, "CSV"),
      { count: () => count },
    );
    session.query(`OPTIMIZE TABLE ${ROWS_TABLE} FINAL`, "CSV");
    const bytes = session.query(
      `SELECT sum(bytes_on_disk) FROM system.parts WHERE table = '${ROWS_TABLE}' AND active`,
      "TSV",
    );
    console.log(`chDB: ${(Number(bytes) / count).toFixed(1)} bytes a row stored`);
    const client = {
      query: async ({ query, format }: { readonly query: string; readonly format: string }) => ({
        json: async () => JSON.parse(session.query(query, format)),
      }),
      close: async () => undefined,
    };
    expect(await engineText("chDB", clickhouseEngine(client, "chdb"))).toBe(expected);
    session.query("DROP DATABASE large", "CSV");
    session.cleanup();
  });

  it.skipIf(!isHere || missingForCluster() !== null)("cluster, through each node", async () => {
    const cluster = await startCluster();
    try {
      const servers = cluster.nodes.map((node) => node.process);
      await createRowsTable(cluster);
      await timed("insert, cluster of 2 x 2, both replicas before the next", () => insertFile(cluster, rows), {
        servers,
        count: () => count,
      });
      for (const { port, shard, replica } of cluster.nodes) {
        const engine = await openClickhouse(new URL(`clickhouse://127.0.0.1:${port}/default`));
        expect(await engineText(`cluster, shard ${shard} replica ${replica}`, engine, servers)).toBe(expected);
        await engine.close();
      }
      console.log(`cluster: ${((await storedBytes(cluster)) / count).toFixed(1)} bytes a row stored, one copy`);
    } finally {
      await cluster.stop();
    }
  });
});

/** On the first replica of each shard. */
async function storedBytes({ run, nodes }: Cluster): Promise<number> {
  const sql = `SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = '${ROWS_TABLE}_local'`;
  const sizes = await Promise.all(nodes.filter(({ replica }) => replica === 1).map((node) => run(node, sql)));
  return sizes.reduce((sum, size) => sum + Number(size), 0);
}

async function insertFile({ run, nodes }: Cluster, file: string): Promise<void> {
  const settings = { insert_distributed_sync: "1", insert_quorum: "2" };
  let batch: string[] = [];
  let node = 0;
  const send = async () => {
    if (batch.length === 0) return;
    await run(nodes[node++ % nodes.length], `INSERT INTO ${ROWS_TABLE} FORMAT JSONEachRow`, batch.join("\n"), settings);
    batch = [];
  };
  for await (const line of linesOf(file)) {
    if (batch.push(line) >= BATCH) await send();
  }
  await send();
}

async function* linesOf(file: string): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
}
