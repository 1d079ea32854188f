/** The walk in WebAssembly tells what the script's walk tells, number by number, whatever the bytes are. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { FIELD_COUNT } from "../../src/analyze/scan/head-fields.js";
import { HeadTable } from "../../src/analyze/scan/head-table.js";
import type { HeadWalk } from "../../src/analyze/scan/head-walk.js";
import { indexBeginnings, type LineIndex, newLineIndex } from "../../src/analyze/scan/index-lines.js";
import { createLineFilter } from "../../src/analyze/scan/line-filter.js";
import { giveBack, type QuickWalk, takeWalk } from "../../src/analyze/scan/quick-walk.js";
import type { RecordFilter } from "../../src/analyze/scan/scan.js";
import { PIECE } from "../../src/analyze/scan/scan-source.js";
import { ScriptWalk } from "../../src/analyze/scan/script-walk.js";
import { viewOf } from "../../src/analyze/scan/words.js";
import { encodeRecord } from "../../src/core/audit/encode.js";
import { recordOf } from "../audit/record-of.js";
import { nastyLog } from "./nasty-log.js";

const quick = taken();
const script = new ScriptWalk();
afterAll(() => giveBack(quick));

function taken(): QuickWalk {
  const walk = takeWalk();
  if (walk === null) throw new Error("this Node has no WebAssembly, or the package is not built");
  return walk;
}

function roomOf(length: number): Buffer {
  const room = quick.room(length);
  if (room === null) throw new Error("no memory");
  return room;
}

/** In the quick walk's memory, between bytes that must not matter. */
function laid(text: Uint8Array): Buffer {
  const room = roomOf(text.length + 100).fill('"');
  room.set(text);
  return room;
}

type Line = readonly [start: number, end: number, row: number];

function told(walk: HeadWalk, { count, starts, ends, rows: lineRows }: LineIndex) {
  const lines = Array.from(
    { length: count },
    (_, line): Line => [starts[line] ?? -1, ends[line] ?? -1, lineRows[line] ?? -9],
  );
  const rows = lines.flatMap(([, , row]) => (row < 0 ? [] : [rowOf(walk, row)]));
  return { lines, rows };
}

function rowOf(walk: HeadWalk, row: number) {
  const { starts, ends, lines, times, flags, stride } = walk.rows;
  const fields = Array.from({ length: FIELD_COUNT }, (_, field) => {
    const start = starts[row * stride + field];
    return start === 0 ? null : [start, ends[row * stride + field]];
  });
  return { fields, line: lines[row], time: times[row], flag: flags[row] };
}

function both(text: Uint8Array, start = 0, end = text.length) {
  const bytes = laid(text);
  const view = viewOf(bytes);
  const answers = [quick, script].map((walk) => {
    walk.open(bytes, view, end);
    return told(walk, walk.index(start));
  });
  return { quick: answers[0], script: answers[1] };
}

function expectSame(text: Uint8Array, start = 0, end = text.length): number {
  const answers = both(text, start, end);
  expect(answers.quick).toEqual(answers.script);
  return answers.script?.rows.length ?? 0;
}

/** Of whole lines, one piece after the other. */
function* pieces(log: Buffer, length: number): Generator<Buffer> {
  for (let start = 0; start < log.length; ) {
    const end = log.indexOf("\n", Math.min(start + length, log.length - 1)) + 1;
    yield log.subarray(start, end === 0 ? log.length : end);
    start = end === 0 ? log.length : end;
  }
}

const whole = encodeRecord(
  recordOf({
    reason: 'é \\ " x',
    resolved: { a: "b" },
    paths: ["/a b", "/ü"],
    tool_input: { command: 'a "b"\n', n: [1, -2.5, { x: null }, [], {}, true, false] },
  }),
);

describe("the quick walk", () => {
  it("tells the same of a log that tries everything", () => {
    let rows = 0;
    for (const piece of pieces(nastyLog(21, 3_000), 40_000)) rows += expectSame(piece);
    expect(rows).toBeGreaterThan(1_000);
  });

  it("tells the same wherever the block begins and ends", () => {
    const log = Buffer.from(whole.repeat(3));
    let rows = 0;
    for (let end = 0; end <= log.length; end++) rows += expectSame(log, whole.length, Math.max(whole.length, end));
    expect(rows).toBeGreaterThan(whole.length);
    const alone = Buffer.from(whole);
    for (let start = 0; start < whole.length; start++) expectSame(alone, start);
  });

  it("tells the same of any damage", () => {
    const place = fc.tuple(
      fc.nat(whole.length - 1),
      fc.nat(6),
      fc.constantFrom("", '"', ",", "}", "{", "0", "\\", ":", "[", "a", "\0", "\n", "\r", "é", "\\u0061", "\x7f"),
    );
    let rows = 0;
    fc.assert(
      fc.property(fc.array(place, { maxLength: 3 }), (damage) => {
        let text = whole;
        for (const [at, length, put] of damage) text = text.slice(0, at) + put + text.slice(at + length);
        rows += expectSame(Buffer.from(whole + text + whole));
      }),
      { numRuns: 2_000 },
    );
    expect(rows).toBeGreaterThan(4_000);
  });

  it("tells the same of backslashes in any number, wherever they stand", () => {
    const letter = fc.constantFrom("\\", "\\", "\\", "\\\\", '"', '\\"', "n", "u", "/", "a", "é", "\t", "x".repeat(13));
    let rows = 0;
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 50 }), (letters) => {
        rows += expectSame(Buffer.from(whole.replace('"command":"', () => `"command":"${letters.join("")}`)));
      }),
      { numRuns: 3_000 },
    );
    expect(rows).toBeGreaterThan(100);
    for (const escaped of Array.from({ length: 256 }, (_, byte) => byte)) {
      expectSame(
        Buffer.from(
          whole.replace("\\n", () => `\\${String.fromCharCode(escaped)}`),
          "latin1",
        ),
      );
    }
  });

  it("tells the same of bytes that are no text", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(whole.length), (bytes, at) => {
        const text = Buffer.from(whole);
        expectSame(Buffer.concat([text, text.subarray(0, at), bytes, text.subarray(at), text]));
      }),
      { numRuns: 1_000 },
    );
  });

  const suite: Readonly<Record<string, string>> = JSON.parse(
    readFileSync(new URL("../../fixtures/scan/jsontestsuite.json", import.meta.url), "utf8"),
  );
  it("tells the same of every JSON that parsers stumble over, and never takes what is none", () => {
    let taken = 0;
    for (const [name, text] of Object.entries(suite)) {
      const input = Buffer.from(text, "base64");
      const [before = "", after = ""] = whole.split(/"tool_input":.*(?=,"auto_promoted")/);
      const line = Buffer.concat([Buffer.from(`${before}"tool_input":`), input, Buffer.from(after)]);
      const rows = expectSame(line);
      if (name.startsWith("n_")) expect([name, rows]).toEqual([name, 0]);
      taken += rows;
    }
    expect(taken).toBeGreaterThan(30);
  });

  it.each([
    "0000-01-01",
    "0000-02-29",
    "0001-01-01",
    "1600-02-29",
    "1700-02-29",
    "1899-12-31",
    "1969-12-31",
    "1970-01-01",
    "2000-02-29",
    "2000-02-30",
    "2026-02-29",
    "2026-04-31",
    "2026-00-10",
    "2026-13-01",
    "2026-12-00",
    "9999-12-31",
    "2026-1x-01",
  ])("knows the day %s or not, as the script does", (day) => {
    for (const time of ["00:00:00.000", "23:59:59.999", "23:59:60.000", "24:00:00.000", "12:60:00.000", "1:00:00:00.0"])
      expectSame(Buffer.from(whole.replace(/"timestamp":"[^"]+"/, `"timestamp":"${day}T${time}Z"`)));
  });

  it("tells the same of nesting up to the bound and beyond", () => {
    const rows = [62, 63, 64, 65, 66, 67, 5_000].map((depth) => {
      const input = `${'{"a":['.repeat(depth / 2)}1${"]}".repeat(depth / 2)}`;
      const line = whole.replace(/"tool_input":.*(?=,"auto_promoted")/, `"tool_input":${input}`);
      return expectSame(Buffer.from(line));
    });
    expect(new Set(rows)).toEqual(new Set([0, 1]));
  });

  it("has room for a piece of the shortest lines, and for one of line ends only", () => {
    const shortest =
      '{"v":1,"id":"019c0000-0000-7000-8000-000000000001","timestamp":"2026-11-21T08:42:11.123Z","event":"","session_id":"","auto_promoted":true}\n';
    const count = Math.floor(PIECE / shortest.length);
    expect(expectSame(Buffer.from(shortest.repeat(count)))).toBe(count);
    expect(both(Buffer.alloc(PIECE, "\n")).quick?.lines).toHaveLength(PIECE);
  });

  it("keeps what lies in its memory when it becomes more", () => {
    const text = Buffer.from(whole);
    const size = laid(text).length;
    const larger = roomOf(size + 3_000_000);
    expect(larger.subarray(0, text.length).equals(text)).toBe(true);
    expect(quick.holds(larger)).toBe(true);
    expect(quick.holds(Buffer.from(whole))).toBe(false);
    expect(quick.room(2 ** 33)).toBeNull();
    expectSame(text);
  });
});

describe("ruling out", () => {
  const filters: [string, RecordFilter][] = [
    ["a session", { session: "session-17" }],
    ["a decision", { decision: "deny" }],
    ["a decision nobody has", { decision: 'a "b" \\ é' }],
    ["a tool", { tool: "Bash" }],
    ["a tier and a decision", { tier: "deny", decision: "deny" }],
    ["a rule, which only the whole walk can tell", { rule: "deny", decision: "ask" }],
  ];

  function ruledOut(filter: RecordFilter, bytes: Buffer, start: number, end: number, isQuick: boolean) {
    const lineFilter = createLineFilter(filter);
    const table = new HeadTable();
    const view = viewOf(bytes);
    table.open(bytes, view, end, isQuick ? quick : undefined);
    let lines = newLineIndex();
    if (isQuick) {
      expect(quick.probe(lineFilter.probes)).toBe(true);
      lines = quick.ruleOut(start);
    } else indexBeginnings(bytes, start, end, lines);
    lineFilter.ruleOut(view, lines, table);
    return Array.from({ length: lines.count }, (_, line) =>
      [lines.starts, lines.ends, lines.isSingle, lines.isOut].map((all) => all[line]),
    );
  }

  it.each(filters)("tells the same lines: %s", (_, filter) => {
    let out = 0;
    for (const piece of pieces(nastyLog(22, 3_000), 40_000)) {
      const bytes = laid(piece);
      const found = ruledOut(filter, bytes, 0, piece.length, true);
      expect(found).toEqual(ruledOut(filter, bytes, 0, piece.length, false));
      out += found.filter(([, , , isOut]) => isOut === 1).length;
    }
    expect(out).toBeGreaterThan(500);
  });

  it("tells the same of any damage", () => {
    const place = fc.tuple(
      fc.nat(whole.length - 1),
      fc.nat(9),
      fc.constantFrom("", '"', ",", "\\", "\n", "\r", "\0", '{"v":1,"id":"', whole.slice(0, 40)),
    );
    fc.assert(
      fc.property(fc.array(place, { maxLength: 3 }), fc.constantFrom(...filters), (damage, [, filter]) => {
        let text = whole;
        for (const [at, length, put] of damage) text = text.slice(0, at) + put + text.slice(at + length);
        const log = Buffer.from(whole + text + whole);
        const bytes = laid(log);
        for (const end of [log.length, log.length - 1]) {
          expect(ruledOut(filter, bytes, 0, end, true)).toEqual(ruledOut(filter, bytes, 0, end, false));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("is forgotten by the next walk over the same lines", () => {
    const text = Buffer.from(whole.repeat(2));
    const out = ruledOut({ decision: "deny" }, laid(text), 0, text.length, true);
    expect(out.map(([, , , isOut]) => isOut)).toEqual([1, 1]);
    expectSame(text);
  });

  it("leaves to the script what is too much for it", () => {
    expect(quick.probe(createLineFilter({ session: "x".repeat(5_000) }).probes)).toBe(false);
  });
});
