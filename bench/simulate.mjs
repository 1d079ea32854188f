#!/usr/bin/env node
/**
 * What a replay costs and whether it is true. Real calls go through the built hook, one process each; `simulate` judges the
 * written records and `match_test` the calls, and every difference is printed. Then `simulate` over a whole imported
 * history under two policies, and `match_test` one by one beside the least a query costs. No call is run. Needs dist/.
 *
 *   node bench/simulate.mjs [calls through the hook, 0 for all] [claude_toolcalls.jsonl.gz]
 */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const [wanted = "500", given] = process.argv.slice(2);
const root = new URL("..", import.meta.url).pathname;
const file = given ?? join(root, "..", "shared", "data", "claude_toolcalls.jsonl.gz");
if (!existsSync(file)) {
  console.log(`skipped: no ${file}`);
  process.exit();
}
const base = mkdtempSync(join(tmpdir(), "bench-simulate-"));
const project = join(base, "project");
mkdirSync(join(project, ".git"), { recursive: true });

/** A home of its own with the starter policy. */
function home(name) {
  const folder = join(base, name, ".claude", "claude-permit");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  cpSync(join(root, "policies", "starter.toml"), join(folder, "config.toml"));
  return folder;
}

const environment = { PATH: process.env.PATH, HOME: join(base, "user"), TZ: "UTC", NO_COLOR: "1" };

function run(folder, args, input = "") {
  const script = `process.argv.splice(1, 1);process.on("exit", () => { const { user, system } = process.cpuUsage(); process.stderr.write("\\ncpu " + (user + system) / 1000); });await import(${JSON.stringify(join(root, "dist", "cli", "main.js"))});`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "-e", script, "x", "x", "--home", folder, ...args],
    { input, encoding: "utf8", maxBuffer: 1 << 29, cwd: project, env: environment },
  );
  return { stdout, cpu: Number(/cpu ([\d.]+)$/.exec(stderr)?.[1]) };
}

const rows = gunzipSync(readFileSync(file)).toString().trimEnd().split("\n");
const every = wanted === "0" ? 1 : Math.max(1, Math.floor(rows.length / Number(wanted)));
const calls = rows
  .filter((_, index) => index % every === 0)
  .map((line) => {
    const { tool_name: tool, tool_input: input, cwd } = JSON.parse(line);
    return { tool, input: input ?? {}, cwd: cwd ?? project };
  });

try {
  // Through the hook.
  const live = home("live");
  let next = 0;
  await Promise.all(
    [0, 1].map(async () => {
      for (let index = next++; index < calls.length; index = next++) {
        const { tool, input, cwd } = calls[index];
        const ids = { session_id: "s", tool_use_id: `t${index}`, cwd, permission_mode: "default" };
        const event = { hook_event_name: "PreToolUse", ...ids, tool_name: tool, tool_input: input };
        await new Promise((done) => {
          const child = spawn(process.execPath, [join(root, "dist", "hook.cjs"), "--home", live], {
            stdio: ["pipe", "ignore", "ignore"],
            env: { ...environment, CLAUDE_CODE_SESSION_ATTENDED: "1" },
          });
          child.on("close", done);
          child.stdin.end(JSON.stringify(event));
        });
      }
    }),
  );
  const written = new Map(
    readFileSync(join(live, "audit.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      // A hook that finds another's write half done begins a line of its own: readers pass over empty ones.
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line))
      .filter(({ event }) => event === "PreToolUse")
      .map((record) => [record.tool_use_id, record]),
  );
  const decided = calls.map((_, index) => written.get(`t${index}`)?.decision ?? "nothing written");
  const matched = [];
  for (let from = 0; from < calls.length; from += 10_000) {
    const query = JSON.stringify({ type: "match_test", calls: calls.slice(from, from + 10_000) });
    matched.push(...JSON.parse(run(live, ["query", "-"], query).stdout).results);
  }
  const differences = calls.flatMap((call, index) =>
    decided[index] === matched[index].decision
      ? []
      : [{ ...call, hook: decided[index], match_test: matched[index].decision }],
  );
  const { figures } = JSON.parse(run(live, ["simulate", "--with", join(live, "config.toml"), "--json"]).stdout).sections
    .simulate;
  console.log(
    `${calls.length} calls through the built hook: match_test differs for ${differences.length}; simulate: ` +
      `${figures.unchanged.value} unchanged, ${figures.unknowable.value} unknowable, ` +
      `${calls.length - figures.unchanged.value - figures.unknowable.value} different`,
  );
  for (const one of differences.slice(0, 10)) console.log(JSON.stringify(one).slice(0, 400));

  // One by one, beside the least a query costs.
  const singles = calls.slice(0, 1_000).map((call) => ({ type: "match_test", ...call }));
  const p95 = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length * 0.95)] ?? Number.NaN;
  const timesOf = (queries) => {
    const times = [];
    for (let from = 0; from < queries.length; from += 100) {
      const asked = JSON.stringify({ queries: queries.slice(from, from + 100) });
      times.push(...JSON.parse(run(live, ["query", "-"], asked).stdout).results.map((one) => one.query_time_ms));
    }
    return times;
  };
  const floor = timesOf(singles.map(() => ({ type: "config", section: "report" })));
  const own = timesOf(singles);
  console.log(
    `match_test, ${own.length} mixed calls, 100 a process: p50 ${p50(own)} ms, p95 ${p95(own)} ms, most ${Math.max(...own)} ms; ` +
      `floor (a query of one setting): p50 ${p50(floor)} ms, p95 ${p95(floor)} ms`,
  );

  // A whole history under two policies.
  const past = home("past");
  const projects = join(base, "transcripts");
  spawnSync(process.execPath, [join(root, "scripts", "transcripts-from-shared.mjs"), file, projects]);
  run(past, ["import", "transcripts", projects]);
  const strict = join(base, "strict.toml");
  writeFileSync(strict, `[[ask]]\ntool = "Bash"\n[[allow]]\ntool = "Read|Grep|Glob"\n`);
  const scan = run(past, ["stats", "--json", "--read-only"]);
  console.log(`stats over the same log, for comparison: ${(scan.cpu / 1000).toFixed(1)} s CPU`);
  for (const policy of [join(past, "config.toml"), strict]) {
    const { stdout, cpu } = run(past, ["simulate", "--with", policy, "--json"]);
    const { calls: all, distinct, newly_allowed: allowed, unknowable } = JSON.parse(stdout).sections.simulate.figures;
    console.log(
      `simulate --with ${policy.endsWith("strict.toml") ? "three rules" : "the starter"}: ${(cpu / 1000).toFixed(1)} s CPU for ${all.value} calls, ` +
        `${distinct.value} distinct, ${unknowable.value} unknowable, ${allowed.value} newly allowed`,
    );
  }
} finally {
  rmSync(base, { recursive: true, force: true });
}

function p50(list) {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
}
