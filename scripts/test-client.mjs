// Runs the tests in test/client with the real Claude Code: fetches the pinned package from the registry into a cache
// folder, then starts vitest where nothing but loopback can be reached. What cannot be had is a printed skip, exit 0.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const VERSION = "2.1.329";
const PACKAGE = "@anthropic-ai/claude-code-linux-x64";
const INTEGRITY = "sha512-+n4lu1ubYAp02Y0X/MAUnxw9yY6SHHZ77F+IoW+V0wVoFuiI9opdH6gofjf14gXJCEYMTNpks7Gn1i8XZTKAWA==";

const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");

const client = fetchClient();
if (client.skip !== undefined) console.log(`SKIP test:client: ${client.skip}`);
else process.exitCode = runTests(client.program, process.argv.slice(2));

function fetchClient() {
  if (process.platform !== "linux" || process.arch !== "x64")
    return { skip: `the pinned client is for linux-x64, this is ${process.platform}-${process.arch}` };
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "claude-permit-client");
  const folder = join(cache, VERSION);
  const program = join(folder, "package", "claude");
  if (existsSync(program)) return { program };
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, "fetch-"));
  try {
    const packed = spawnSync("npm", ["pack", "--json", `${PACKAGE}@${VERSION}`], { cwd: work, encoding: "utf8" });
    if (packed.status !== 0) return { skip: `${PACKAGE}@${VERSION} could not be fetched` };
    const [{ filename }] = JSON.parse(packed.stdout);
    const tarball = join(work, filename);
    const digest = createHash("sha512").update(readFileSync(tarball)).digest("base64");
    if (`sha512-${digest}` !== INTEGRITY) throw new Error(`${PACKAGE}@${VERSION} is not the package these tests know`);
    const unpacked = spawnSync("tar", ["xzf", tarball, "-C", work]);
    if (unpacked.status !== 0) return { skip: "the package could not be unpacked" };
    rmSync(tarball);
    // Whole or not at all: another run may be fetching too.
    try {
      renameSync(work, folder);
    } catch (error) {
      if (!existsSync(program)) throw error;
    }
    return { program };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function runTests(program, args) {
  const command = [process.execPath, vitest, "run", "--config", join(root, "vitest.client.config.ts"), ...args];
  const canCutOff = spawnSync("unshare", ["-n", "ip", "link", "set", "lo", "up"]).status === 0;
  if (!canCutOff) console.log("note: no network namespace here; only the environment keeps the client off the network");
  const [file, ...words] = canCutOff
    ? ["unshare", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", ...command]
    : command;
  const env = { ...process.env, CLAUDE_PERMIT_CLIENT: program };
  return spawnSync(file, words, { cwd: root, env, stdio: "inherit" }).status ?? 2;
}
