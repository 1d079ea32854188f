// Runs the tests against other engines: a cluster of Debian's ClickHouse and ZooKeeper on loopback, a current ClickHouse in
// process (chDB, fetched into a cache folder, no dependency), PostgreSQL as a referee. Installs what it may; what cannot be
// had is a printed skip, exit 0. `--require` turns a skip into a failure.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CHDB = "3.4.0";

const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const args = process.argv.slice(2);
const isStrict = args.includes("--require");

const skips = [];
installServers();
const chdb = fetchChdb();
if (!existsSync("/usr/sbin/clickhouse-server")) skips.push("cluster: clickhouse-server is not installed");
else if (!existsSync("/usr/share/java/zookeeper.jar")) skips.push("cluster: zookeeper is not installed");
if (chdb === "") skips.push(`chDB: chdb@${CHDB} could not be fetched (linux-x64 and arm64 with glibc, macOS)`);
if (postgresFolder() === "") skips.push("PostgreSQL: postgresql is not installed");

const words = args.filter((word) => word !== "--require");
const command = [vitest, "run", "--config", join(root, "vitest.fleet.config.ts"), ...words];
const env = { ...process.env, CLAUDE_PERMIT_CHDB: chdb, CLAUDE_PERMIT_POSTGRES: postgresFolder() };
const status = spawnSync(process.execPath, command, { cwd: root, env, stdio: "inherit" }).status ?? 2;
for (const skip of skips) console.log(`SKIP test:fleet: ${skip}`);
process.exitCode = status === 0 && isStrict && skips.length > 0 ? 1 : status;

/** Debian's packages, where this may install them. Their services are not started. */
function installServers() {
  const wanted = [];
  if (!existsSync("/usr/sbin/clickhouse-server")) wanted.push("clickhouse-server");
  if (!existsSync("/usr/share/java/zookeeper.jar")) wanted.push("zookeeper");
  if (postgresFolder() === "") wanted.push("postgresql");
  const mayInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get") && process.env.CI !== undefined;
  if (wanted.length === 0 || !mayInstall) return;
  const quiet = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" } };
  spawnSync("apt-get", ["update", "-qq"], quiet);
  for (const name of wanted) spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name], quiet);
}

function postgresFolder() {
  const versions = "/usr/lib/postgresql";
  if (!existsSync(versions)) return "";
  const newest = readdirSync(versions).sort((a, b) => Number(b) - Number(a))[0];
  const folder = join(versions, newest ?? "", "bin");
  return existsSync(join(folder, "postgres")) ? folder : "";
}

/** The folder that holds the packages, "" when they cannot be had. */
function fetchChdb() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "claude-permit-fleet");
  const folder = join(cache, `chdb-${CHDB}`);
  if (existsSync(join(folder, "node_modules", "chdb"))) return folder;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, "fetch-"));
  try {
    writeFileSync(join(work, "package.json"), JSON.stringify({ private: true, dependencies: { chdb: CHDB } }));
    const npm = ["install", "--ignore-scripts", "--silent", "--no-audit", "--no-fund"];
    if (spawnSync("npm", npm, { cwd: work, stdio: "ignore", timeout: 300_000 }).status !== 0) return "";
    const works = spawnSync(process.execPath, ["-e", 'require("chdb").query("SELECT 1")'], {
      cwd: work,
      stdio: "ignore",
    });
    if (works.status !== 0) return "";
    // Whole or not at all: another run may be fetching too.
    if (!existsSync(folder)) renameSync(work, folder);
    return folder;
  } catch {
    return "";
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
