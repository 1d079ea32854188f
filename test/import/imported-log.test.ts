import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { readFileLines } from "../../src/analyze/import/file-lines.js";
import { type ImportedLine, writeImportedLog } from "../../src/analyze/import/imported-log.js";

const folder = mkdtempSync(join(tmpdir(), "imported-log-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const line = (id: string, timeMs: number, event = "PreToolUse", body = ""): ImportedLine => ({
  id,
  timeMs,
  event,
  text: `${id} ${timeMs} ${event} ${body}\n`,
});
const idsIn = (path: string) =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => text.split(" ")[0]);

describe("writeImportedLog", () => {
  it("sorts by time, a decision before its question and outcome", () => {
    const path = join(folder, "order.jsonl");
    const lines = [
      line("c", 5, "PostToolUse"),
      line("b", 5, "PermissionRequest"),
      line("z", 5),
      line("a", 9),
      line("y", 1),
    ];
    expect(writeImportedLog(path, lines, () => [])).toEqual({ total: 5, added: 5, changed: true });
    expect(idsIn(path)).toEqual(["y", "z", "b", "c", "a"]);
  });

  it("replaces what has the same id, keeps the rest, leaves no other file", () => {
    const path = join(folder, "merge.jsonl");
    writeImportedLog(path, [line("a", 1), line("b", 2)], () => []);
    const result = writeImportedLog(path, [line("b", 2, "PreToolUse", "new")], () => [line("a", 1), line("b", 2)]);
    expect(result).toEqual({ total: 2, added: 0, changed: true });
    expect(readFileSync(path, "utf8")).toContain("b 2 PreToolUse new");
    expect(readdirSync(folder).filter((name) => name.startsWith("merge"))).toEqual(["merge.jsonl"]);
  });

  it("leaves the file as it was when the source fails", () => {
    const path = join(folder, "fail.jsonl");
    writeImportedLog(path, [line("a", 1)], () => []);
    const failing = function* () {
      yield line("b", 2);
      throw new Error("the disk is gone");
    };
    expect(() => writeImportedLog(path, failing(), () => [])).toThrow("the disk is gone");
    expect(idsIn(path)).toEqual(["a"]);
    expect(readdirSync(folder).filter((name) => name.startsWith("fail"))).toEqual(["fail.jsonl"]);
  });

  it("gives the same bytes whatever the order of the lines", () => {
    const path = join(folder, "any.jsonl");
    const some = fc.uniqueArray(
      fc.record({ id: fc.uuid(), timeMs: fc.integer({ min: 0, max: 5 }), isCall: fc.boolean() }),
      { selector: (one) => one.id, maxLength: 12 },
    );
    fc.assert(
      fc.property(some, (ones) => {
        const lines = ones.map(({ id, timeMs, isCall }) => line(id, timeMs, isCall ? "PreToolUse" : "PostToolUse"));
        writeImportedLog(path, lines, () => []);
        return !writeImportedLog(path, lines.toReversed(), () => lines).changed;
      }),
      { numRuns: 30 },
    );
  });
});

describe("readFileLines", () => {
  const path = join(folder, "lines.txt");
  const read = (bytes: Buffer | string, max?: number) => {
    writeFileSync(path, bytes);
    return [...readFileLines(path, max)];
  };

  it("ends lines at LF only and locates them in bytes", () => {
    expect(read("\uFEFFé\u2028b\r\n\n  \nlast")).toEqual([
      { text: "é\u2028b", offset: 0, length: 10 },
      { text: "last", offset: 15, length: 4 },
    ]);
  });

  it("tells a line over the cap without its text, and reads on", () => {
    expect(read(`${"x".repeat(50)}\nshort\n`, 40)).toEqual([
      { text: undefined, offset: 0, length: 50 },
      { text: "short", offset: 51, length: 5 },
    ]);
  });

  it("joins a line that is longer than one read", () => {
    const long = `${"é".repeat(300_000)}!`;
    expect(read(`a\n${long}\nb`).map((one) => one.text)).toEqual(["a", long, "b"]);
  });
});
