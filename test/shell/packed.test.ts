import { describe, expect, it } from "vitest";
import { findProgram, TABLES } from "../../src/core/shell/programs/index.js";
import { openPacked, packPrograms } from "../../src/core/shell/programs/packed.js";

describe("the tables as one text", () => {
  const packed = packPrograms(TABLES);
  const find = openPacked((at, length) => packed.slice(at, at + length));

  it("gives every program the row it has in the tables", () => {
    const names = TABLES.flatMap((table) => Object.keys(table));
    expect(names.length).toBeGreaterThan(500);
    for (const name of names) expect([name, find(name)]).toEqual([name, findProgram(name)]);
  });

  it.each([
    "",
    "no-such-program",
    "1",
    "constructor",
    "__proto__",
    "toString",
    'x":1,"git',
    "git=0\tnpm",
    "git=0",
    "\tgit",
    "\n",
  ])("knows no `%s`", (name) => {
    expect(find(name)).toBeUndefined();
    expect(findProgram(name)).toBeUndefined();
  });

  it("stays small: equal rows are kept once", () => {
    expect(packPrograms(TABLES).length).toBeLessThan(155_000);
  });
});
