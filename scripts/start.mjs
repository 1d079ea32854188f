// `npm start`: the main job on whatever there is to read. The user's own audit log when it has records, else the sample
// week of this repository. Never asks; says which it took and how to use transcripts instead.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const cli = join(root, "dist", "cli", "main.js");
const config = process.env.CLAUDE_CONFIG_DIR || join(homedir(), ".claude");
const home = process.env.CLAUDE_PERMIT_HOME || join(config, "claude-permit");
const logs = ["audit.jsonl", "imported-transcripts.jsonl"].map((name) => join(home, name));
const own = logs.some((log) => existsSync(log) && statSync(log).size > 0);
const sample = join(root, "fixtures", "sample", "audit.jsonl");
const reports = own ? join(home, "reports") : join(root, "reports");
const source = own ? ["--home", home] : ["--audit", sample];

mkdirSync(reports, { recursive: true, mode: 0o700 });
console.log(
  own
    ? `Reading your audit log in ${home}`
    : `No audit log in ${home} yet: reading the sample week, ${relative(root, sample)}`,
);

const html = join(reports, "report.html");
const markdown = join(reports, "report.md");
for (const args of [
  ["analyze", "--section", "scorecard", ...source],
  ["analyze", "--format", "html", "-o", html, "--quiet", ...source],
  ["analyze", "--format", "md", "-o", markdown, "--quiet", ...source],
]) {
  const { status } = spawnSync(process.execPath, [cli, ...args], { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) process.exit(status ?? 2);
}
console.log(`\nHTML report:     ${html}\nMarkdown report: ${markdown}`);
if (!own) {
  console.log(
    `\nTo report on your own Claude Code sessions instead:\n  node dist/cli/main.js import transcripts\n  npm start`,
  );
}
