// A process that adds one rule to auto-rules.toml and is killed just before its n-th change of the file system.
// Arguments: dist folder, home, n.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

const [dist, home, n] = process.argv.slice(2);
let left = Number(n);
const CHANGES = [
  "appendFileSync",
  "fsyncSync",
  "mkdir",
  "mkdirSync",
  "openSync",
  "renameSync",
  "rmSync",
  "rmdir",
  "unlinkSync",
  "utimes",
  "writeSync",
];
const isReading = (name, flags) => name === "openSync" && (flags === undefined || flags === "r");
const { changeAutoRules } = await import(join(dist, "store/promotion/change-auto-rules.js"));
const { addRule } = await import(join(dist, "core/policy/toml-edit.js"));

for (const name of CHANGES) {
  const original = fs[name];
  fs[name] = (...args) => {
    if (!isReading(name, args[1])) left -= 1;
    if (left <= 0) process.kill(process.pid, "SIGKILL");
    return original(...args);
  };
}
syncBuiltinESMExports();

const places = {
  autoRules: join(home, "auto-rules.toml"),
  history: join(home, "auto-rules.history.jsonl"),
  audit: join(home, "audit.jsonl"),
  state: join(home, "state"),
  claudeDir: home,
};
const result = await changeAutoRules(places, ({ text }) => {
  const edit = addRule(text, "allow", { name: "first", tool: "Bash", fields: { command: "^npm test$" } });
  const change = {
    id: "id-first",
    timestamp: "2026-11-21T12:00:00.000Z",
    event: "rule_promoted",
    rule: "first",
    by: "llm",
  };
  const line = `${JSON.stringify({ v: 1, id: "id-first", event: "rule_promoted" })}\n`;
  return { kind: "change", planned: { text: edit.text, change, line, notice: "first is a rule now" } };
});
process.exitCode = result.kind === "changed" ? 0 : 3;
