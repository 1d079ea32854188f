import fc from "fast-check";
import stringWidth from "fast-string-width";
import { describe, expect, it } from "vitest";
import {
  cutText,
  displayWidth,
  joinCells,
  layoutTable,
  segmentsOf,
  type TermColumn,
  wrapText,
} from "../../src/analyze/report/render/term-table.js";

const name: TermColumn = { label: "name", align: "left", isText: true, priority: 0 };
const size: TermColumn = { label: "size", align: "right", isText: false, priority: 0 };
const extra: TermColumn = { label: "extra", align: "right", isText: false, priority: 3 };

function lines(columns: readonly TermColumn[], rows: readonly (readonly string[])[], width: number): string[] {
  const { head, lines: body } = layoutTable(columns, rows, width);
  return [joinCells(head), ...body.map(joinCells)];
}

describe("layoutTable", () => {
  it("aligns text left and numbers right", () => {
    expect(
      lines(
        [name, size],
        [
          ["a", "1"],
          ["bb", "1,000"],
        ],
        80,
      ),
    ).toEqual(["name   size", "a         1", "bb    1,000"]);
  });

  it("gives up columns by priority before it cuts text short", () => {
    const rows = [["a name that is rather long", "12", "34"]];
    expect(layoutTable([name, size, extra], rows, 80).dropped).toEqual([]);
    expect(layoutTable([name, size, extra], rows, 28).dropped).toEqual(["extra"]);
    expect(lines([name, size, extra], rows, 28)).toEqual([
      "name                    size",
      "a name that is rather…    12",
    ]);
  });

  it("cuts a path at its front: paths of one machine differ in their ends", () => {
    const rows = [
      ["/home/user/work/shop/src/app.ts", "1"],
      ["~/work/日本/main.ts", "2"],
      ["not / a path at all", "3"],
    ];
    expect(lines([name, size], rows, 18)).toEqual([
      "name          size",
      "…/src/app.ts     1",
      "…本/main.ts      2",
      "not / a pat…     3",
    ]);
  });

  it("knows the width of wide and combining characters", () => {
    expect(
      lines(
        [name, size],
        [
          ["日本", "1"],
          ["e\u0301", "2"],
        ],
        80,
      ),
    ).toEqual(["name  size", "日本     1", "e\u0301        2"]);
  });

  it("knows the width of every character as the library does", () => {
    for (let code = 0x20; code < 0xd800; code++) {
      const text = `${String.fromCharCode(code)}a`;
      if (displayWidth(text) === stringWidth(text)) continue;
      // What is spelled out before it comes here.
      expect([0x7f, 0x80, 0x9f].some((control) => Math.abs(code - control) < 0x20)).toBe(true);
    }
  });

  it("never cuts a number, whatever the width", () => {
    const cell = fc.stringMatching(/^[0-9]{1,9}$/);
    const row = fc.tuple(fc.string({ maxLength: 40 }), cell, cell).map((cells): string[] => cells);
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 90 }), (rows, width) => {
        const { lines: body, dropped } = layoutTable([name, size, extra], rows, width);
        body.forEach((cells, index) => {
          expect(cells[1]?.trim()).toBe(rows[index]?.[1]);
          if (!dropped.includes("extra")) expect(cells[2]?.trim()).toBe(rows[index]?.[2]);
        });
      }),
    );
  });

  it("stays within the width as long as text can give way", () => {
    const row = fc.tuple(fc.string({ unit: "grapheme", maxLength: 60 }), fc.nat(99_999).map(String));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), fc.integer({ min: 24, max: 120 }), (rows, width) => {
        for (const line of lines([name, size], rows, width)) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe("segmentsOf", () => {
  const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  const char = fc.oneof(
    fc.constantFrom("a", " ", "é", "\u0301", "ж", "日", "か", "\u3099", "カ", "\u200d", "👩", "\u00ad", "ʰ"),
    fc.integer({ min: 0x20, max: 0x9fff }).map((code) => String.fromCharCode(code)),
  );

  it("tells characters apart as Unicode does", () => {
    fc.assert(
      fc.property(fc.array(char, { maxLength: 8 }), (chars) => {
        const text = chars.join("");
        expect([...segmentsOf(text)]).toEqual([...segmenter.segment(text)].map(({ segment }) => segment));
      }),
      { numRuns: 3000 },
    );
  });
});

describe("cutText and wrapText", () => {
  it.each([
    ["short", 10, "short"],
    ["exactly10!", 10, "exactly10!"],
    ["rather too long", 10, "rather to…"],
    ["日本日本日本", 6, "日本…"],
    ["👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 4, "👨‍👩‍👧…"],
  ])("%s at %i", (text, width, cut) => expect(cutText(text, width)).toBe(cut));

  it("breaks at spaces and leaves long words whole", () => {
    expect(wrapText("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrapText("/a/very/long/path here", 6)).toEqual(["/a/very/long/path", "here"]);
    expect(wrapText("", 6)).toEqual([""]);
  });
});
