import {
  appendFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type OpenScanOptions, openScan, type Scan } from "../../src/analyze/scan/open-scan.js";
import type { RecordFilter, Scanned } from "../../src/analyze/scan/scan.js";
import { newScanStats } from "../../src/analyze/scan/scan-source.js";
import { encodeRecord } from "../../src/core/audit/encode.js";
import { recordAt } from "../audit/record-of.js";

let folder = "";
const at = (name: string) => join(folder, name);
const lines = (...seconds: number[]) => seconds.map((second) => encodeRecord(recordAt(second))).join("");
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const rotated = (second: number, number = 1) =>
  at(
    `audit-${new Date(Date.UTC(2026, 10, 21, 8) + second * 1000).toISOString().replaceAll(/[-:]/g, "")}-${number}.jsonl`,
  );

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scan-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function opened(paths: readonly string[], options: OpenScanOptions = {}): Promise<Scan> {
  const found = await openScan(paths, { spoolFolder: folder, ...options });
  if (found.kind === "failed") throw new Error(`${found.code}: ${found.message}`);
  return found.scan;
}

function told(found: Iterable<Scanned>): (number | string)[] {
  return [...found].map((one) => (one.kind === "bad" ? one.problem : (one.timeMs - Date.UTC(2026, 10, 21, 8)) / 1000));
}

async function scanned(paths: readonly string[], filter: RecordFilter = {}, options: OpenScanOptions = {}) {
  const scan = await opened(paths, options);
  const found = told(scan.backward(filter));
  scan.close();
  return found;
}

describe("a folder", () => {
  it("is its active file, its rotated segments in order, compressed or not, and its imports by time", async () => {
    writeFileSync(at("audit.jsonl"), lines(50, 60, 70));
    writeFileSync(rotated(30, 1), lines(30, 40));
    writeFileSync(`${rotated(10)}.gz`, gzipSync(lines(10, 20)));
    writeFileSync(at("imported-transcripts.jsonl"), lines(5, 25, 45, 65));
    writeFileSync(at("auto-rules.history.jsonl"), "other\n");
    writeFileSync(at("pending-rules.jsonl"), "other\n");
    expect(await scanned([folder])).toEqual([70, 65, 60, 50, 45, 40, 30, 25, 20, 10, 5]);
    expect(readdirSync(folder)).toHaveLength(6);
  });

  it("without files of ours is its .jsonl files", async () => {
    writeFileSync(at("a.jsonl"), lines(1, 3));
    writeFileSync(at("b.jsonl"), lines(2));
    expect(await scanned([folder])).toEqual([3, 2, 1]);
  });

  it("orders segments by number where their first moment is the same", async () => {
    writeFileSync(rotated(10, 2), lines(20));
    writeFileSync(rotated(10, 10), lines(30));
    writeFileSync(rotated(10, 1), lines(10));
    expect(await scanned([folder])).toEqual([30, 20, 10]);
  });

  it("reads a file once under whatever names", async () => {
    writeFileSync(at("audit.jsonl"), lines(1));
    linkSync(at("audit.jsonl"), rotated(1));
    symlinkSync(at("audit.jsonl"), at("imported-link.jsonl"));
    expect(await scanned([folder, at("audit.jsonl")])).toEqual([1]);
  });

  it("reads the plain file where compression was not finished", async () => {
    writeFileSync(rotated(10), lines(10, 20));
    writeFileSync(`${rotated(10)}.gz`, gzipSync(lines(10)));
    expect(await scanned([folder])).toEqual([20, 10]);
  });

  it("misses nothing and doubles nothing when it is rotated while it is read", async () => {
    writeFileSync(at("audit.jsonl"), lines(...range(0, 300)));
    const found: Scanned[] = [];
    for (const one of (await opened([folder])).backward()) {
      found.push(one);
      if (found.length !== 100) continue;
      renameSync(at("audit.jsonl"), rotated(0));
      writeFileSync(at("audit.jsonl"), lines(300));
    }
    expect(told(found)).toEqual(range(0, 300).reverse());
  });

  it("reads a segment that was compressed after it was listed", async () => {
    writeFileSync(at("audit.jsonl"), lines(20));
    writeFileSync(at("imported-a.jsonl"), lines(10));
    const scan = (await opened([folder])).backward();
    writeFileSync(at("imported-a.jsonl.gz"), gzipSync(lines(10)));
    rmSync(at("imported-a.jsonl"));
    expect(told(scan)).toEqual([20, 10]);
  });

  it("opens and decompresses no more than was asked for", async () => {
    writeFileSync(at("audit.jsonl"), lines(...range(50, 90)));
    writeFileSync(`${rotated(0)}.gz`, Buffer.from([0x1f, 0x8b, 0xff]));
    const stats = newScanStats();
    const scan = (await opened([folder])).backward({}, { stats });
    for (let count = 0; count < 10; count++) expect(scan.next().done).toBe(false);
    scan.return();
    expect(stats).toMatchObject({ records: 10, bad: 0 });
    const windowed = { since: Date.UTC(2026, 10, 21, 8, 30) };
    writeFileSync(at("audit.jsonl"), lines(...range(1700, 1900)));
    writeFileSync(rotated(1000), lines(1000));
    expect(await scanned([folder], windowed)).toEqual(range(1800, 1900).reverse());
  });

  it("is read as it is when a scan begins, and again from its new end", async () => {
    writeFileSync(at("audit.jsonl"), lines(1));
    const scan = await opened([folder]);
    expect(told(scan.backward())).toEqual([1]);
    appendFileSync(at("audit.jsonl"), lines(2));
    expect(told(scan.backward())).toEqual([2, 1]);
  });
});

describe("compressed files", () => {
  it("of several members are read through, and leave nothing behind", async () => {
    writeFileSync(at("x.jsonl.gz"), Buffer.concat([gzipSync(lines(1, 2)), gzipSync(lines(3))]));
    mkdirSync(at("spool"));
    const scan = await opened([at("x.jsonl.gz")], { spoolFolder: at("spool") });
    const found = scan.backward();
    expect(found.next().value).toMatchObject({ kind: "record" });
    expect(readdirSync(at("spool"))).toEqual([]);
    expect(told(found)).toEqual([2, 1]);
  });

  it("that are larger than a step come out whole", async () => {
    const text = lines(...range(0, 3000));
    writeFileSync(at("x.jsonl.gz"), gzipSync(text, { level: 1 }));
    expect(statSync(at("x.jsonl.gz")).size).toBeGreaterThan(16_384);
    expect(await scanned([at("x.jsonl.gz")])).toEqual(range(0, 3000).reverse());
  });

  it.each([
    ["cut", (whole: Buffer) => whole.subarray(0, whole.length - 12)],
    ["with a wrong checksum", (whole: Buffer) => Buffer.from(whole).fill(0, whole.length - 8, whole.length - 4)],
    ["overwritten in the middle", (whole: Buffer) => Buffer.from(whole).fill(0xff, 30_000, 30_100)],
  ])("%s give what came before, and say so", async (_, damage) => {
    const whole = gzipSync(lines(...range(0, 3000)), { level: 1 });
    writeFileSync(at("x.jsonl.gz"), damage(whole));
    const found = await scanned([at("x.jsonl.gz")]);
    expect(found[0]).toBe("bad-gzip");
    const records = found.filter((one) => typeof one === "number");
    expect(records.length).toBeGreaterThan(100);
    expect(records).toEqual(range(0, records.length).reverse());
  });
});

describe("a pipe", () => {
  async function* piped(bytes: Buffer, size = 1000): AsyncGenerator<Buffer> {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
  }

  it("is read newest first, as often as asked, with places in what came through it", async () => {
    const text = `${lines(1)}oops\n${lines(2)}`;
    const scan = await opened(["-"], { stdin: piped(Buffer.from(text)) });
    expect(told(scan.backward())).toEqual([2, "not-json", 1]);
    const [, bad] = [...scan.backward()];
    expect(bad?.at).toEqual({ file: "-", offset: text.indexOf("oops"), length: 4 });
    scan.close();
  });

  it("merges with files", async () => {
    writeFileSync(at("a.jsonl"), lines(1, 3));
    expect(await scanned([at("a.jsonl"), "-"], {}, { stdin: piped(Buffer.from(lines(2, 4))) })).toEqual([4, 3, 2, 1]);
  });

  it.each<[string, (text: string) => Buffer]>([
    ["compressed", (text) => gzipSync(text)],
    ["as one array", (text) => Buffer.from(`[${text.trim().split("\n").join(",\n")}]`)],
    [
      "as one wide array behind a byte order mark",
      (text) =>
        Buffer.from(
          `\ufeff${JSON.stringify(
            text
              .trim()
              .split("\n")
              .map((one) => JSON.parse(one)),
            null,
            2,
          )}`,
        ),
    ],
    [
      "as wide values",
      (text) =>
        Buffer.from(
          text
            .trim()
            .split("\n")
            .map((one) => JSON.stringify(JSON.parse(one), null, 2))
            .join("\n"),
        ),
    ],
  ])("may come %s", async (_, packed) => {
    const text = lines(...range(0, 200));
    expect(await scanned(["-"], {}, { stdin: piped(packed(text)) })).toEqual(range(0, 200).reverse());
  });

  it("that ends inside a document gives what came before, and says so", async () => {
    const text = `[${lines(1).trim()},\n${lines(2).trim()},\n{"v":1`;
    expect(await scanned(["-"], {}, { stdin: piped(Buffer.from(text)) })).toEqual(["not-json", 2, 1]);
  });

  it("may be empty", async () => {
    expect(await scanned(["-"], {}, { stdin: piped(Buffer.alloc(0)) })).toEqual([]);
  });

  it("a .json file is such a document", async () => {
    writeFileSync(at("export.json"), `[${lines(1).trim()},${lines(2).trim()}]`);
    expect(await scanned([at("export.json")])).toEqual([2, 1]);
  });
});

describe("what cannot be read", () => {
  it.each<[string, () => string, string]>([
    ["a path that does not exist", () => at("nowhere"), "log_not_found"],
    ["an empty folder", () => folder, "log_not_found"],
    ["standard input that is not there", () => "-", "log_not_found"],
    ["a path below a file", () => join(import.meta.filename, "x"), "log_unreadable"],
  ])("%s", async (_, path, code) => {
    const found = await openScan([path()]);
    expect(found).toMatchObject({ kind: "failed", code });
    expect(found.kind === "failed" && found.message).toMatch(/^(?:there is no|`)/);
    expect(found.kind === "failed" && found.hint).not.toBe("");
  });
});
