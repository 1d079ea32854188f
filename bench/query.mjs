// How long queries take on a large log: `node bench/query.mjs [MEGABYTES] [ROUNDS] [MIXED]`. Each query is a process of its own.
// `inside` is its query_time_ms; `inside CPU` the same by the main thread's own processor time (Linux), which other programs
// hardly move; `process` the processor time of all of it, and as a multiple of an empty process of the same round. Minima of the
// rounds; `gaps` judges all its calls in each. Then MIXED queries of the first five kinds, as one batch: the 95th percentile inside. Needs dist/.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  cpSync,
  existsSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateLog } from "./generate-log.mjs";

const [megabytes = "100", rounds = "5", mixed = "1000"] = process.argv.slice(2);
const root = join(import.meta.dirname ?? ".", "..");
const home = mkdtempSync(join(tmpdir(), "bench-query-"));
const log = join(home, "audit.jsonl");
cpSync(join(root, "policies", "starter.toml"), join(home, "config.toml"));

// The generator's steps are random, but the same for the same seed: the second log ends now.
const options = { bytes: Number(megabytes) * 1e6, startMs: 0 };
generateLog(log, options);
generateLog(log, { ...options, startMs: Date.now() - lastTime(log) });

const FIRST_FIVE = [
  ["config", 10, { type: "config", section: "llm" }],
  ["rule", 20, { type: "rule", filter: "deny" }],
  ["match_test", 50, { type: "match_test", tool: "Bash", input: { command: "git push --force" } }],
  ["log of 100", 100, { type: "log", last_n: 100 }],
  ["stats 24 h", 200, { type: "stats", since: "24h" }],
];
const QUERIES = [
  ...FIRST_FIVE,
  ["patterns", 500, { type: "patterns", decision: "passthrough" }],
  ["gaps", 1000, { type: "gaps" }],
  ["gaps, judged before", 1000, { type: "gaps" }],
];

const empty = join(home, "empty.cjs");
const cpuClock = join(home, "cpu-clock.mjs");
const meter = join(home, "meter.mjs");
writeFileSync(empty, "");
writeFileSync(
  cpuClock,
  'import { readFileSync } from "node:fs";performance.now = () => Number(readFileSync("/proc/self/schedstat", "latin1").split(" ")[0]) / 1e6;',
);
writeFileSync(
  meter,
  'process.on("exit", () => { const { user, system } = process.cpuUsage(); process.stderr.write(String((user + system) / 1000)); });',
);
const hasCpuClock = existsSync("/proc/self/schedstat");

try {
  const seen = new Map(QUERIES.map(([name]) => [name, { inside: [], insideCpu: [], process: [], times: [] }]));
  for (let round = -1; round < Number(rounds); round++) {
    const base = Number(run(["--import", meter, empty]).stderr);
    for (const [name, , query] of QUERIES) {
      const askNext = (preload) => {
        if (name === "gaps") rmSync(join(home, "cache", "judged"), { recursive: true, force: true });
        return ask(query, preload);
      };
      const { stdout, stderr } = askNext(meter);
      const cpu = hasCpuClock ? JSON.parse(askNext(cpuClock).stdout).query_time_ms : Number.NaN;
      if (round < 0) continue;
      const found = seen.get(name);
      found.inside.push(JSON.parse(stdout).query_time_ms);
      found.insideCpu.push(cpu);
      found.process.push(Number(stderr));
      found.times.push(Number(stderr) / base);
    }
  }
  console.table(
    QUERIES.map(([name, target]) => {
      const { inside, insideCpu, process: whole, times } = seen.get(name);
      return {
        query: name,
        "target ms": target,
        "inside ms": least(inside),
        "inside CPU ms": least(insideCpu),
        "process CPU ms": least(whole),
        "x empty": least(times),
      };
    }),
  );

  const queries = Array.from({ length: Number(mixed) }, (_, index) => FIRST_FIVE[index % FIRST_FIVE.length][2]);
  const batch = hasCpuClock ? [meter, cpuClock] : [meter];
  const { results } = JSON.parse(
    run([...imports(...batch), cli(), "query", "-", "--home", home], JSON.stringify({ queries })).stdout,
  );
  const times = results.map(({ query_time_ms: ms }) => ms).sort((a, b) => a - b);
  const p95 = times[Math.ceil(times.length * 0.95) - 1];
  console.log(
    `${times.length} mixed queries in one batch: p95 ${p95} ms inside${hasCpuClock ? " (processor time)" : ""}; target 200`,
  );
} finally {
  rmSync(home, { recursive: true, force: true });
}

function ask(query, preload) {
  return run([...imports(preload), cli(), "query", JSON.stringify(query), "--home", home]);
}

function imports(...files) {
  return files.flatMap((file) => ["--import", file]);
}

function cli() {
  return join(root, "dist", "cli", "main.js");
}

function run(args, input = "") {
  return spawnSync(process.execPath, args, { encoding: "utf8", input, maxBuffer: 1 << 30 });
}

function least(list) {
  return Math.round(Math.min(...list) * 10) / 10;
}

function lastTime(file) {
  const descriptor = openSync(file, "r");
  const { size } = fstatSync(descriptor);
  const bytes = Buffer.alloc(Math.min(size, 65_536));
  readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
  closeSync(descriptor);
  return Date.parse(JSON.parse(bytes.toString("utf8").trim().split("\n").at(-1)).timestamp);
}
