// How long queries take on a large log: `node bench/query.mjs [MEGABYTES] [ROUNDS]`. Each query is a process of its own;
// `inside` is its query_time_ms, `process` its CPU time (user + system), median of the rounds. Needs dist/.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateLog } from "./generate-log.mjs";

const [megabytes = "100", rounds = "5"] = process.argv.slice(2);
const root = join(import.meta.dirname ?? ".", "..");
const home = mkdtempSync(join(tmpdir(), "bench-query-"));
mkdirSync(home, { recursive: true, mode: 0o700 });
cpSync(join(root, "policies", "starter.toml"), join(home, "config.toml"));
const bytes = Number(megabytes) * 1e6;
// The generator's steps are random; the newest record is close to now.
generateLog(join(home, "audit.jsonl"), { bytes, startMs: Date.now() - (bytes / 800) * 7000, stepMs: 7000 });

const QUERIES = [
  ["config", 10, { type: "config", section: "llm" }],
  ["rule", 20, { type: "rule", filter: "deny" }],
  ["match_test", 50, { type: "match_test", tool: "Bash", input: { command: "git push --force" } }],
  ["log of 100", 100, { type: "log", last_n: 100 }],
  ["stats 24 h", 200, { type: "stats", since: "24h" }],
  ["patterns", 500, { type: "patterns", decision: "passthrough" }],
];

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
try {
  const seen = new Map(QUERIES.map(([name]) => [name, { inside: [], cpu: [] }]));
  for (let round = -1; round < Number(rounds); round++) {
    for (const [name, , query] of QUERIES) {
      const script = `process.argv.splice(1, 1);process.on("exit", () => { const { user, system } = process.cpuUsage(); process.stderr.write(String((user + system) / 1000)); });await import(${JSON.stringify(join(root, "dist", "cli", "main.js"))});`;
      const ran = spawnSync(
        process.execPath,
        ["--input-type=module", "-e", script, "x", "x", "--home", home, "query", JSON.stringify(query)],
        { encoding: "utf8", maxBuffer: 1 << 28 },
      );
      if (round < 0) continue;
      seen.get(name).inside.push(JSON.parse(ran.stdout).query_time_ms);
      seen.get(name).cpu.push(Number(ran.stderr));
    }
  }
  console.table(
    QUERIES.map(([name, target]) => ({
      query: name,
      "target ms": target,
      "inside ms": median(seen.get(name).inside),
      "process CPU ms": Math.round(median(seen.get(name).cpu)),
    })),
  );
} finally {
  rmSync(home, { recursive: true, force: true });
}
