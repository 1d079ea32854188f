// docs/peers.md: what the starter policy says of the commands that other permission tools ship with their own verdicts.
// node scripts/peer-table.mjs [--check] [--data DIR]. Reads data, executes none of it; needs a build. With --check it
// writes nothing and exits 1 when the page is not current.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { compilePolicy } from "../dist/core/policy/compile.js";
import { evaluate } from "../dist/core/policy/evaluate.js";
import { parsePolicyFile } from "../dist/core/policy/parse-policy-file.js";
import { analyzeShell } from "../dist/core/shell/analyze.js";

const { values } = parseArgs({
  options: {
    check: { type: "boolean", default: false },
    data: { type: "string", default: fileURLToPath(new URL("../../shared/data", import.meta.url)) },
  },
});
const page = fileURLToPath(new URL("../docs/peers.md", import.meta.url));
const file = fileURLToPath(new URL("../policies/starter.toml", import.meta.url));
const parsed = parsePolicyFile(readFileSync(file, "utf8"), { file, layer: "user", baseFolder: "", trusted: true });
const policy = compilePolicy([parsed.policyFile], { engine: "peers", guarded: { folders: [], files: [] } });
const home = "/home/dev";
const project = `${home}/project`;
const deps = { resolvePath: (path) => path, parseShell: analyzeShell, now: Date.UTC(2026, 10, 21) };
const judge = (command) =>
  evaluate(
    policy,
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

const DECISIONS = ["allow", "passthrough", "ask", "deny"];
const PEERS = {
  dcg: "[dcg](https://github.com/Dicklesworthstone/destructive_command_guard), a deny-lister: `allow` means that no pack of it speaks against the command",
  dippy:
    "[Dippy](https://github.com/ldayton/Dippy), an allow-lister: `ask` means that it cannot prove the command harmless",
};

/** The first class that fits argues a disagreement; the last one fits everything. */
const CLASSES = [
  {
    when: (row, { decision }) => row.label === "allow" && decision === "ask",
    name: "The peer allows, we ask",
    argument:
      "A rule names it (pushing, another machine, `.env`, another user, an option that runs something), or a deny rule may be meant and cannot be ruled out. The peer's tests look at one danger at a time; ours is one answer for all of them.",
  },
  {
    when: (row, { decision }) => row.label === "allow" && decision === "deny",
    name: "The peer allows, we deny",
    argument:
      "A deny rule of the starter policy is met: keys and passwords are not read, nothing outside the project is removed recursively. Whoever wants it edits the rule.",
  },
  {
    when: (row, { decision }) => row.label === "allow" && decision === "passthrough",
    name: "The peer allows, we leave it to Claude Code",
    argument:
      "Not allowed is not refused: no rule speaks, and Claude Code decides as it would without us. Either the program is not in the starter policy (cloud and package tools, whose use is each user's choice), or the path lies outside the places it reads.",
  },
  {
    when: (row, { decision, effect }) => row.label !== "allow" && decision === "allow" && effect === "reads",
    name: "The peer stops, we allow: it only reads",
    argument:
      "The parser and the tables of programs prove that it reads and that what it reads is no guarded place. The peer does not know the program or the option.",
  },
  {
    when: (row, { decision, effect }) => row.label !== "allow" && decision === "allow" && effect?.startsWith("writes"),
    name: "The peer stops, we allow: it writes inside the project or /tmp",
    argument:
      "Changing files of the project is what an agent is for; the places that run by themselves (git hooks, CI, settings) are asked. Removing is not allowed.",
  },
  {
    when: (row, { decision }) => row.label !== "allow" && decision === "allow",
    name: "The peer stops, we allow: the project's own builds, tests and forge queries",
    argument:
      "They run code of the project, which the same session may edit, or read from the forge with verbs that only read.",
  },
  {
    when: (row, { decision }) => row.label === "deny" && decision === "passthrough",
    name: "The peer denies, we leave it to Claude Code",
    argument:
      "Nothing is allowed: Claude Code asks, and a headless run is refused. Packs for single products (Vault, Kafka, Elasticsearch ...) belong in rules of those who use them.",
  },
  {
    when: (row, { decision }) => row.label === "deny" && decision === "ask",
    name: "The peer denies, we ask",
    argument: "The user may want it; the question says what it does. Unattended it is not run.",
  },
];

const agrees = (label, decision) => {
  if (label === "allow") return decision === "allow";
  if (label === "ask") return decision !== "allow";
  return decision === "deny";
};
const code = (text) => {
  const line = text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|").trim();
  const cut = line.length > 90 ? `${line.slice(0, 89)}…` : line;
  return cut.includes("`") ? `\`\` ${cut} \`\`` : `\`${cut}\``;
};
const percent = (part, whole) => (whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`);

const rows = gunzipSync(readFileSync(join(values.data, "labelled_commands.jsonl.gz")))
  .toString("utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
const judged = rows.filter(({ label }) => label !== "unspecified").map((row) => ({ row, found: judge(row.cmd) }));
const lines = [
  "# The starter policy beside other tools",
  "",
  "Generated by `node scripts/peer-table.mjs`; do not edit. The commands and labels come from the tests of the tools named below",
  "(MIT). **A label is that tool's policy, not the truth**: the tools disagree with each other, and a test of one danger says",
  "`allow` of a command that another rule would stop. What the table shows is where our starter policy is stricter or looser, and why.",
  "",
  `Left out: ${rows.length - judged.length} rows without a verdict. *Left to Claude Code*: no rule of ours speaks, so it asks or decides as it would without us.`,
];
for (const peer of [...new Set(judged.map(({ row }) => row.peer))].sort()) {
  const own = judged.filter(({ row }) => row.peer === peer);
  const agreed = own.filter(({ row, found }) => agrees(row.label, found.decision)).length;
  const stopped = own.filter(({ row }) => row.label !== "allow");
  const through = stopped.filter(({ found }) => found.decision === "allow").length;
  lines.push("", `## ${peer}`, "", `${PEERS[peer] ?? peer}.`, "");
  lines.push(
    `${own.length} commands, ${agreed} agree (${percent(agreed, own.length)}). Of ${stopped.length} that it stops we allow ${through} (${percent(through, stopped.length)}).`,
  );
  lines.push(
    "",
    "| its label | commands | we allow | left to Claude Code | we ask | we deny |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
  );
  for (const label of ["allow", "ask", "deny"]) {
    const same = own.filter(({ row }) => row.label === label);
    if (same.length === 0) continue;
    const counts = DECISIONS.map((decision) => same.filter(({ found }) => found.decision === decision).length);
    lines.push(`| ${label} | ${same.length} | ${counts.join(" | ")} |`);
  }
  const open = own.filter(({ row, found }) => !agrees(row.label, found.decision));
  lines.push("", "Where we differ:", "");
  for (const one of CLASSES) {
    const here = open.filter(({ row, found }) => CLASSES.find(({ when }) => when(row, found)) === one);
    if (here.length === 0) continue;
    const examples = [0, Math.floor(here.length / 2), here.length - 1].flatMap((index) => here[index]?.row.cmd ?? []);
    lines.push(`- **${one.name}: ${here.length}.** ${one.argument} ${[...new Set(examples)].map(code).join(" · ")}`);
  }
  const unargued = open.filter(({ row, found }) => !CLASSES.some(({ when }) => when(row, found)));
  if (unargued.length > 0) throw new Error(`no class argues ${JSON.stringify(unargued[0])}`);
}
const text = `${lines.join("\n")}\n`;
if (!values.check) writeFileSync(page, text);
else if (readFileSync(page, "utf8") !== text) {
  console.error("docs/peers.md is not current: run node scripts/peer-table.mjs");
  process.exitCode = 1;
}
