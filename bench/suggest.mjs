#!/usr/bin/env node
/**
 * How good are suggested rules? Mined on the first 60 % of each repository's sessions and replayed on the rest, beside
 * four simple strategies, all judged by the engine of the hook. It needs a collection of tool calls and lists of known
 * attacks (see `fixtures/starter/ATTRIBUTION.md`); no row is executed.
 *
 *   node bench/suggest.mjs [folder with claude_toolcalls.jsonl.gz, dangerous.jsonl.gz, bypass.jsonl]
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { callKey } from "../dist/analyze/simulate/call-key.js";
import { AtomReader } from "../dist/analyze/suggest/atoms.js";
import { mineRules } from "../dist/analyze/suggest/mine.js";
import { judgedParts } from "../dist/core/generalise/generalise-calls.js";
import { compileDrafts } from "../dist/core/generalise/rule-draft.js";
import { compilePolicy } from "../dist/core/policy/compile.js";
import { evaluate } from "../dist/core/policy/evaluate.js";
import { parsePolicyFile } from "../dist/core/policy/parse-policy-file.js";
import { indexRules } from "../dist/core/policy/rule-index.js";
import { analyzeShell } from "../dist/core/shell/analyze.js";
import { currentToolName } from "../dist/core/tool-call.js";

const folder = process.argv[2] ?? new URL("../../shared/data", import.meta.url).pathname;
if (!existsSync(join(folder, "claude_toolcalls.jsonl.gz"))) {
  console.log(`skipped: no claude_toolcalls.jsonl.gz in ${folder}`);
  process.exit();
}

const TRAINED = 0.6;
const WHO = { engine: "", guarded: { folders: [], files: [] } };
const NO_POLICY = compilePolicy([], WHO);
const DEPS = { resolvePath: (path) => path, parseShell: analyzeShell, now: 0 };

function rowsOf(name) {
  const bytes = readFileSync(join(folder, name));
  const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString().trim();
  return text.split("\n").map((line) => JSON.parse(line));
}

// Answers: what ran was approved, unless nobody could have refused it.
const rows = rowsOf("claude_toolcalls.jsonl.gz").sort((a, b) => a.seq - b.seq);
const begun = new Map();
for (const row of rows) {
  const met = begun.get(row.session_id) ?? { row, timeMs: Number.POSITIVE_INFINITY };
  const timeMs = row.timestamp ? Date.parse(row.timestamp) : Number.POSITIVE_INFINITY;
  begun.set(row.session_id, { row: met.row, timeMs: Math.min(met.timeMs, timeMs) });
}
// Sessions without any time keep the order of their ids, an hour apart.
let hour = Date.UTC(2026, 0, 1);
for (const met of [...begun].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)) {
  if (met.timeMs === Number.POSITIVE_INFINITY) {
    hour += 5 * 3_600_000;
    met.timeMs = hour;
  }
}
const REFUSED = new Set(["user", "auto_mode_classifier", "permission_rule"]);
const past = rows.flatMap((row) => {
  if (row.permission_mode === "bypassPermissions" || typeof row.tool_input !== "object") return [];
  if (row.rejected !== null && !REFUSED.has(row.rejected)) return [];
  const met = begun.get(row.session_id);
  const project = met.row.cwd ?? "";
  const call = {
    tool: currentToolName(row.tool_name),
    input: row.tool_input,
    cwd: row.cwd ?? project,
    home: /^\/(?:Users|home)\/[^/]+/.exec(project)?.[0] ?? "/home/user",
    project,
    sessionId: row.session_id,
    permissionMode: "default",
    attended: true,
  };
  const timeMs = row.timestamp ? Date.parse(row.timestamp) : met.timeMs + row.seq * 1000;
  const answer = row.rejected === null ? "approved" : "refused";
  const key = callKey(call, {});
  return [
    { call, resolvePath: DEPS.resolvePath, key, answer, isPrompted: false, timeMs, at: row.tool_use_id, subject: "" },
  ];
});
const sessions = new Map();
for (const [id, { row, timeMs }] of begun) {
  sessions.set(row.source_repo, [...(sessions.get(row.source_repo) ?? []), { id, timeMs }]);
}
const trained = new Set();
for (const list of sessions.values()) {
  list.sort((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1));
  for (const { id } of list.slice(0, Math.floor(list.length * TRAINED))) trained.add(id);
}
const train = past.filter(({ call }) => trained.has(call.sessionId));
const later = past.filter(({ call }) => !trained.has(call.sessionId));

const attacks = [...new Set([...rowsOf("dangerous.jsonl.gz"), ...rowsOf("bypass.jsonl")].map(({ cmd }) => cmd))];
const attacked = [...new Set(train.map(({ call }) => call.project))].slice(0, 1);
const attackCalls = attacks.flatMap((command) =>
  attacked.map((project) => ({ ...train[0].call, tool: "Bash", input: { command }, cwd: project, project })),
);

function measure(name, policy) {
  const known = new Map();
  const allows = (call) => {
    const key = JSON.stringify([call.tool, call.input, call.cwd, call.project]);
    if (!known.has(key)) known.set(key, evaluate(policy, call, DEPS).decision === "allow");
    return known.get(key);
  };
  const approved = later.filter(({ answer }) => answer === "approved");
  const shell = approved.filter(({ call }) => call.tool === "Bash");
  const share = (part, whole) =>
    `${((100 * part.filter(({ call }) => allows(call)).length) / whole.length).toFixed(1)} %`;
  const overridden = later.filter(({ answer, call }) => answer === "refused" && allows(call)).length;
  const admitted = new Set(attackCalls.filter(allows).map(({ input }) => input.command));
  console.log(
    [
      name.padEnd(34),
      String(policy.rules.length).padStart(6),
      share(shell, shell).padStart(9),
      share(approved, approved).padStart(9),
      String(overridden).padStart(9),
      `${admitted.size} of ${attacks.length}`.padStart(13),
    ].join(" "),
  );
  return admitted;
}

console.log(
  `${train.length} answered calls to learn from, ${later.length} later ones (${later.filter(({ answer }) => answer === "refused").length} refused)`,
);
console.log(`${"strategy".padEnd(34)}  rules  of shell    of all overrides  attacks admitted`);

const cpu = process.cpuUsage();
const reader = new AtomReader(NO_POLICY);
const candidates = mineRules(train.map((one) => reader.read(one)));
const spent = process.cpuUsage(cpu);
const admitted = measure("suggest", compileDrafts(candidates.map(({ draft }) => draft)));
for (const command of admitted) console.log(`  admits: ${command.slice(0, 100).replaceAll("\n", " ")}`);

// The simple strategies as Claude Code's own patterns, one for each simple command, any approval.
const literal = (words) => words.join(" ").replace(/[\\*]/g, "\\$&");
const STRATEGIES = {
  "exact string": (words) => `Bash(${literal(words)})`,
  "first word": (words) => `Bash(${literal(words.slice(0, 1))}:*)`,
  "two words": (words) => `Bash(${literal(words.slice(0, 2))}:*)`,
  "cut at first flag": (words) => {
    const flag = words.findIndex((word, index) => index > 0 && word.startsWith("-"));
    const head = flag < 0 ? words : words.slice(0, flag);
    return head.length < 2 ? `Bash(${literal(words)})` : `Bash(${literal(head)}:*)`;
  },
};
const commands = train
  .filter(({ answer, call }) => answer === "approved" && call.tool === "Bash")
  .flatMap(({ call }) => {
    const judged = judgedParts(NO_POLICY, call, DEPS);
    return judged.kind === "none" ? [] : judged.subjects.map(({ part }) => part.argv.map(({ raw }) => raw));
  })
  .filter((words) => !words.some((word) => /[\n()]/.test(word)));

/** One pattern a file, so that one which is refused takes no other along. */
function policyOf(patterns) {
  const rules = patterns.flatMap((pattern) => {
    const text = `[[allow]]\npattern = ${JSON.stringify(pattern)}`;
    return parsePolicyFile(text, { file: "x", layer: "user", baseFolder: "", trusted: true }).policyFile?.rules ?? [];
  });
  return withRules(rules.map((rule, index) => ({ ...rule, id: `r${index}` })));
}

function withRules(list) {
  const rules = list.map((rule, index) => ({ ...rule, index }));
  return { ...NO_POLICY, rules, ...indexRules(rules) };
}

/** Without every rule that takes part in admitting an attack. Fewer allow rules admit no new one. */
function harmless(policy) {
  let kept = policy;
  for (let calls = attackCalls; ; ) {
    const guilty = new Set();
    calls = calls.filter((call) => {
      const { decision, ruleIds } = evaluate(kept, call, DEPS);
      for (const id of decision === "allow" ? ruleIds : []) guilty.add(id);
      return decision === "allow";
    });
    if (guilty.size === 0) return kept;
    kept = withRules(kept.rules.filter(({ id }) => !guilty.has(id)));
  }
}

for (const [name, patternOf] of Object.entries(STRATEGIES)) {
  const policy = policyOf([...new Set(commands.map(patternOf))]);
  measure(name, policy);
  measure("  held to no attack", harmless(policy));
}
console.log(`mining: ${((spent.user + spent.system) / 1e6).toFixed(1)} s CPU`);
