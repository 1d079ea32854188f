// Writes a log like a busy user's: `node bench/generate-log.mjs FILE [MEGABYTES] [SEED]`. Same arguments, same bytes.
// Record version 1 in canonical order, 1 % denies, 0.001 % of tier `reroute`; times rise, with some milliseconds of
// disorder as several writers make it. Needs the built package (dist/).
import { closeSync, openSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { encodeRecord } from "../dist/core/audit/encode.js";
import { newRecordId } from "../dist/core/audit/record-id.js";

const TOOLS = [
  "Bash",
  "Bash",
  "Bash",
  "Read",
  "Read",
  "Edit",
  "Grep",
  "Glob",
  "Write",
  "WebFetch",
  "mcp__tracker__search",
];
const COMMANDS = [
  "git status",
  "git diff",
  "npm run test",
  "ls",
  "rg",
  "cargo build",
  "python -m pytest",
  "docker ps",
  "sed",
  "node",
];
const WORDS =
  "the of request handler parse tool naïve 日本 value queue retry index result café buffer stream test".split(" ");

/** Small fast generator of chance (mulberry32). */
function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function generateLog(
  file,
  { bytes = 100_000_000, seed = 1, startMs = Date.UTC(2026, 4, 1), stepMs = 7000 } = {},
) {
  const random = chance(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const text = (words) => Array.from({ length: words }, () => pick(WORDS)).join(" ");
  const descriptor = openSync(file, "w", 0o600);
  const random10 = new Uint8Array(10);
  let written = 0;
  let lines = 0;
  let pending = "";
  let session = "";
  let project = "";
  for (let timeMs = startMs; written + pending.length < bytes; timeMs += Math.floor(random() * 2 * stepMs)) {
    if (lines % 250 === 0) {
      session = newRecordId(
        timeMs,
        Uint8Array.from(random10, () => random() * 256),
      );
      project = `/home/dev/project-${Math.floor(random() * 12)}`;
    }
    for (let index = 0; index < 10; index++) random10[index] = random() * 256;
    const record = makeRecord({ random, pick, text, session, cwd: project, timeMs, id: newRecordId(timeMs, random10) });
    pending += encodeRecord(record);
    lines += 1;
    if (pending.length > 1_000_000) {
      written += writeSync(descriptor, pending);
      pending = "";
    }
  }
  written += writeSync(descriptor, pending);
  closeSync(descriptor);
  return { bytes: written, lines };
}

function makeRecord({ random, pick, text, session, cwd, timeMs, id }) {
  const tool = pick(TOOLS);
  const kind = random();
  const decision = kind < 0.01 ? "deny" : kind < 0.03 ? "ask" : kind < 0.2 ? "passthrough" : "allow";
  const isRare = random() < 0.00001;
  const program = pick(COMMANDS);
  const rule =
    decision === "passthrough" ? undefined : `${decision}-${program.replaceAll(" ", "-")}-${Math.floor(random() * 12)}`;
  const isBash = tool === "Bash";
  return {
    v: 1,
    id,
    timestamp: new Date(timeMs - Math.floor(random() * 40)).toISOString(),
    event: "PreToolUse",
    session_id: session,
    tier: isRare ? "reroute" : decision,
    decision: isRare ? "rerouted" : decision,
    tool_name: tool,
    rule_id: rule,
    permission_mode: "default",
    attended: random() < 0.9,
    tool_use_id: `toolu_${Math.floor(random() * 1e15).toString(36)}`,
    policy_hash: "9f3c51d2aa8b7740",
    duration_us: 400 + Math.floor(random() * 3000),
    engine_version: "0.1.0",
    project: cwd,
    cwd,
    rule_ids: rule === undefined ? undefined : [rule],
    commands: isBash ? [program] : undefined,
    paths: isBash ? undefined : [`${cwd}/src/${pick(WORDS)}.ts`],
    effect: isBash ? pick(["reads", "runs-code", "writes-project"]) : "reads",
    tool_input: isBash
      ? { command: `${program} ${text(Math.floor(random() * 25))} "quoted\n${text(4)}"`, description: text(5) }
      : { file_path: `${cwd}/src/${pick(WORDS)}.ts`, decision: random() < 0.01 ? "deny" : "x", content: text(12) },
    auto_promoted: false,
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [file, megabytes = "100", seed = "1"] = process.argv.slice(2);
  const isHelp = file === "--help" || file === "-h";
  const numbers = [megabytes, seed].map(Number);
  if (file === undefined || isHelp || file.startsWith("-") || !numbers.every((number) => number > 0)) {
    const usage = `usage: node bench/generate-log.mjs FILE [MEGABYTES] [SEED]
Writes a log like a busy user's: 100 MB by default. Same arguments, same bytes. Prints its size and lines.`;
    if (isHelp) console.log(usage);
    else console.error(usage);
    process.exitCode = isHelp ? 0 : 2;
  } else {
    console.log(JSON.stringify(generateLog(file, { bytes: Number(megabytes) * 1e6, seed: Number(seed) })));
  }
}
