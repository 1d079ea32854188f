/** What of a model's text is let into a report, and which of its numbers the report holds. */
import { describe, expect, it } from "vitest";
import { proseLines, proseMarkdown } from "../../src/analyze/report/render/prose.js";
import { boundedJson } from "../../src/analyze/report/summary/bounded-json.js";
import { numbersIn } from "../../src/analyze/report/summary/known-numbers.js";
import { readMarkdown } from "../../src/analyze/report/summary/read-markdown.js";

const DATA = JSON.stringify({
  calls: "1,325",
  blocked: "27.1 %",
  latency: "855 ms",
  day: "2026-11-21",
  rule: "no-push-2",
  last: "2026-11-20 09:42:11",
  ratio: "0.5",
});
const unknownIn = (text: string) => numbersIn(DATA)(text).flatMap((part) => (part.isUnknown ? [part.text] : []));

describe("a number", () => {
  it.each([
    ["as it stands", "1,325 calls, 27.1 % blocked, 855 ms"],
    ["without its separators", "1325 calls"],
    ["rounded", "27% blocked, 1 half"],
    ["in a name or a date of the report", "`no-push-2` on 2026-11-21, at 09:42 in 2026, 1,325-855"],
    ["written as a word", "three rules"],
  ])("is known %s", (_, text) => {
    expect(unknownIn(text)).toEqual([]);
  });

  it.each([
    ["made up", "There were 1326 calls.", ["1326"]],
    ["a piece of a date or time", "21 calls, 42 denied", ["21", "42"]],
    ["computed", "1,298 more than blocked (72.9%)", ["1,298", "72.9%"]],
    ["more exact than the report", "27.12 %", ["27.12"]],
    ["in a name that is not there", "see `no-push-3`, 2026-11-22", ["no-push-3", "2026-11-22"]],
    ["hidden in punctuation", "(42), *43*; 44%", ["42", "43", "44%"]],
  ])("is not known when it is %s", (_, text, unknown) => {
    expect(unknownIn(text)).toEqual(unknown);
  });

  it("loses no text by being looked at", () => {
    const text = "a 1326 b (42), 1,325 ç 7️⃣ end";
    expect(
      numbersIn(DATA)(text)
        .map((part) => part.text)
        .join(""),
    ).toBe(text);
  });
});

const blocksOf = (markdown: string) => readMarkdown(markdown, numbersIn(DATA));
const plain = (markdown: string) => blocksOf(markdown).flatMap((block) => proseLines([block], 200));

describe("Markdown", () => {
  it.each([
    ["paragraphs and emphasis", "One *two* **three** `four`.\n\nFive", ["One two three `four`.", "Five"]],
    ["lists", "- a\n- b\n\n1. c\n2. d", ["- a", "- b", "1. c", "2. d"]],
    ["a heading as strong text", "# Head", ["Head"]],
    ["a quotation without its mark", "> said", ["said"]],
    ["a code block as code", "```sh\nrm -r x\n```", ["`rm -r x`"]],
    ["a link's words", "see [the page](https://evil.example/?q=1)", ["see the page"]],
    ["no image", "a ![alt](https://evil.example/x.png) b", ["a alt b"]],
    ["no HTML", "a <img src=x onerror=alert(1)> b <b>c</b>", ["a b c"]],
    ["no HTML block", "<script>alert(1)</script>\n\nend", ["end"]],
    ["no reference link's target", "[x][1]\n\n[1]: javascript:alert(1)", ["x"]],
    ["a table's words", "| a | b |\n| - | - |\n| c | d |", ["a b c d"]],
  ])("keeps %s", (_, markdown, lines) => {
    expect(plain(markdown).map((line) => line.replaceAll(/ +/g, " ").trim())).toEqual(lines);
  });

  it("holds nothing but its own words in the end", () => {
    const blocks = JSON.stringify(
      blocksOf("[a](javascript:alert(1)) <a href='https://evil.example'>b</a> ![](data:x)"),
    );
    expect(blocks).not.toMatch(/javascript|evil|data:|href/);
  });

  it("reads back as it was, and begins no list or heading of its own", () => {
    const markdown = "**One** `a b` and 1\\. no list\n\n- \\- dash\n- \\# no heading";
    const again = proseMarkdown(blocksOf(proseMarkdown(blocksOf(markdown))));
    expect(again).toBe(proseMarkdown(blocksOf(markdown)));
    expect(blocksOf(again)).toEqual(blocksOf(markdown));
  });
});

describe("bounded JSON", () => {
  it("is JSON of at most that size, and says what is missing", () => {
    const value = { rows: Array.from({ length: 5_000 }, (_, n) => ({ n, text: "x".repeat(300) })) };
    for (const most of [500, 5_000, 50_000]) {
      const text = boundedJson(value, most);
      expect(text.length).toBeLessThanOrEqual(most);
      expect(JSON.parse(text)).toBeTruthy();
      expect(text).toMatch(/more are not shown|\(cut\)/);
    }
    expect(boundedJson({ a: [1, 2] }, 500)).toBe('{"a":[1,2]}');
  });
});
