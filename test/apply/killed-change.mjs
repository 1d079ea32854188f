// A process that changes two policy files and is killed just before its n-th change of the file system.
// Arguments: dist folder, home, n.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

const [dist, home, n] = process.argv.slice(2);
let left = Number(n);
const CHANGES = ["fsyncSync", "mkdir", "mkdirSync", "openSync", "renameSync", "rmSync", "rmdir", "utimes", "writeSync"];
const isReading = (name, flags) => name === "openSync" && (flags === undefined || flags === "r");
const { changePolicyFiles } = await import(join(dist, "store/policy-change.js"));

for (const name of CHANGES) {
  const original = fs[name];
  fs[name] = (...args) => {
    if (!isReading(name, args[1])) left -= 1;
    if (left <= 0) process.kill(process.pid, "SIGKILL");
    return original(...args);
  };
}
syncBuiltinESMExports();

const files = [join(home, "config.toml"), join(home, "auto-rules.toml")];
const history = { timestamp: "2026-11-21T12:00:00.000Z", event: "rule_added", rule: "new", by: "apply" };
const change = {
  id: "change-1",
  timestamp: "2026-11-21T12:00:00.000Z",
  files: [
    { file: files[0], before: "# old\n", after: "# new\n" },
    { file: files[1], before: null, after: "# new too\n" },
  ],
  history: [{ ...history, id: "change-1-0" }],
  line: '{"v":1,"id":"change-1"}\n',
};
const places = {
  home,
  history: join(home, "history.jsonl"),
  audit: join(home, "audit.jsonl"),
  state: join(home, "state"),
};
await changePolicyFiles(
  places,
  files,
  () => change,
  () => true,
);
