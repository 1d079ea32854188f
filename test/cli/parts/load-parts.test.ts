/** Parts are loaded when something of them is used, once, in whatever order, with a cache or without. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { partLoader } from "../../../src/cli/parts/load-parts.js";

const PARTS = { "a.cjs": ["one", "two"], "b.cjs": ["run"] };
const COUNTING = `let count = 0; exports.one = () => ++count; Object.defineProperty(exports, "two", { get: () => count });`;
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "parts-"));
  part("a.cjs", COUNTING);
  part(
    "b.cjs",
    `const a = require("./a.cjs"); const zlib = require("node:zlib"); exports.run = () => [a.one(), zlib];`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function part(name: string, code: string): void {
  writeFileSync(join(folder, name), `module.exports=(function(require,exports,__filename,__dirname){\n${code}\n})`);
}

interface Loaded {
  readonly a: { readonly one: () => number; readonly two: number };
  readonly b: { readonly run: () => [number, typeof import("node:zlib")] };
  readonly names: () => readonly string[];
  readonly isCold: (name: string) => boolean | undefined;
  readonly asked: readonly string[];
  readonly dataOf: (name: string) => Buffer | undefined;
}

function load(cacheOf: (part: string) => Buffer | undefined = () => undefined): Loaded {
  const asked: string[] = [];
  const ownRequire = (id: string): unknown => {
    asked.push(id);
    return { gzipSync: "it" };
  };
  const { require: ask, loaded } = partLoader({ folder, parts: PARTS, ownRequire, cacheOf });
  return {
    a: ask("../cli-parts/a.cjs") as Loaded["a"],
    b: ask("./b.cjs") as Loaded["b"],
    names: () => [...loaded.keys()],
    isCold: (name) => loaded.get(name)?.isCold,
    asked,
    dataOf: (name) => loaded.get(name)?.script.createCachedData(),
  };
}

describe("parts", () => {
  it("are loaded by use, not by being asked for", () => {
    const { a, b, names } = load();
    expect(names()).toEqual([]);
    const { run } = b;
    expect(names()).toEqual(["b.cjs"]);
    expect(run()[0]).toBe(1);
    expect(names()).toEqual(["b.cjs", "a.cjs"]);
    expect([a.one(), a.two, run()[0], a.two]).toEqual([2, 2, 3, 3]);
    expect(Object.keys(a)).toContain("one");
  });

  it("ask for what Node loads slowly only when they use it", () => {
    const { b, asked } = load();
    const [, zlib] = b.run();
    expect(asked).toEqual([]);
    expect([zlib.gzipSync, { ...zlib }, "gzipSync" in zlib, "other" in zlib]).toEqual([
      "it",
      { gzipSync: "it" },
      true,
      false,
    ]);
    expect(asked).toEqual(["node:zlib"]);
  });

  it("run from what V8 made of them, and compiled where it refuses that", () => {
    const first = load();
    first.a.one();
    expect(first.isCold("a.cjs")).toBe(true);
    const data = first.dataOf("a.cjs");
    const second = load(() => data);
    expect([second.a.one(), second.isCold("a.cjs")]).toEqual([1, false]);
    // One process compiles the same text only once.
    part("a.cjs", `${COUNTING} // changed`);
    const third = load(() => Buffer.from("not a cache at all"));
    expect([third.a.one(), third.isCold("a.cjs")]).toEqual([1, true]);
  });
});
