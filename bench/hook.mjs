// CPU of one cold hook process as a ratio to `node empty.cjs`, taken in interleaved rounds of one run, so that a busy
// machine disturbs both alike (SPEC section 11), beside the least any such hook does and beside cc-safety-net's published
// command where npm can fetch it. Then 1,000 calls in a row, which must leave nothing but their records. Needs bash,
// whose `time` tells the CPU of children to the millisecond.
//   node bench/hook.mjs [rounds] [runs a round] [calls in a row]
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildHook } from "../scripts/build-hook.mjs";

const [rounds = 9, runs = 10, inARow = 1000] = process.argv.slice(2).map(Number);
const root = mkdtempSync(join(tmpdir(), "claude-permit-bench-"));
const dist = join(root, "dist");
await buildHook(dist);

/** What `init` writes, in place of a count of rules. */
const STARTER = "starter";
const starter = new URL("../policies/starter.toml", import.meta.url);

/** Rules of the kinds people write, none of which meets the events below. */
function rules(count) {
  const kinds = [
    (n) => `[[deny]]\nname = "r${n}"\npattern = "Bash(tool-${n} --force *)"\nreason = "Not here."\n`,
    (n) => `[[allow]]\nname = "r${n}"\npattern = "Bash(make target-${n} *)"\n`,
    (n) => `[[deny]]\nname = "r${n}"\npattern = "Read(//srv/secret-${n}/**)"\n`,
    (n) => `[[ask]]\nname = "r${n}"\ntool = "Bash"\n[ask.shell]\nprogram = ["prog-${n}"]\nflags_any = ["-f"]\n`,
    (n) => `[[allow]]\nname = "r${n}"\ntool = "Read|Grep"\n[allow.fields]\nfile_path = '^/opt/area-${n}/'\n`,
    (n) => `[[deny]]\nname = "r${n}"\ntool = "Edit|Write"\n[deny.fields]\nfile_path = '/vendor-${n}/.*\\.lock$'\n`,
  ];
  return Array.from({ length: count }, (_, n) => kinds[n % kinds.length](n)).join("\n");
}

function home(count) {
  const folder = join(root, `user-${count}`, ".claude", "claude-permit");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.toml"), count === STARTER ? readFileSync(starter) : rules(count));
  return folder;
}

function event(tool, input) {
  const file = join(root, `${tool}.json`);
  mkdirSync(join(root, "project", ".git"), { recursive: true });
  const cwd = join(root, "project");
  const ids = { session_id: "0b5c6e0a-6d0f-4f4e-9b8a-1f2e3d4c5b6a", prompt_id: "p", tool_use_id: "toolu_01A" };
  const call = { ...ids, cwd, permission_mode: "default", hook_event_name: "PreToolUse", tool_name: tool };
  writeFileSync(file, JSON.stringify({ ...call, tool_input: input }));
  return file;
}

mkdirSync(join(root, "project", "src"), { recursive: true });
writeFileSync(join(root, "project", "src", "main.ts"), "");
const read = event("Read", { file_path: join(root, "project", "src", "main.ts") });
const bash = event("Bash", {
  command: "cd src && git status --short | head -n 5; npm test -- --run 2>&1 | tee out.log",
  description: "Run the tests",
});
const empty = join(root, "empty.cjs");
writeFileSync(empty, "");

const hook = (folder, file) => `node ${dist}/hook.cjs --home ${folder} < ${file}`;
const least = join(root, "least.cjs");
writeFileSync(
  least,
  `const fs = require("node:fs");
const event = JSON.parse(fs.readFileSync(0, "utf8"));
fs.appendFileSync(${JSON.stringify(join(root, "least.log"))}, JSON.stringify(event) + "\\n", { mode: 0o600 });
fs.writeSync(1, "{}");`,
);
const cases = [
  ["node empty.cjs", `node ${empty} < ${read}`],
  ["only read, parse, append, answer", `node ${least} < ${read}`],
];
for (const count of [0, 100, 1000, STARTER]) {
  const folder = home(count);
  const name = count === STARTER ? "starter policy" : `${count} rules`;
  cases.push([`file tool, ${name}`, hook(folder, read)], [`compound Bash, ${name}`, hook(folder, bash)]);
}
const other = neighbour();
if (other !== null) {
  const command = `HOME=${join(root, "other-user")} node ${other} hook --claude-code`;
  cases.push(
    ["cc-safety-net, file tool", `${command} < ${read}`],
    ["cc-safety-net, compound Bash", `${command} < ${bash}`],
  );
}
console.log("Dippy: skipped, its hook is a Python package that neither npm nor Debian has");
// The first process compiles the policy, unless it comes too soon after the config was written; the next makes the code cache.
spawnSync("sleep", ["0.3"]);
for (const [, command] of [...cases, ...cases, ...cases]) spawnSync("bash", ["-c", command]);

const taken = cases.map(() => []);
for (let round = 0; round < rounds; round++) {
  for (const [index, [, command]] of cases.entries()) taken[index].push(measure(command));
}
console.log("median CPU ms, median CPU ratio, ratio of the minima, median wall ms, peak MB");
for (const [index, [name, command]] of cases.entries()) {
  const cpu = taken[index].map((one) => one.cpu);
  const ratios = cpu.map((ms, round) => ms / taken[0][round].cpu);
  const minima = Math.min(...cpu) / Math.min(...taken[0].map((one) => one.cpu));
  const figures = [median(cpu).toFixed(1), median(ratios).toFixed(2), minima.toFixed(2)];
  const wall = median(taken[index].map((one) => one.wall)).toFixed(1);
  console.log(`${name.padEnd(34)} ${figures.join("  ")}  ${wall}  ${peakMegabytes(command)}`);
}
growth(inARow);
rmSync(root, { recursive: true, force: true });

/** Path of the neighbour's program in a folder of this run; `null`, and a printed skip, where npm cannot fetch it. */
function neighbour() {
  const folder = join(root, "neighbour");
  mkdirSync(folder);
  mkdirSync(join(root, "other-user"));
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, "cc-safety-net@2.4.5"];
  const { status } = spawnSync("npm", args, { cwd: folder, stdio: "ignore", timeout: 60_000 });
  if (status === 0) return join(folder, "node_modules/cc-safety-net/dist/bin/cc-safety-net.js");
  console.log("cc-safety-net: skipped, npm cannot fetch it");
  return null;
}

/** Files and their sizes before and after many calls, and the length of their records. */
function growth(count) {
  const folder = home(100);
  const files = () => {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = entries
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.endsWith("audit.jsonl"));
    return { count: paths.length, bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0) };
  };
  const logBytes = () => statSync(join(folder, "audit.jsonl")).size;
  spawnSync("sleep", ["0.3"]);
  for (let warm = 0; warm < 3; warm++) spawnSync("bash", ["-c", hook(folder, bash)]);
  const [before, from] = [files(), logBytes()];
  const first = measure(hook(folder, bash)).cpu;
  const middle = logBytes();
  measure(hook(folder, bash), Math.max(1, count - 2 * runs));
  const last = logBytes();
  const end = measure(hook(folder, bash)).cpu;
  const after = files();
  const perRecord = [(middle - from) / runs, (logBytes() - last) / runs].map((bytes) => bytes.toFixed(1));
  console.log(
    `${count} calls in a row: files ${before.count} -> ${after.count}, ${before.bytes} -> ${after.bytes} bytes; ` +
      `record ${perRecord.join(" -> ")} bytes; CPU ${first.toFixed(1)} -> ${end.toFixed(1)} ms`,
  );
}

/** Milliseconds of one process, of `times` in a row. */
function measure(command, times = runs) {
  const script = `TIMEFORMAT='%3R %3U %3S'; time for ((i = 0; i < ${times}; i++)); do ${command} > /dev/null 2>&1; done`;
  const { stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8", env: plainEnv() });
  const [wall = 0, user = 0, system = 0] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
  return { wall: (wall * 1000) / times, cpu: ((user + system) * 1000) / times };
}

function peakMegabytes(command) {
  const script = `/usr/bin/time -f %M bash -c '${command} > /dev/null 2> /dev/null'`;
  const { stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8", env: plainEnv() });
  const kilobytes = Number(stderr.trim().split("\n").at(-1));
  return Number.isFinite(kilobytes) ? (kilobytes / 1024).toFixed(0) : "-";
}

/** Node 20 reads these certificates at every start, which would hide everything else. */
function plainEnv() {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  return env;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
