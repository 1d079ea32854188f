/** The command line as it is shipped: few files, each of which can be loaded, and nothing lost on the way. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire, isBuiltin, SourceMap } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildCli } from "../../scripts/build-cli.mjs";
import { partLoader } from "../../src/cli/parts/load-parts.js";

/** A package, as the minifier leaves it. */
const IMPORT = /(?:require|import)\(\s*["'`]([a-z@][^"'`]*)["'`]/g;
const root = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";
const parts = () => join(folder, "dist", "cli-parts");
const partNames = () => readdirSync(parts()).filter((name) => name.endsWith(".cjs"));
const textOf = (name: string) => readFileSync(join(parts(), name), "latin1");

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
  it("has no part that cannot be loaded, whichever comes first", () => {
    const names = partNames();
    expect(names.length).toBeGreaterThan(30);
    const table = /\(__filename,(\{.*\}),require\);$/m.exec(
      readFileSync(join(folder, "dist", "cli", "main.js"), "utf8"),
    );
    const exported: Record<string, string[]> = JSON.parse(table?.[1] ?? "{}");
    expect(Object.keys(exported).sort()).toEqual(names.sort());
    for (const [name, keys] of Object.entries(exported)) {
      const ownRequire = createRequire(join(parts(), name));
      const { require, loaded } = partLoader({
        folder: parts(),
        parts: exported,
        ownRequire,
        cacheOf: () => undefined,
      });
      const part = require(name) as Readonly<Record<string, unknown>>;
      const values = keys.map((key) => part[key]);
      expect([name, loaded.has(name), values.includes(undefined)]).toEqual([name, keys.length > 0, false]);
    }
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
    const asked = partNames()
      .flatMap((name) => [...textOf(name).matchAll(IMPORT)])
      .map(([, id = ""]) => id)
      // `node:sqlite` is not in every Node; ajv holds text of code that it never writes here.
      .filter((id) => !isBuiltin(id) && !/^node:|^ajv/.test(id));
    expect(asked).toContain("@duckdb/node-api");
    const installed = new Set(Object.keys({ ...dependencies, ...peerDependencies }));
    expect(asked.filter((id) => !installed.has(/^(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? ""))).toEqual([]);
  });

  it.each([
    ["cli", "main.js", "src/cli/main.ts", "reads an event from standard input"],
    ["cli-parts", "program-", "src/cli/program.ts", "unexpected error, please report it"],
  ])("says in the map of %s/%s where code comes from, without holding it", (place, start, source, words) => {
    const file = `${place}/${readdirSync(join(folder, "dist", place)).find((name) => name.startsWith(start))}`;
    const map = JSON.parse(readFileSync(join(folder, "dist", `${file}.map`), "utf8"));
    expect(map.sourcesContent).toBeUndefined();
    const [line, column] = placeOf(words, readFileSync(join(folder, "dist", file), "latin1"));
    expect(new SourceMap(map).findEntry(line, column)).toMatchObject({
      originalSource: expect.stringMatching(new RegExp(`${source}$`)),
      originalLine: placeOf(words, readFileSync(join(root, source), "utf8"))[0],
    });
  });

  it("tells the source of an error where Node is asked for it", () => {
    const broken = join(folder, "broken.cjs");
    writeFileSync(broken, `Number.isSafeInteger = () => { throw new Error("broken"); };`);
    const flags = ["--enable-source-maps", "--require", broken];
    const { stderr } = node(...flags, join(folder, "dist", "cli", "main.js"), "list", "--limit", "1", "--home", folder);
    expect(stderr).toContain(`${join("src", "cli", "flags.ts")}:`);
  });
});

/** Line and column, from 0. */
function placeOf(words: string, text: string): readonly [number, number] {
  const lines = text.slice(0, text.indexOf(words)).split("\n");
  return [lines.length - 1, lines.at(-1)?.length ?? 0];
}
