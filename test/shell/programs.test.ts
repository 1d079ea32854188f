import { describe, expect, it } from "vitest";
import { optionTable } from "../../src/core/shell/option-table.js";
import { TABLES } from "../../src/core/shell/programs/index.js";
import type { Knowledge } from "../../src/core/shell/programs/knowledge.js";

function rowsOf(name: string, row: Knowledge): (readonly [string, Knowledge])[] {
  const below = Object.entries(row.subcommands ?? {}).flatMap(([sub, child]) => rowsOf(`${name} ${sub}`, child));
  return [[name, row], ...below];
}

const rows = TABLES.flatMap((table) => Object.entries(table).flatMap(([name, row]) => rowsOf(name, row)));

describe("the tables of programs", () => {
  it("name each program once", () => {
    const names = TABLES.flatMap((table) => Object.keys(table));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it("spell every option with a dash, or as an operator of find or a set of +", () => {
    const odd = rows.flatMap(([name, row]) =>
      [...optionTable(row.options ?? "").exact.keys()]
        .filter((each) => !/^(?:-[^-]*$|--[\w.-]+$|-[\w-]+$|\+[oODd]$|[(),!]$)/.test(each))
        .map((each) => `${name} ${each}`),
    );
    expect(odd).toEqual([]);
  });

  it("spell no option twice in one row with another meaning", () => {
    const odd: string[] = [];
    for (const [name, row] of rows) {
      const seen = new Map<string, string>();
      for (const token of (row.options ?? "").split(/\s+/)) {
        for (const option of new Set(optionTable(token).exact.values())) {
          for (const spelling of option.names) {
            const meaning = `${option.value} ${option.mark}`;
            if ((seen.get(spelling) ?? meaning) !== meaning) odd.push(`${name} ${spelling}`);
            seen.set(spelling, meaning);
          }
        }
      }
    }
    expect(odd).toEqual([]);
  });

  it("prove reading for no row whose options are open or that runs something", () => {
    const odd = rows
      .filter(([, row]) => row.effect === "reads" && row.open && row.options === "")
      .map(([name]) => name);
    expect(odd).toEqual([]);
  });

  it("use only roles that exist", () => {
    const roles =
      /^(?:word|read|write|append|edit|delete|run|script|directory|assign|pair|variable|format|remote|revision|alias|setting|name|forge|toggle|lint|filled|page|letters|other)\*?$/;
    const odd = rows.flatMap(([name, row]) =>
      (row.operands ?? "")
        .replace(/[=+].*$/, "")
        .split(" ")
        .filter((each) => each !== "" && !roles.test(each))
        .map((each) => `${name}: ${each}`),
    );
    expect(odd).toEqual([]);
  });

  it("always list the harmful options of programs that can be allowed to read", () => {
    const harmful: Readonly<Record<string, readonly string[]>> = {
      find: ["-exec", "-execdir", "-ok", "-okdir", "-delete", "-fprint", "-fprintf", "-fls"],
      rg: ["--pre", "--hostname-bin", "--search-zip"],
      sort: ["-o", "--compress-program"],
      sed: ["-i", "-f"],
      awk: ["-f"],
      tar: ["--to-command", "--checkpoint-action", "-I", "--use-compress-program"],
      "git log": ["--output", "--ext-diff", "--textconv"],
      "git diff": ["--output", "--ext-diff", "--textconv"],
      "git grep": ["-O", "--open-files-in-pager"],
      fd: ["-x", "-X"],
    };
    const byName = new Map(rows);
    for (const [name, options] of Object.entries(harmful)) {
      const { exact } = optionTable(byName.get(name)?.options ?? "");
      for (const option of options) {
        const found = exact.get(option);
        expect(`${name} ${option} ${found?.value} ${found?.mark}`).not.toMatch(/undefined|(?:none|word|optional) none/);
      }
    }
  });
});
