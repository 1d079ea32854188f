/** Hostile texts end quickly in `unknown`: measured against ordinary commands in the same run, never in absolute time. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bounds, checkBounds } from "../../src/core/shell/bounds.js";
import { parseShellText } from "../../src/core/shell/parse.js";
import { vectors } from "./vectors.js";

interface Row {
  readonly fill?: string;
  readonly open?: string;
  readonly close?: string;
  readonly depth?: number;
  readonly middle?: string;
  readonly characters?: number;
}

const file = new URL("../../fixtures/shell/parse/hostile.json", import.meta.url);
const rows: readonly Row[] = JSON.parse(readFileSync(file, "utf8"));

function expand({ fill, open = "", close = "", depth = 0, middle = "", characters = 0 }: Row): string {
  if (fill !== undefined) return fill.repeat(Math.floor(characters / fill.length));
  const room = characters - depth * (open.length + close.length);
  return open.repeat(depth) + middle.repeat(Math.max(1, Math.floor(room / middle.length))) + close.repeat(depth);
}

/** Least CPU time of `rounds`, in milliseconds: a busy machine must not decide. */
function least(rounds: number, work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1_000);
  }
  return best;
}

describe("hostile text", () => {
  it("costs no more than some thousand ordinary commands", () => {
    const ordinary = (): void => {
      for (let times = 0; times < 20; times++) for (const text of vectors.sound) parseShellText(text);
    };
    ordinary();
    const reference = least(5, ordinary);
    const slow = rows.filter((row) => {
      const text = expand(row);
      return least(3, () => parseShellText(text)) > reference * 1.5;
    });
    expect(slow).toEqual([]);
  }, 120_000);

  it.each([
    ["over-long", "x".repeat(bounds.bytes + 1)],
    ["over-long", "日".repeat(Math.ceil(bounds.bytes / 3) + 1)],
    ["too-deep", "(".repeat(bounds.openBrackets + 1)],
    ["too-deep", `${"(".repeat(20)}${"x".repeat(bounds.nestedCharacters / 20 + 1)}`],
    ["too-many-expansions", "$(a) ".repeat(bounds.expansions + 1)],
    ["too-many-heredocs", "<<a ".repeat(bounds.heredocs + 1)],
    ["budget", "a ".repeat(bounds.words + 1)],
    ["budget", "a;".repeat(bounds.words + 1)],
    ["budget", "2>&1 ".repeat(bounds.redirects + 1)],
    ["control-character", "a\u0000b"],
    ["ill-formed-text", "a\ud83d"],
  ])("is bound by %s before it is parsed", (code, text) => {
    expect(checkBounds(text)?.code).toBe(code);
    expect(parseShellText(text).reasons.map((reason) => reason.code)).toEqual([code]);
  });

  it.each([
    ["x".repeat(bounds.bytes)],
    ["日".repeat(Math.floor(bounds.bytes / 3))],
    ["(".repeat(bounds.openBrackets)],
    ["$(a) ".repeat(bounds.expansions)],
    ["<<a ".repeat(bounds.heredocs)],
    ["a ".repeat(bounds.words)],
    [">a ".repeat(bounds.redirects)],
    ["a\t\n\u{1f600}"],
  ])("just inside a bound is parsed", (text) => {
    expect(checkBounds(text)).toBeNull();
  });
});
