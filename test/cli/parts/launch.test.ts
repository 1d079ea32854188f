/** The code cache of the built command line: made by the first runs, used by the next, and never a reason to fail. */
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildCli } from "../../../scripts/build-cli.mjs";
import { decodeKept } from "../../../src/cli/parts/kept-code.js";
import { v8FlagFor } from "../../../src/cli/parts/launch.js";
import { intactCache } from "../../../src/store/code-cache.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
let base = "";
let homes = 0;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), "claude-permit-parts-"));
  mkdirSync(join(base, "one", "dist"), { recursive: true });
  cpSync(join(root, "package.json"), join(base, "one", "package.json"));
  await buildCli(join(base, "one", "dist"));
  cpSync(join(base, "one"), join(base, "two"), { recursive: true });
}, 60_000);
afterAll(() => rmSync(base, { recursive: true, force: true }));

const COMMAND = ["completions", "bash"];

function freshHome(): string {
  const home = join(base, `home-${++homes}`);
  mkdirSync(home, { mode: 0o700 });
  return home;
}

function run(home: string, args: readonly string[] = COMMAND, installation = "one") {
  const main = join(base, installation, "dist", "cli", "main.js");
  const env = { PATH: process.env["PATH"] ?? "", HOME: base, TZ: "UTC" };
  return spawnSync(process.execPath, [main, ...args, "--home", home], { encoding: "utf8", env });
}

function caches(home: string): readonly string[] {
  const folder = join(home, "cache");
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith("cli-"))
    .map((name) => join(folder, name));
}

/** How many runs went into the one cache of a home; -1 where it is damaged. */
function runsIn(home: string): number | undefined {
  const [path] = caches(home);
  if (path === undefined) return undefined;
  const data = intactCache(readFileSync(path));
  return data === undefined ? -1 : decodeKept(data).runs;
}

function onlyCache(home: string): string {
  const [path = "", ...others] = caches(home);
  expect([path === "", others]).toEqual([false, []]);
  return path;
}

describe("the code cache of a command", () => {
  it("is made by its first runs and then left as it is", () => {
    const home = freshHome();
    const answers = [1, 2, 3].map((runs) => {
      const { stdout, stderr } = run(home);
      expect([stderr, runsIn(home)]).toEqual(["", runs]);
      return stdout;
    });
    expect(answers[0]).toContain("claude-permit");
    const path = onlyCache(home);
    const { mtimeMs, mode } = statSync(path);
    expect(mode & 0o777).toBe(0o600);
    expect([run(home).stdout, statSync(path).mtimeMs]).toEqual([answers[0], mtimeMs]);
    expect(new Set(answers).size).toBe(1);
  });

  it.each<[string, (bytes: Buffer) => Uint8Array]>([
    ["empty", () => Buffer.alloc(0)],
    ["half", (bytes) => bytes.subarray(0, bytes.length / 2)],
    ["torn", (bytes) => bytes.subarray(0, bytes.length - 1000)],
    ["text", () => Buffer.from("no cache, no cache, no cache, no")],
    ["wrong in one byte", (bytes) => bytes.map((byte, index) => (index === bytes.length >> 2 ? byte ^ 1 : byte))],
    ["nothing but zeros", (bytes) => Buffer.alloc(bytes.length)],
  ])("that is %s is made anew", (_, spoil) => {
    const home = freshHome();
    const { stdout } = run(home);
    const path = onlyCache(home);
    writeFileSync(path, spoil(readFileSync(path)));
    expect(run(home)).toMatchObject({ status: 0, stdout, stderr: "" });
    expect(runsIn(home)).toBe(1);
  });

  it("is not used where others may write it", () => {
    const home = freshHome();
    run(home);
    chmodSync(onlyCache(home), 0o666);
    expect(run(home)).toMatchObject({ status: 0, stderr: "" });
    expect([runsIn(home), statSync(onlyCache(home)).mode & 0o777]).toEqual([1, 0o600]);
  });

  it("is not used by another installation of the same build: a home may come from elsewhere", () => {
    const home = freshHome();
    run(home);
    const before = caches(home).map((path) => [path, statSync(path).mtimeMs] as const);
    expect(run(home, COMMAND, "two")).toMatchObject({ status: 0, stderr: "" });
    expect(caches(home)).toHaveLength(2);
    for (const [path, mtimeMs] of before) expect(statSync(path).mtimeMs).toBe(mtimeMs);
  });

  it("goes a week after another build or another Node left it", () => {
    const home = freshHome();
    mkdirSync(join(home, "cache"));
    for (const name of ["cli-completions-v20.0.0-x64-old.v8", "cli-list-v20.0.0-x64-old.v8"]) {
      writeFileSync(join(home, "cache", name), "");
      utimesSync(join(home, "cache", name), 1e9, 1e9);
    }
    run(home);
    const names = caches(home).map((path) => path.slice(path.lastIndexOf("/") + 1));
    expect(names.filter((name) => name.endsWith("-old.v8"))).toEqual(["cli-list-v20.0.0-x64-old.v8"]);
  });

  it("is not made by a run that shall write nothing, fails, or has no home", () => {
    const home = freshHome();
    expect(run(home, [...COMMAND, "--read-only"]).status).toBe(0);
    expect(run(home, ["completions", "--no-such-flag"]).status).toBe(2);
    expect(readdirSync(home)).toEqual([]);
    expect([run(home, ["prune", "--dry-run"]).status, caches(home)]).toEqual([0, []]);
    const nowhere = join(base, "nowhere");
    expect([run(nowhere).status, existsSync(nowhere)]).toEqual([0, false]);
  });

  it("is done without where it cannot be written", () => {
    const home = freshHome();
    writeFileSync(join(home, "cache"), "a file, not a folder");
    expect(run(home)).toMatchObject({ status: 0, stderr: "" });
  });

  it("is nothing a hook waits for, in a folder that is gone: it still says no", () => {
    const gone = join(base, "gone");
    mkdirSync(gone);
    const main = join(base, "one", "dist", "cli", "main.js");
    writeFileSync(join(base, "one", "dist", "hook.cjs"), `exports.main = () => { process.exitCode = 2; };`);
    const script = `process.chdir(${JSON.stringify(gone)}); require("node:fs").rmdirSync(${JSON.stringify(gone)});
      process.argv = [process.argv[0], ${JSON.stringify(main)}, "hook"]; require(${JSON.stringify(main)});`;
    const { status, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8", input: "" });
    expect([status, stderr]).toEqual([2, ""]);
  });

  it("survives many runs at once", async () => {
    const home = freshHome();
    const { stdout } = run(freshHome());
    const main = join(base, "one", "dist", "cli", "main.js");
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => {
        const child = spawn(process.execPath, [main, ...COMMAND, "--home", home]);
        let text = "";
        child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        return new Promise<string>((resolve) => child.on("close", (code) => resolve(`${code} ${text}`)));
      }),
    );
    expect(new Set(answers)).toEqual(new Set([`0 ${stdout}`]));
    expect(runsIn(home)).toBeGreaterThan(0);
    expect(run(home)).toMatchObject({ status: 0, stdout });
  });
});

describe("V8's own measure", () => {
  it.each([
    ["20.19.0", "stats", true],
    ["20.20.2", undefined, true],
    ["20.20.2", "hook", false],
    ["20.20.2", "query", false],
    ["22.23.3", "stats", false],
    ["24.21.0", "stats", false],
    ["200.0.0", "stats", false],
  ])("Node %s, %s: set %s", (node, command, isSet) => {
    expect(v8FlagFor(node, command) !== null).toBe(isSet);
  });

  it("is a flag that this Node knows: it complains of none", () => {
    expect(run(freshHome()).stderr).toBe("");
  });
});
