/** `ship`, `fleet` and `status` as a user types them, against a receiver and DuckDB. */
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freshWorld, ROOT, type World } from "../cli/run-cli.js";
import { busyLog } from "../cubes/busy-log.js";
import { writeDuckdb } from "../engine-sql/load-rows.js";
import { type Fault, keptRows, type Receiver, startReceiver } from "./receiver.js";

const LOG = busyLog(21, 12, 30).text;
const CLI = join(ROOT, "dist", "cli", "main.js");
let receiver: Receiver;
let fault: Fault = "none";

beforeAll(async () => {
  receiver = await startReceiver(() => fault);
});
afterAll(() => receiver.close());
afterEach(() => {
  fault = "none";
  receiver.rows.length = 0;
  receiver.bodies.length = 0;
});

function loggedWorld(policy?: string): World {
  const world = freshWorld(policy);
  writeFileSync(join(world.home, "audit.jsonl"), LOG, { mode: 0o600 });
  return world;
}

interface Done {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** Not `world.run`, which stops this process, and with it the receiver. */
function run(
  world: World,
  args: readonly string[],
  env: Record<string, string> = {},
  killAfterMs?: number,
): Promise<Done> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: world.project,
      env: { PATH: process.env["PATH"] ?? "", HOME: world.osHome, TZ: "UTC", NO_COLOR: "1", COLUMNS: "120", ...env },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    if (killAfterMs !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    child.on("close", (code) => resolve({ stdout, stderr, code }));
  });
}

const to = (url: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url });

describe("ship", () => {
  it("ships once, under names that tell nothing, and status says how it stands", async () => {
    const world = loggedWorld();
    const env = { ...to(receiver.url), OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20abc" };
    const first = await run(world, ["ship", "--json"], env);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(first.stdout)).toMatchObject({ complete: true, rows: receiver.rows.length, waiting_bytes: 0 });
    expect(receiver.headers.at(-1)).toMatchObject({ authorization: "Bearer abc" });
    const calls = receiver.rows.filter(({ kind }) => kind === "call");
    expect(calls.length).toBeGreaterThan(100);
    expect(new Set(calls.map(({ project }) => project.slice(0, 2)))).toEqual(new Set(["h:"]));
    expect(receiver.bodies.join("")).not.toMatch(/git push|npm run|\/home\/u/);
    const again = await run(world, ["ship"], env);
    expect(again.stdout).toMatch(/^shipped 0 rows/);
    const status = world.run(["status", "--json"]);
    const checks: { name: string; state: string; found: string }[] = JSON.parse(status.stdout).checks;
    expect(checks.find(({ name }) => name === "shipping")).toMatchObject({ state: "good" });
  }, 60_000);

  it("says that imports stay here", async () => {
    const world = loggedWorld();
    const imported = LOG.split("\n").slice(0, 3).join("\n");
    writeFileSync(join(world.home, "imported-transcripts.jsonl"), `${imported}\n`, { mode: 0o600 });
    const bytes = Buffer.byteLength(imported) + 1;
    expect((await run(world, ["ship", "--dry-run", "--limit", "1"])).stderr).toContain(
      `1 imported file (${bytes} bytes)`,
    );
    const told = await run(world, ["ship", "--json"], to(receiver.url));
    expect(JSON.parse(told.stdout).not_shipped).toEqual({ imported_files: 1, imported_bytes: bytes });
    expect(receiver.rows.filter(({ kind }) => kind === "batch")).toHaveLength(1);
    const again = await run(world, ["ship"], to(receiver.url));
    expect(again.stderr).toBe(
      `not shipped: 1 imported file (${bytes} bytes); reports here count them, the fleet's do not\n`,
    );
    const status = JSON.parse(world.run(["status", "--json"]).stdout);
    expect(JSON.stringify(status.checks)).toContain("imports are not shipped");
  }, 60_000);

  it("says what is wrong, keeps its place, and status shows the backlog", async () => {
    const world = loggedWorld();
    expect(JSON.parse((await run(world, ["ship", "--json"])).stdout).error.code).toBe("no_endpoint");
    fault = "400";
    const refused = await run(world, ["ship", "--json"], to(receiver.url));
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout).error).toMatchObject({ code: "ship_failed" });
    fault = "503";
    const late = await run(world, ["ship", "--json", "--for", "4s"], to(receiver.url));
    expect(JSON.parse(late.stdout).error).toMatchObject({ code: "ship_failed", details: { shipped_rows: 0 } });
    const status = world.run(["status", "--json"]);
    const checks: { name: string; state: string; found: string; why: string }[] = JSON.parse(status.stdout).checks;
    const told = checks.find(({ name }) => name === "shipping");
    expect(told).toMatchObject({ state: "note" });
    expect(told?.found).toContain(`${Buffer.byteLength(LOG)} bytes of log wait`);
    expect(told?.why).toContain("HTTP 503");
  }, 60_000);

  it("reads no endpoint from an environment that Claude Code hands on", async () => {
    const world = loggedWorld();
    const done = await run(world, ["ship", "--json"], { ...to(receiver.url), CLAUDECODE: "1" });
    expect(JSON.parse(done.stdout).error.code).toBe("no_endpoint");
    expect(receiver.rows).toEqual([]);
    const own = loggedWorld(`[settings.ship]\nendpoint = "${receiver.url}"\n`);
    expect((await run(own, ["ship"], { CLAUDECODE: "1" })).code).toBe(0);
    expect(receiver.rows.length).toBeGreaterThan(100);
  }, 60_000);

  it("lets nobody but the managed file ship what was called", async () => {
    const world = loggedWorld('[settings.ship]\nprofile = "full"\n');
    const rows = (await run(world, ["ship", "--dry-run", "--limit", "40"])).stdout.trim().split("\n");
    expect(new Set(rows.map((row) => JSON.parse(row).profile))).toEqual(new Set(["counts"]));
    const refused = await run(world, ["ship", "--dry-run", "--json", "--profile", "redacted"]);
    expect(JSON.parse(refused.stdout).error.code).toBe("profile_refused");
    expect(readdirSync(world.home)).not.toContain("state");
  }, 60_000);

  it("has nothing to ship where there is no home yet", async () => {
    const done = await run(freshWorld(), ["ship", "--dry-run", "--home", "/nonexistent/home"]);
    expect(done).toMatchObject({ code: 0, stdout: "" });
  }, 60_000);

  it("comes back at once at a session's end, and ships without the environment", async () => {
    const world = loggedWorld(`[settings.ship]\nendpoint = "${receiver.url}"\n`);
    const done = await run(world, ["ship", "--session-end"], to("http://127.0.0.1:9"));
    expect(done).toEqual({ code: 0, stdout: "", stderr: "" });
    for (let tries = 0; tries < 300 && !receiver.rows.some(({ kind }) => kind === "batch"); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(receiver.rows.filter(({ kind }) => kind === "batch")).toHaveLength(1);
  }, 60_000);

  it("survives being killed", async () => {
    const world = loggedWorld();
    const whole = loggedWorld();
    await run(whole, ["ship"], to(receiver.url));
    const expected = keptRows(receiver.rows).filter(({ kind }) => kind !== "batch").length;
    receiver.rows.length = 0;
    for (const ms of [250, 400, 550]) {
      await run(world, ["ship"], to(receiver.url), ms);
      const state = join(world.home, "state");
      mkdirSync(state, { recursive: true });
      for (const name of readdirSync(state)) if (name.endsWith(".lock")) rmSync(join(state, name), { recursive: true });
    }
    expect(await run(world, ["ship"], to(receiver.url))).toMatchObject({ code: 0, stderr: "" });
    expect(keptRows(receiver.rows).filter(({ kind }) => kind !== "batch").length).toBe(expected);
  }, 60_000);
});

describe("fleet", () => {
  it("makes tables, and reports on what was shipped into them", async () => {
    const key = join(freshWorld().project, "fleet-key");
    writeFileSync(key, "ab".repeat(32));
    const worlds = [0, 1].map(() => loggedWorld(`[settings.ship]\nkey_file = "${key}"\n`));
    for (const world of worlds) await run(world, ["ship"], to(receiver.url));
    const [world] = worlds;
    if (world === undefined) throw new Error("no world");
    const file = join(world.project, "fleet.duckdb");
    await writeDuckdb(file, receiver.rows);
    const source = ["--source", `duckdb:${file}`];
    const status = world.run(["fleet", "status", "--json", ...source]);
    expect(status).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(status.stdout)).toMatchObject({ machines: 2, troubled: 0 });
    const report = JSON.parse(world.run(["fleet", "report", "--json", ...source]).stdout);
    expect(report.completeness).toMatchObject({ machines: 2, missing_bytes: 0, waiting_bytes: 0 });
    const own = JSON.parse(world.run(["stats", "--json"]).stdout);
    expect(report.machines).toHaveLength(2);
    expect(report.policies.every(({ machines }: { machines: number }) => machines === 2)).toBe(true);
    expect(JSON.stringify(own)).toContain(`${report.machines[0].values.calls}`);
    const text = world.run(["fleet", "report", ...source]).stdout;
    expect(text).toContain("2 machines");
    expect(text).toContain("complete");
    const torn = join(world.project, "torn.duckdb");
    await writeDuckdb(
      torn,
      receiver.rows.filter(({ kind }, index) => kind !== "record" || index % 40 !== 0),
    );
    const troubled = world.run(["fleet", "status", ...source.slice(0, 1), `duckdb:${torn}`]);
    expect(troubled.code).toBe(1);
    expect(troubled.stdout).toContain("incomplete");
  }, 90_000);

  it("makes tables that are there already", () => {
    const world = freshWorld();
    const file = join(world.project, "new.duckdb");
    for (let time = 0; time < 2; time++) {
      expect(world.run(["fleet", "init", "--apply", `duckdb:${file}`])).toMatchObject({ code: 0, stderr: "" });
    }
    expect(world.run(["fleet", "status", "--source", `duckdb:${file}`]).stdout).toMatch(/no machine has shipped/);
  }, 60_000);

  it.each([
    ["clickhouse.sql", ["fleet", "init", "--otel"]],
    ["cluster.sql", ["fleet", "init", "--cluster", "main", "--otel"]],
    ["test-cluster.sql", ["fleet", "init", "--cluster", "test", "--test-cluster"]],
    ["duckdb.sql", ["fleet", "init", "--dialect", "duckdb"]],
    ["rollup.sql", ["fleet", "init", "--rollup", "2026-11-20"]],
    ["mapping.json", ["fleet", "init", "--dialect", "mapping"]],
    ["collector.yaml", ["fleet", "init", "--dialect", "collector"]],
  ])("prints %s", async (name, args) => {
    const { stdout, code } = freshWorld().run(args);
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot(join(ROOT, "fixtures", "ship", "init", name));
  });

  it("refuses a life of rows that ClickHouse could not count", () => {
    const { code, stderr } = freshWorld().run(["fleet", "init", "--retain-days", "36500"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("--retain-days takes at most 10000 days")]);
  });

  it("publishes the row's JSON Schema", () => {
    const { stdout } = freshWorld().run(["fleet", "init", "--dialect", "json-schema"]);
    expect(stdout).toBe(readFileSync(join(ROOT, "docs", "schemas", "row.schema.json"), "utf8"));
  });
});
