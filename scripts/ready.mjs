// Makes the checkout ready to run: installs packages when the lock file changed, builds when a source changed, and does
// nothing when both are current. Uses only Node itself, so it works before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`claude-permit needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(2);
}

const installed = join(root, "node_modules", ".claude-permit-install");
const lock = digest([join(root, "package-lock.json"), join(root, "package.json")], process.versions.modules);
if (stamp(installed) !== lock) {
  console.error("claude-permit: installing packages (npm ci)");
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  writeFileSync(installed, lock);
}

const built = join(root, "dist", ".claude-permit-build");
const sources = digest(
  ["src", "templates", "wasm", "scripts", "tsconfig.json", "tsconfig.build.json"].flatMap(files),
  lock,
);
if (stamp(built) !== sources) {
  console.error("claude-permit: building");
  run(process.execPath, [join(root, "scripts", "build.mjs")]);
  writeFileSync(built, sources);
}

function files(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (/\.\w+$/.test(path)) return [full];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function digest(paths, salt) {
  const hash = createHash("sha256").update(salt);
  for (const path of paths) hash.update(path.slice(root.length)).update("\0").update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}

function stamp(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function run(command, args) {
  const shell = process.platform === "win32" && command === "npm";
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], shell });
  if (error !== undefined) console.error(`claude-permit: could not start ${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 2);
}
