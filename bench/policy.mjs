// What a policy decides over real and hostile calls: node bench/policy.mjs [--policy FILE] [--data DIR] [--list KIND] [--time]
// [--digest [--outcomes FILE]].
// KIND: denied (ran all the same), rejected (by the user, and allowed), harm (dangerous or bypass rows allowed), gaps, asks.
// --digest: one hash over everything the engine says of every call and command there is, so that a change that should only
// be faster can be held to that; --outcomes writes what was hashed, one line a call, to be compared with diff.
// Reads data, executes none of it. Needs a build.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { compilePolicy } from "../dist/core/policy/compile.js";
import { evaluate } from "../dist/core/policy/evaluate.js";
import { parsePolicyFile } from "../dist/core/policy/parse-policy-file.js";
import { analyzeShell } from "../dist/core/shell/analyze.js";

const { values } = parseArgs({
  options: {
    policy: { type: "string", default: new URL("../policies/starter.toml", import.meta.url).pathname },
    data: { type: "string", default: new URL("../../shared/data", import.meta.url).pathname },
    list: { type: "string", default: "" },
    top: { type: "string", default: "60" },
    time: { type: "boolean", default: false },
    digest: { type: "boolean", default: false },
    outcomes: { type: "string", default: "" },
  },
});
const file = resolve(values.policy);
const compileText = (text) => {
  const parsed = parsePolicyFile(text, { file, layer: "user", baseFolder: "", trusted: true });
  const compiled = compilePolicy([parsed.policyFile], { engine: "bench", guarded: { folders: [], files: [] } });
  return { compiled, problems: [...parsed.problems, ...compiled.problems] };
};
const policyText = readFileSync(file, "utf8");
const { compiled: policy, problems } = compileText(policyText);
for (const problem of problems) console.error(problem.file, problem.line, problem.code, problem.message);

/** Rules that people wrote for Claude Code, of every kind of pattern; those with mistakes are left out. */
const settingsPolicy = () =>
  compileText(
    readFileSync(new URL("../fixtures/policy/settings-entries.jsonl", import.meta.url), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .map(({ kind, entry }) => `[[${kind}]]\npattern = ${JSON.stringify(entry)}`)
      .join("\n"),
  ).compiled;

/** The same policy with every rule again under other names, until there are more than 200. */
const bigPolicy = () =>
  compileText(
    Array.from({ length: Math.ceil(200 / policy.rules.length) }, (_, index) =>
      policyText.replaceAll(/^name = "(.*)"$/gm, `name = "$1-${index}"`),
    ).join("\n"),
  ).compiled;

const read = (name) => {
  const raw = readFileSync(join(values.data, name));
  const text = name.endsWith(".gz") ? gunzipSync(raw) : raw;
  return text
    .toString("utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
};
const expandHostile = ({ fill, open = "", close = "", depth = 0, middle = "", characters = 0 }) => {
  if (fill !== undefined) return fill.repeat(Math.floor(characters / fill.length));
  const room = characters - depth * (open.length + close.length);
  return open.repeat(depth) + middle.repeat(Math.max(1, Math.floor(room / middle.length))) + close.repeat(depth);
};
const hostileTexts = () =>
  JSON.parse(readFileSync(new URL("../fixtures/shell/parse/hostile.json", import.meta.url), "utf8")).map(expandHostile);

const deps = { resolvePath: (path) => path, parseShell: analyzeShell, now: Date.UTC(2026, 10, 21) };
const judge = (tool, input, cwd, project, mode, home = "/Users/user", under = policy, links = deps) =>
  evaluate(
    under,
    {
      tool: tool === "Task" ? "Agent" : tool,
      input,
      cwd,
      home,
      project,
      sessionId: "s",
      permissionMode: mode,
      attended: true,
    },
    links,
  );

const calls = read("claude_toolcalls.jsonl.gz");
const firstCwd = new Map();
for (const call of calls) if (call.cwd && !firstCwd.has(call.session_id)) firstCwd.set(call.session_id, call.cwd);
if (values.digest) {
  const home = "/home/dev";
  const project = "/home/dev/project";
  const commands = [
    ...read("codex_commands.jsonl.gz").flatMap((row) => row.commands ?? []),
    ...["labelled_commands.jsonl.gz", "common_commands.jsonl.gz", "bypass.jsonl", "dangerous.jsonl.gz"].flatMap(
      (name) => read(name).map(({ cmd }) => cmd),
    ),
    ...hostileTexts(),
  ];
  const asked = [
    ...calls.map(({ session_id, tool_name, tool_input, cwd = "/Users/user/project" }) => [
      tool_name,
      tool_input ?? {},
      cwd,
      firstCwd.get(session_id) ?? cwd,
    ]),
    ...[...new Set(commands)].map((command) => ["Bash", { command }, project, project, "default", home]),
  ];
  // Made up, so that spelling and target differ: some links lead elsewhere, some nowhere.
  const follow = (path) => (path.length % 5 === 0 ? `/elsewhere${path}` : path.length % 7 === 0 ? null : path);
  const odd = { ...deps, resolvePath: follow };
  const lines = [];
  for (const [title, under, links] of [
    ["once", policy, deps],
    ["big, links", bigPolicy(), odd],
    ["settings", settingsPolicy(), deps],
    ["settings, links", settingsPolicy(), odd],
  ]) {
    for (const [tool, input, cwd, root, , at] of asked) {
      const found = judge(tool, input, cwd, root, "default", at, under, links);
      const text = JSON.stringify(found, (key, value) => (key === "rule" ? value?.id : value));
      // Reasons tell where a rule stands; where the policy lies is no outcome.
      lines.push(`${title} ${text.replaceAll(file, "policy.toml")}`);
    }
  }
  if (values.outcomes !== "") writeFileSync(values.outcomes, `${lines.join("\n")}\n`);
  console.log(`${lines.length} outcomes, sha256 ${createHash("sha256").update(lines.join("\n")).digest("hex")}`);
  process.exit();
}

const counts = new Map();
const byTool = new Map();
const times = [];
const lists = { denied: new Map(), rejected: new Map(), gaps: new Map(), asks: new Map() };
const add = (map, key) => map.set(key, (map.get(key) ?? 0) + 1);
const subject = (call) => call.tool_input?.command ?? call.tool_input?.file_path ?? JSON.stringify(call.tool_input);
const NEVER_RAN = new Set([
  "user",
  "hook",
  "permission_rule",
  "auto_mode_classifier",
  "interrupt",
  "needs_grant",
  "permission_stream_closed",
  "sibling",
]);
let ran = 0;
for (const call of calls) {
  const cwd = call.cwd ?? "/Users/user/project";
  const project = firstCwd.get(call.session_id) ?? cwd;
  const begin = process.hrtime.bigint();
  const found = judge(call.tool_name, call.tool_input ?? {}, cwd, project, "default");
  times.push(Number(process.hrtime.bigint() - begin) / 1e6);
  add(counts, found.decision);
  add(byTool, `${call.tool_name} ${found.decision}`);
  const didRun = !NEVER_RAN.has(call.rejected) && call.is_error !== null;
  if (didRun) ran++;
  const rule = found.rule?.id ?? "-";
  if (found.decision === "deny" && didRun) add(lists.denied, `${rule}  ${subject(call)}`);
  if (found.decision === "allow" && call.rejected === "user")
    add(lists.rejected, `${rule}  ${call.tool_name} ${subject(call)}`);
  if (found.decision === "passthrough")
    add(lists.gaps, `${rule} ${call.tool_name}  ${found.commands.join(" | ") || subject(call)}`);
  if (found.decision === "ask") add(lists.asks, `${rule} ${call.tool_name}  ${subject(call)}`);
}
const percent = (part, whole) => `${((part / whole) * 100).toFixed(2)} %`;
console.log(
  `real calls ${calls.length}:`,
  Object.fromEntries([...counts].map(([key, value]) => [key, `${value} (${percent(value, calls.length)})`])),
);
const total = (map) => [...map.values()].reduce((sum, value) => sum + value, 0);
console.log(
  `denied although they ran: ${total(lists.denied)} of ${ran} (${percent(total(lists.denied), ran)}); rejected by the user and allowed: ${total(lists.rejected)}`,
);
times.sort((a, b) => a - b);
const at = (p) => times[Math.floor(times.length * p)]?.toFixed(3);
console.log(`evaluate ms: median ${at(0.5)}, p99 ${at(0.99)}, worst ${times.at(-1)?.toFixed(3)}`);

const home = "/home/dev";
const project = "/home/dev/project";
const harm = [];
for (const [name, rows] of [
  ["bypass", read("bypass.jsonl")],
  ["dangerous", read("dangerous.jsonl.gz")],
]) {
  const tally = new Map();
  for (const row of rows) {
    const found = judge("Bash", { command: row.cmd }, project, project, "default", home);
    add(tally, found.decision);
    if (found.decision === "allow")
      harm.push(
        `${name}/${row.class ?? row.category}  ${found.ruleIds.join(",")}  ${row.cmd}   # ${row.why ?? row.name ?? ""}`,
      );
  }
  console.log(`${name} ${rows.length}:`, Object.fromEntries(tally));
}
if (values.list === "harm") for (const line of harm) console.log(line.replaceAll("\n", "\\n").slice(0, 300));
if (values.list === "tools") for (const [key, value] of [...byTool].sort()) console.log(value, key);
if (lists[values.list]) {
  const sorted = [...lists[values.list]].sort((a, b) => b[1] - a[1]).slice(0, Number(values.top));
  for (const [text, count] of sorted) console.log(count, text.replaceAll("\n", "\\n").slice(0, 260));
}

// One command at a time under more than 200 rules.
if (values.time) {
  const big = bigPolicy();
  const shell = calls.flatMap(({ tool_input: input }) => (typeof input?.command === "string" ? [input.command] : []));
  const codex = read("codex_commands.jsonl.gz").flatMap(({ commands }) => commands ?? []);
  const sets = {
    "shell calls": [...new Set([...shell, ...codex])],
    "bypass and dangerous": [...read("bypass.jsonl"), ...read("dangerous.jsonl.gz")].map(({ cmd }) => cmd),
    hostile: hostileTexts(),
  };
  const cpu = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e3;
  };
  const one = (command) =>
    evaluate(
      big,
      {
        tool: "Bash",
        input: { command },
        cwd: project,
        home,
        project,
        sessionId: "s",
        permissionMode: "default",
        attended: true,
      },
      deps,
    );
  for (const [title, texts] of Object.entries(sets)) {
    for (const text of texts.slice(0, 3000)) one(text);
    // The CPU clock is coarse beside a call, so the best of rounds is taken and short calls are repeated.
    const results = texts.map((text) => {
      const rounds = [];
      for (let round = 0; round < 3; round++) {
        const begin = cpu();
        let runs = 0;
        do {
          one(text);
          runs++;
        } while (runs < 8 && cpu() - begin < 1);
        rounds.push((cpu() - begin) / runs);
      }
      return { text, ms: Math.min(...rounds) };
    });
    results.sort((left, right) => left.ms - right.ms);
    const share = (part) => results[Math.min(results.length - 1, Math.floor(results.length * part))].ms.toFixed(3);
    console.log(
      `${title}: ${texts.length} texts, ${big.rules.length} rules, CPU ms median ${share(0.5)}, p99 ${share(0.99)}, worst ${share(1)}`,
    );
    for (const { text, ms } of results.slice(-3).reverse())
      console.log(`  ${ms.toFixed(2)} ms  ${text.length} characters of ${JSON.stringify(text.slice(0, 60))}`);
  }
}
