// CPU of one cold hook process as a ratio to `node empty.cjs`, taken in interleaved rounds of one run, so that a busy
// machine disturbs both alike (SPEC section 11). Needs bash, whose `time` tells the CPU of children to the millisecond.
//   node bench/hook.mjs [rounds] [runs a round]
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildHook } from "../scripts/build-hook.mjs";

const [rounds = 9, runs = 10] = process.argv.slice(2).map(Number);
const root = mkdtempSync(join(tmpdir(), "claude-permit-bench-"));
const dist = join(root, "dist");
await buildHook(dist);

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
  writeFileSync(join(folder, "config.toml"), rules(count));
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

const read = event("Read", { file_path: join(root, "project", "src", "main.ts") });
const bash = event("Bash", {
  command: "cd src && git status --short | head -n 5; npm test -- --run 2>&1 | tee out.log",
  description: "Run the tests",
});
const empty = join(root, "empty.cjs");
writeFileSync(empty, "");

const hook = (folder, file) => `node ${dist}/hook.cjs --home ${folder} < ${file}`;
const cases = [["node empty.cjs", `node ${empty} < ${read}`]];
for (const count of [0, 100, 1000]) {
  const folder = home(count);
  cases.push([`file tool, ${count} rules`, hook(folder, read)], [`compound Bash, ${count} rules`, hook(folder, bash)]);
}
// The second process finds policy and code compiled: the first came too soon after the config was written.
spawnSync("sleep", ["0.3"]);
for (const [, command] of [...cases, ...cases]) spawnSync("bash", ["-c", command]);

const taken = cases.map(() => []);
for (let round = 0; round < rounds; round++) {
  for (const [index, [, command]] of cases.entries()) taken[index].push(cpuMs(command));
}
const base = taken[0];
console.log("median CPU ms, median ratio, ratio of the minima");
for (const [index, [name]] of cases.entries()) {
  const ratios = taken[index].map((ms, round) => ms / base[round]);
  const least = Math.min(...taken[index]) / Math.min(...base);
  console.log(
    `${name.padEnd(28)} ${median(taken[index]).toFixed(1)}  ${median(ratios).toFixed(2)}  ${least.toFixed(2)}`,
  );
}
rmSync(root, { recursive: true, force: true });

function cpuMs(command) {
  const script = `TIMEFORMAT='%3U %3S'; time for ((i = 0; i < ${runs}; i++)); do ${command} > /dev/null 2>&1; done`;
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const { stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8", env });
  const [user = 0, system = 0] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
  return ((user + system) * 1000) / runs;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
