/** However a log is cut into shipments: what they add up to is what reading it once gives. */
import "../fixed-seed.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Row } from "../../src/analyze/fleet/row.js";
import { rowsOfLog } from "../../src/analyze/fleet/rows-of-log.js";
import { bufferSource } from "../../src/analyze/scan/byte-source.js";
import { scanSource } from "../../src/analyze/scan/scan-source.js";
import { type LogView, shipmentRows } from "../../src/analyze/ship/shipment-rows.js";
import { busyLog } from "../cubes/busy-log.js";
import { nastyLog } from "../scan/nasty-log.js";
import { BATCH_COUNTS } from "./batch-counts.js";

const MACHINE = "m";
const LINE_END = 0x0a;

interface File {
  readonly log: string;
  readonly bytes: Buffer;
}

function whole(files: readonly File[]): Row[] {
  const newestFirst = files
    .toReversed()
    .flatMap(({ log, bytes }) => [...scanSource(bufferSource(log, bytes), {}, undefined, { isLazy: true })]);
  return [...rowsOfLog(newestFirst, { machine: MACHINE, logOf: (file) => file })];
}

/** One shipment of each stretch, cut at these places of all files together. */
function* shipments(files: readonly File[], cuts: readonly number[]): Generator<readonly Row[]> {
  let rev = 1_000;
  let shipped = 0;
  for (const cut of cuts) {
    let start = 0;
    const views: LogView[] = [];
    for (const { log, bytes } of files) {
      const place = (position: number) => Math.min(Math.max(position - start, 0), bytes.length);
      const [from, to] = [place(shipped), place(cut)];
      if (to > 0) views.unshift({ log, from, to, size: bytes.length, open: () => bufferSource(log, bytes) });
      start += bytes.length;
    }
    shipped = cut;
    yield [...shipmentRows(views, { machine: MACHINE, rev: rev++, bodyOf: () => "", dropped: 0 })];
  }
}

/** What an engine keeps: of each id the newest, and none that is gone. */
function kept(rows: Iterable<Row>): Map<string, Row> {
  const newest = new Map<string, Row>();
  for (const row of rows) if (row.rev >= (newest.get(row.id)?.rev ?? -1)) newest.set(row.id, row);
  return new Map([...newest].filter(([, { kind }]) => kind !== "gone" && kind !== "batch"));
}

function plain(rows: Map<string, Row>): Record<string, unknown> {
  // Only bytes of line ends and blank lines are told apart by the cut; the sums below hold them.
  return Object.fromEntries([...rows].sort().map(([id, { rev: _, off: __, len: ___, ...row }]) => [id, row]));
}

function lineStarts(files: readonly File[]): number[] {
  const bytes = Buffer.concat(files.map((file) => file.bytes));
  const starts: number[] = [];
  for (let at = bytes.indexOf(LINE_END); at >= 0; at = bytes.indexOf(LINE_END, at + 1)) starts.push(at + 1);
  return starts;
}

function filesOf(text: Buffer, parts: number): File[] {
  const starts = [0, ...lineStarts([{ log: "", bytes: text }])];
  const cutAt = (part: number) => starts[Math.floor(((starts.length - 1) * part) / parts)] ?? 0;
  return Array.from({ length: parts }, (_, part) => ({
    log: `log-${part}`,
    bytes: text.subarray(cutAt(part), part === parts - 1 ? text.length : cutAt(part + 1)),
  }));
}

function check(files: readonly File[], cuts: readonly number[]): void {
  const end = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const all = [...shipments(files, [...new Set(cuts)].sort((a, b) => a - b).concat(end))].flat();
  const expected = whole(files);
  expect(plain(kept(all))).toEqual(plain(kept(expected)));
  const batches = all.filter(({ kind }) => kind === "batch");
  const told = expected.filter(({ kind }) => kind === "batch");
  for (const name of BATCH_COUNTS) expect([name, sumOf(batches, name)]).toEqual([name, sumOf(told, name)]);
  for (const { log, bytes } of files) {
    const lines = all.filter((row) => row.log === log && (row.kind === "record" || row.kind === "bad"));
    const reached = Math.max(...lines.map(({ off, len }) => off + len)) - Math.min(...lines.map(({ off }) => off));
    expect(sumOf(lines, "len")).toBe(reached);
    expect(
      sumOf(
        batches.filter((row) => row.log === log),
        "len",
      ),
    ).toBe(bytes.length);
  }
}

function sumOf(rows: readonly Row[], name: (typeof BATCH_COUNTS)[number] | "len"): number {
  return rows.reduce((sum, row) => sum + row[name], 0);
}

describe("rows of a log shipped in pieces", () => {
  it("are those of the whole log, for any cuts and any number of files", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
        (seed, parts, shares) => {
          const files = filesOf(Buffer.from(busyLog(seed, 6, 12).text), parts);
          const starts = lineStarts(files);
          check(
            files,
            shares.map((share) => starts[Math.floor(share * (starts.length - 1))] ?? 0),
          );
        },
      ),
      { numRuns: 12 },
    );
  });

  it("are those of the whole log when every line is shipped alone", () => {
    const files = filesOf(Buffer.from(busyLog(3, 3, 12).text), 2);
    check(files, lineStarts(files));
  });

  it("hold for hostile lines, blank ones and glued ones", () => {
    const text = Buffer.concat([Buffer.from("\ufeff\n\n"), nastyLog(5, 300), Buffer.from("\n\n  \n")]);
    const files = filesOf(text, 1);
    const starts = lineStarts(files);
    check(
      files,
      starts.filter((_, index) => index % 37 === 5),
    );
  });

  it("say that a row is gone when its copies are told apart anew", () => {
    const minutes = (count: number, id: string) =>
      `{"v":1,"id":"${id}","timestamp":"${new Date(Date.UTC(2026, 9, 20) + count * 60_000).toISOString()}","event":"PreToolUse","session_id":"s","tier":"allow","decision":"allow","tool_name":"Bash","tool_use_id":"t","auto_promoted":false}\n`;
    const bytes = Buffer.from([0, 9, 12, 18, 21].map((at, index) => minutes(at, `r${index}`)).join(""));
    const files = [{ log: "a", bytes }];
    const all = [...shipments(files, lineStarts(files))].flat();
    expect(all.filter(({ kind }) => kind === "gone").length).toBeGreaterThan(0);
    check(files, lineStarts(files));
  });

  it("are the same rows in the same order when they are made again", () => {
    const files = filesOf(Buffer.from(busyLog(11, 8, 20).text), 2);
    const starts = lineStarts(files);
    const cuts = [starts[100] ?? 0, starts[200] ?? 0];
    expect(JSON.stringify([...shipments(files, cuts)])).toBe(JSON.stringify([...shipments(files, cuts)]));
  });

  it("read no more around a cut than a day", () => {
    const files = filesOf(Buffer.from(longLog()), 20);
    const end = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    let opened = 0;
    let start = 0;
    const views = files
      .map(({ log, bytes }) => {
        const view: LogView = {
          log,
          from: start + bytes.length < end ? bytes.length : bytes.length - 200,
          to: bytes.length,
          size: bytes.length,
          open: () => {
            opened += 1;
            return bufferSource(log, bytes);
          },
        };
        start += bytes.length;
        return view;
      })
      .toReversed();
    const rows = [...shipmentRows(views, { machine: MACHINE, rev: 1, bodyOf: () => "", dropped: 0 })];
    expect(rows.length).toBeGreaterThan(0);
    expect(opened).toBeLessThan(5);
  });
});

/** A record every ten minutes for two months. */
function longLog(): string {
  return Array.from({ length: 6 * 24 * 60 }, (_, index) => {
    const timestamp = new Date(Date.UTC(2026, 8, 1) + index * 600_000).toISOString();
    return `{"v":1,"id":"r${index}","timestamp":"${timestamp}","event":"PreToolUse","session_id":"s${index >> 5}","tier":"allow","decision":"allow","tool_name":"Read","tool_use_id":"t${index}","auto_promoted":false}\n`;
  }).join("");
}
