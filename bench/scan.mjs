// How fast a log is read, beside what one would use otherwise: `node bench/scan.mjs [MEGABYTES] [ROUNDS] [LOG] [WAYS]`,
// where WAYS is a regular expression over the names of the ways.
// Every way runs as a process of its own, all ways in turn in each round of one run; the figure is CPU time (user + system,
// median of the rounds), which holds on a busy machine. Needs the built package (dist/) and bash; DuckDB is a dev package.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { generateLog } from "./generate-log.mjs";

const [megabytes = "100", rounds = "5", given = "", only = ""] = process.argv.slice(2);
const folder = join(tmpdir(), `bench-scan-${process.pid}`);
const log = given || `${folder}.jsonl`;
if (!existsSync(log)) generateLog(log, { bytes: Number(megabytes) * 1e6 });
const small = `${folder}-small.jsonl`;
generateLog(small, { bytes: 5000 });

const open = pathToFileURL(join(import.meta.dirname ?? ".", "..", "dist", "analyze", "scan", "open-scan.js")).href;
const DAY = 86_400_000;

/** Each prints what it found; ways of one question must agree. */
const scan = (file, filter, limit, options = {}) => `
  import { openScan } from ${JSON.stringify(open)};
  const { scan } = await openScan([${JSON.stringify(file)}]);
  const { since, ...filter } = ${JSON.stringify(filter)};
  let count = 0;
  const window = since === "week" ? { ...filter, since: newest(scan) - ${7 * DAY} } : filter;
  for (const found of scan.backward(window, ${JSON.stringify(options)})) {
    if (found.kind === "record" && ++count === ${limit}) break;
  }
  console.log(count);
  function newest(scan) { for (const found of scan.backward()) return found.timeMs; }
`;
const naive = (test) => `
  import { createReadStream } from "node:fs";
  import { createInterface } from "node:readline";
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(${JSON.stringify(log)}) })) {
    const record = JSON.parse(line);
    if (${test}) count++;
  }
  console.log(count);
`;
const duckdb = (where) => `
  import { DuckDBInstance } from "@duckdb/node-api";
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const columns = "{event: 'VARCHAR', tier: 'VARCHAR', decision: 'VARCHAR', tool_name: 'VARCHAR'}";
  const result = await connection.runAndReadAll(
    "select count(*)::int as n from read_ndjson('${log}', columns = " + columns + ") where ${where}");
  console.log(result.getRows()[0][0]);
`;

/** Four counts at once, as a report makes them: how many groups each way found. */
const COUNT = `
  const groups = [new Map(), new Map(), new Map(), new Map()];
  const add = (map, key) => map.set(key, (map.get(key) ?? 0) + 1);
  function count({ tool_name, decision, rule_id, session_id }, hour) {
    add(groups[0], tool_name + " " + decision);
    add(groups[1], rule_id);
    add(groups[2], session_id);
    add(groups[3], hour + " " + decision);
  }
`;
const PRINT = "console.log(groups.reduce((sum, { size }) => sum + size, 0));";
const countsNaive = `
  import { createReadStream } from "node:fs";
  import { createInterface } from "node:readline";
  ${COUNT}
  for await (const line of createInterface({ input: createReadStream(${JSON.stringify(log)}) })) {
    const record = JSON.parse(line);
    count(record, record.timestamp.slice(0, 13));
  }
  ${PRINT}
`;
const countsQuick = `
  import { openScan } from ${JSON.stringify(open)};
  ${COUNT}
  const { scan } = await openScan([${JSON.stringify(log)}]);
  for (const found of scan.backward({}, { isLazy: true })) {
    if (found.kind === "record") count(found.record, Math.floor(found.timeMs / 3_600_000));
  }
  ${PRINT}
`;
const countsDuckdb = `
  import { DuckDBInstance } from "@duckdb/node-api";
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const columns = "{timestamp: 'VARCHAR', session_id: 'VARCHAR', decision: 'VARCHAR', tool_name: 'VARCHAR', rule_id: 'VARCHAR'}";
  const result = await connection.runAndReadAll(
    "select count(*)::int from (select count(*) from (select *, timestamp[:13] as hour from " +
    "read_ndjson('${log}', columns = " + columns + ")) group by grouping sets " +
    "((tool_name, decision), (rule_id), (session_id), (hour, decision)))");
  console.log(result.getRows()[0][0]);
`;

const WAYS = [
  ["node, nothing", { module: "" }],
  ["all: naive readline + JSON.parse", { module: naive("record.v === 1") }],
  ["all: scanBackward, whole records", { module: scan(log, {}, -1) }],
  ["all: scanBackward, to be looked at", { module: scan(log, {}, -1, { isLazy: true }) }],
  ["all: DuckDB, one thread, four columns", { module: duckdb("event is not null") }],
  ["four counts: naive readline + JSON.parse", { module: countsNaive }],
  ["four counts: scanBackward, to be looked at", { module: countsQuick }],
  ["four counts: DuckDB, one thread", { module: countsDuckdb }],
  ["last 100: scanBackward", { module: scan(log, {}, 100) }],
  ["last 100: scanBackward on a log of 5 kB", { module: scan(small, {}, 100) }],
  ["last 100: tail", { shell: `tail -n 100 ${log} | wc -l` }],
  ["last 7 days: scanBackward", { module: scan(log, { since: "week" }, -1) }],
  ["last 100 denies (1 %): scanBackward", { module: scan(log, { decision: "deny" }, 100) }],
  ["last 100 denies (1 %): tac | grep", { shell: `tac ${log} | grep -m100 -c '"decision":"deny"'` }],
  ["rare (0.001 %): scanBackward", { module: scan(log, { decision: "rerouted" }, -1) }],
  ["rare (0.001 %): grep -c", { shell: `LC_ALL=C grep -c '"decision":"rerouted"' ${log}` }],
  ["rare (0.001 %): tac | grep", { shell: `tac ${log} | LC_ALL=C grep -c '"decision":"rerouted"'` }],
  ["rare (0.001 %): naive readline + JSON.parse", { module: naive(`record.decision === "rerouted"`) }],
  ["rare (0.001 %): DuckDB, one thread", { module: duckdb("decision = 'rerouted'") }],
].filter(([name]) => new RegExp(only).test(name) || /^all: naive|grep -c$/.test(name));

const times = new Map(WAYS.map(([name]) => [name, []]));
const answers = new Map();
for (let round = 0; round < Number(rounds); round++) {
  for (const [name, way] of [...WAYS].sort(() => Math.random() - 0.5)) {
    const { cpu, answer } = run(way);
    times.get(name).push(cpu);
    answers.set(name, answer);
  }
}
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const naiveCpu = median(times.get("all: naive readline + JSON.parse"));
const grepCpu = median(times.get("rare (0.001 %): grep -c"));
console.log(
  `${(statSync(log).size / 1e6).toFixed(0)} MB, ${rounds} rounds, node ${process.version}; CPU seconds (median)`,
);
console.table(
  WAYS.map(([way]) => {
    const cpu = median(times.get(way));
    return {
      way,
      "CPU s": Number(cpu.toFixed(3)),
      "naive / this": Number((naiveCpu / cpu).toFixed(2)),
      "this / grep -c": Number((cpu / grepCpu).toFixed(2)),
      found: answers.get(way),
    };
  }),
);
if (given === "") rmSync(log, { force: true });
for (const file of [small, `${folder}.mjs`]) rmSync(file, { force: true });

function run({ module, shell }) {
  const root = join(import.meta.dirname ?? ".", "..");
  const script = join(root, `.bench-${process.pid}.mjs`);
  if (module !== undefined) writeFileSync(script, module);
  const command = shell ?? `'${process.execPath}' '${script}'`;
  const timed = `TIMEFORMAT='%U %S'; time { ${command}; }`;
  const done = spawnSync("bash", ["-c", timed], { encoding: "utf8", cwd: root });
  rmSync(script, { force: true });
  const [user = 0, system = 0] = (done.stderr.trim().split("\n").pop() ?? "").split(" ").map(Number);
  if (done.status !== 0) throw new Error(`${command}: ${done.stderr}`);
  return { cpu: user + system, answer: done.stdout.trim() };
}
