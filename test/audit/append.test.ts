import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appendLine, type WriteBytes } from "../../src/store/append.js";
import { rotate } from "../../src/store/rotate.js";

let folder = "";
const at = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "append-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("appending", () => {
  it("makes folders and file for their owner alone, and tells the size", () => {
    const log = at("home/deep/audit.jsonl");
    expect(appendLine(log, "one\n")).toEqual({ kind: "appended", size: 4 });
    expect(appendLine(log, "é\n")).toEqual({ kind: "appended", size: 7 });
    expect(readFileSync(log, "utf8")).toBe("one\né\n");
    expect(statSync(log).mode & 0o777).toBe(0o600);
    expect(statSync(at("home/deep")).mode & 0o777).toBe(0o700);
  });

  it("does not glue to a stump", () => {
    writeFileSync(at("log"), '{"v":1,"id":');
    expect(appendLine(at("log"), "two\n").kind).toBe("appended");
    expect(readFileSync(at("log"), "utf8")).toBe('{"v":1,"id":\ntwo\n');
  });

  /** A disk with so many bytes left: takes what fits, and then nothing more. */
  function diskWith(left: number): WriteBytes {
    let free = left;
    return (descriptor, bytes) => {
      if (free === 0) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      const taken = bytes.subarray(0, free);
      free -= taken.length;
      return taken.length === 0 ? 0 : writeSync(descriptor, taken);
    };
  }

  it.each([
    [0, "ENOSPC", ""],
    [1, "short-write", "t"],
    [7, "short-write", "two thr"],
    [9, "short-write", "two three"],
  ])("tells of a disk that takes %i bytes more, and does not lose what comes after", (left, code, stump) => {
    const disk = diskWith(left);
    appendLine(at("log"), "one\n");
    expect(appendLine(at("log"), "two three\n", disk)).toEqual({ kind: "failed", code });
    expect(readFileSync(at("log"), "utf8")).toBe(`one\n${stump}`);
    expect(appendLine(at("log"), "four\n", disk)).toEqual({ kind: "failed", code: "ENOSPC" });
    expect(appendLine(at("log"), "five\n").kind).toBe("appended");
    expect(readFileSync(at("log"), "utf8")).toBe(stump === "" ? "one\nfive\n" : `one\n${stump}\nfive\n`);
  });

  it("follows a link, and leaves other rights as they are", () => {
    writeFileSync(at("real"), "", { mode: 0o640 });
    symlinkSync(at("real"), at("log"));
    expect(appendLine(at("log"), "one\n").kind).toBe("appended");
    expect(readFileSync(at("real"), "utf8")).toBe("one\n");
    expect(statSync(at("real")).mode & 0o777).toBe(0o640);
  });

  it.each<[string, () => string, RegExp]>([
    ["a folder in its place", () => folder, /^EISDIR$/],
    ["a file where a folder belongs", () => join(import.meta.filename, "log"), /^(?:ENOTDIR|EEXIST)$/],
    ["a device", () => "/dev/null", /^not-a-file$/],
    ["a full disk", () => "/dev/full", /^(?:ENOSPC|not-a-file)$/],
    ["a name that cannot be", () => at("a\0b"), /^ERR_/],
  ])("is an error value with %s", (_, path, code) => {
    const done = appendLine(path(), "one\n");
    expect(done.kind === "failed" && done.code).toMatch(code);
  });

  it.skipIf(process.getuid?.() === 0)("is an error value in a folder that is read-only", () => {
    chmodSync(folder, 0o500);
    expect(appendLine(at("log"), "one\n")).toEqual({ kind: "failed", code: "EACCES" });
    chmodSync(folder, 0o700);
  });
});

describe("rotating", () => {
  const first = '{"v":1,"id":"x","timestamp":"2026-11-21T08:42:11.123Z","event":"Stop"}\n';
  const name = "audit-20261121T084211.123Z-1.jsonl";

  it("moves a log beyond the bound aside, named by its first moment", () => {
    writeFileSync(at("audit.jsonl"), first + first);
    expect(rotate(at("audit.jsonl"), 100)).toEqual({ kind: "rotated", to: at(name) });
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(at(name), "utf8")).toBe(first + first);
  });

  it.each<[string, () => void]>([
    ["below the bound", () => writeFileSync(at("audit.jsonl"), first)],
    ["that is not there", () => {}],
    [
      "another one is moving",
      () => {
        writeFileSync(at("audit.jsonl"), first + first);
        writeFileSync(at(name), "");
      },
    ],
  ])("leaves a log %s", (_, prepare) => {
    prepare();
    const before = readdirSync(folder);
    expect(rotate(at("audit.jsonl"), 100)).toEqual({ kind: "kept" });
    expect(readdirSync(folder)).toEqual(before);
  });

  it.each<[string, () => void, string]>([
    ["a segment of the same moment", () => writeFileSync(at(name), first), "audit-20261121T084211.123Z-2.jsonl"],
    ["one that is compressed", () => writeFileSync(at(`${name}.gz`), "x"), "audit-20261121T084211.123Z-2.jsonl"],
    [
      "what a killed hook left",
      () => {
        writeFileSync(at(name), "");
        utimesSync(at(name), 1000, 1000);
      },
      "audit-20261121T084211.123Z-2.jsonl",
    ],
  ])("never replaces %s", (_, prepare, to) => {
    prepare();
    const before = new Map(readdirSync(folder).map((file) => [file, readFileSync(at(file), "utf8")]));
    writeFileSync(at("audit.jsonl"), first + first);
    expect(rotate(at("audit.jsonl"), 100)).toEqual({ kind: "rotated", to: at(to) });
    for (const [file, text] of before) expect(readFileSync(at(file), "utf8")).toBe(text);
  });

  it("names a log without a moment by its own age", () => {
    writeFileSync(at("audit.jsonl"), "garbage\n".repeat(100));
    const done = rotate(at("audit.jsonl"), 100);
    expect(done.kind === "rotated" && done.to).toMatch(/audit-\d{8}T\d{6}\.\d{3}Z-1\.jsonl$/);
    expect(existsSync(at("audit.jsonl"))).toBe(false);
  });

  it("is an error value where it cannot be done", () => {
    mkdirSync(at("audit.jsonl"));
    writeFileSync(at("audit.jsonl/x"), "");
    expect(rotate(at("audit.jsonl"), 0).kind).not.toBe("rotated");
    expect(existsSync(at("audit.jsonl/x"))).toBe(true);
  });
});
