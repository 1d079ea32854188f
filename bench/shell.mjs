// Times the shell parser, one command at a time: node bench/shell.mjs [commands.jsonl ...] (rows {"cmd"} or {"tool_input":
// {"command"}}; none is run), then the hostile set. Needs `npm run build`. Compare within one run; best of three per text,
// wall time for commands, CPU time for the hostile set.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parseShellText } from "../dist/core/shell/parse.js";

const hostile = JSON.parse(readFileSync(new URL("../fixtures/shell/parse/hostile.json", import.meta.url), "utf8"));

/** One row of the hostile set as text. */
function expand({ fill, open = "", close = "", depth = 0, middle = "", characters = 0 }) {
  if (fill !== undefined) return fill.repeat(Math.floor(characters / fill.length));
  const room = characters - depth * (open.length + close.length);
  return open.repeat(depth) + middle.repeat(Math.max(1, Math.floor(room / middle.length))) + close.repeat(depth);
}

function readCommands(path) {
  const bytes = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const rows = text
    .split("\n")
    .filter(Boolean)
    .map((row) => JSON.parse(row));
  const commands = rows.flatMap((row) => row.commands ?? [row.cmd ?? row.tool_input?.command]);
  return [...new Set(commands.filter((command) => typeof command === "string"))];
}

const wall = () => Number(process.hrtime.bigint()) / 1e6;

function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

function time(text, clock) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const start = clock();
    parseShellText(text);
    best = Math.min(best, clock() - start);
  }
  return best;
}

function report(title, texts, clock) {
  for (const text of texts.slice(0, 2_000)) parseShellText(text);
  const results = texts.map((text) => ({ text, ms: time(text, clock) })).sort((left, right) => left.ms - right.ms);
  const at = (share) => results[Math.min(results.length - 1, Math.floor(results.length * share))].ms.toFixed(3);
  const unknown = texts.filter((text) => parseShellText(text).status === "unknown").length;
  console.log(
    `${title}: ${texts.length} texts, ms median ${at(0.5)} p99 ${at(0.99)} worst ${at(1)}, ${unknown} unknown`,
  );
  return results;
}

for (const path of process.argv.slice(2)) report(path, readCommands(path), wall);
for (const { text, ms } of report("hostile", hostile.map(expand), cpu).slice(-5).reverse())
  console.log(`  ${ms.toFixed(2)} ms  ${text.length} characters of ${JSON.stringify(text.slice(0, 30))}`);
