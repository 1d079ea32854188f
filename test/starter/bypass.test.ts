/**
 * Known ways around permission hooks, under the starter policy. The whole table stands in
 * fixtures/starter/bypass-outcomes.txt; what is allowed there is argued row by row in bypass.jsonl (`why_allowed`).
 */
import { describe, expect, it } from "vitest";
import { judgeCommand, outcomeLine, readRows } from "./starter-world.js";

interface Row {
  readonly cmd: string;
  readonly class: string;
  readonly why: string;
  readonly source: string;
  readonly why_allowed?: string;
}

const rows = readRows<Row>("bypass.jsonl");

describe("the starter policy on known bypasses", () => {
  it("allows exactly the rows that are argued to be harmless", () => {
    const allowed = rows.filter(({ cmd }) => judgeCommand(cmd).decision === "allow").map(({ cmd }) => cmd);
    expect(allowed).toEqual(rows.filter((row) => row.why_allowed !== undefined).map(({ cmd }) => cmd));
    expect(rows).toHaveLength(117);
    expect(allowed.length).toBeLessThanOrEqual(4);
  });

  it("decides each as the table says", async () => {
    const lines = rows.map(({ cmd, class: kind }) => `${kind.padEnd(14)}${outcomeLine(judgeCommand(cmd), cmd)}`);
    const head = `${"class".padEnd(14)}${"decision".padEnd(12)}${"rule".padEnd(38)}command`;
    await expect(`${[head, ...lines].join("\n")}\n`).toMatchFileSnapshot("../../fixtures/starter/bypass-outcomes.txt");
  });

  it("denies what it cannot understand where nobody can be asked", () => {
    const unsure = rows.map(({ cmd }) => judgeCommand(cmd, { attended: false })).filter(({ unknown }) => unknown);
    expect(unsure.length).toBeGreaterThan(5);
    expect(unsure.filter(({ decision }) => decision !== "deny")).toEqual([]);
  });
});
