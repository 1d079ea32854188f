/** The command line as it is shipped: few files, each of which can be loaded, and nothing lost on the way. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildCli } from "../../scripts/build-cli.mjs";

/** A package, statically or when needed, as the minifier leaves it. */
const IMPORT = /(?:from|import\()\s*["'`]([a-z@][^"'`]*)["'`]/g;
const root = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";
const parts = () => join(folder, "dist", "cli-parts");

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cli-bundle-"));
  mkdirSync(join(folder, "dist"));
  for (const name of ["package.json", "policies"]) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  await buildCli(join(folder, "dist"));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function node(...args: string[]) {
  return spawnSync(process.execPath, args, { encoding: "utf8", cwd: folder, env: { ...process.env, HOME: folder } });
}

describe("the bundled command line", () => {
  it("has no part that cannot be loaded", () => {
    const names = readdirSync(parts()).filter((name) => name.endsWith(".js"));
    expect(names.length).toBeGreaterThan(30);
    const load = names.map((name) => `await import(${JSON.stringify(join(parts(), name))});`).join("\n");
    expect(node("--input-type=module", "-e", load).stderr).toBe("");
  });

  it("finds what ships beside it", () => {
    const cli = join(folder, "dist", "cli", "main.js");
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(node(cli, "--version").stdout).toBe(`${version}\n`);
    const home = join(folder, "home");
    expect(
      node(cli, "test", "ls", "--home", home, "--config", join(folder, "policies", "starter.toml")).stdout,
    ).toMatch(/^allow by rule/);
  });

  it("needs no package that is not installed with it", () => {
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const asked = readdirSync(parts())
      .filter((name) => name.endsWith(".js"))
      .flatMap((name) => [...readFileSync(join(parts(), name), "utf8").matchAll(IMPORT)])
      .map(([, id = ""]) => id)
      .filter((id) => !isBuiltin(id));
    expect(asked).toContain("@duckdb/node-api");
    const installed = new Set(Object.keys({ ...dependencies, ...peerDependencies }));
    expect(asked.filter((id) => !installed.has(/^(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? ""))).toEqual([]);
  });

  it("says in its maps where code comes from, without holding it", () => {
    const map = JSON.parse(readFileSync(join(folder, "dist", "cli", "main.js.map"), "utf8"));
    expect(map.sources).toEqual([expect.stringMatching(/\/src\/cli\/main\.ts$/)]);
    expect(map.sourcesContent).toBeUndefined();
  });
});
