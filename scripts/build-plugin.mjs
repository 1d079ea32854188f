// Puts the built hook into plugin/dist and the version into the plugin's manifest. Both are committed, because a plugin
// is installed from the repository as it is, without a build. `--check` writes nothing and exits with 1 when what is
// committed is not what would be written.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildHook } from "./build-hook.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const plugin = join(root, "plugin");
const manifest = join(plugin, ".claude-plugin", "plugin.json");

const wanted = await builtParts();
if (process.argv.includes("--check")) check();
else write();

/** Path -> bytes of every part that follows from the rest of the repository. */
async function builtParts() {
  const folder = mkdtempSync(join(tmpdir(), "claude-permit-plugin-"));
  try {
    await buildHook(folder);
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const text = readFileSync(manifest, "utf8").replace(/"version": "[^"]*"/, `"version": "${version}"`);
    const files = readdirSync(folder).map((name) => [join(plugin, "dist", name), readFileSync(join(folder, name))]);
    return new Map([...files, [manifest, Buffer.from(text)]]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write() {
  rmSync(join(plugin, "dist"), { recursive: true, force: true });
  mkdirSync(join(plugin, "dist"));
  for (const [path, bytes] of wanted) writeFileSync(path, bytes);
}

function check() {
  const present = readdirSync(join(plugin, "dist")).map((name) => join(plugin, "dist", name));
  const stray = present.filter((path) => !wanted.has(path));
  const stale = [...wanted].filter(([path, bytes]) => !existsSync(path) || !readFileSync(path).equals(bytes));
  const differing = [...stray, ...stale.map(([path]) => path)].map((path) => path.slice(root.length));
  if (differing.length === 0) return;
  console.error(`not as built: ${differing.join(", ")}\nrun: npm run build:plugin`);
  process.exitCode = 1;
}
