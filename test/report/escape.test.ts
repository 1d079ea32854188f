import fc from "fast-check";
import { marked } from "marked";
import { describe, expect, it } from "vitest";
import { jsonText, markdownCode, markdownText, visible } from "../../src/analyze/report/escape.js";

/** Pieces that have meaning to some sink, mixed with plain ones. */
const piece = fc.constantFrom(
  ..."\\|`*_{}[]<>()#+-.!~^$:@&\"'= \n\r\t\u001b\u009b\u202e\u2066\u200b\ufeff\u2028\ud800\u{e0041}\0".split(""),
  "\\|",
  "``",
  "```",
  " a ",
  "word",
  "<img src=x onerror=alert(1)>",
  "](javascript:alert(1))",
  "https://evil.example/",
  "www.evil.example",
  "me@evil.example",
  "\u001b]8;;https://evil.example\u0007",
  "日本",
  "⚠️",
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

const HIDDEN = /(?!\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

describe("visible", () => {
  it.each([
    ["plain ünïcode 日本 ⚠️", "plain ünïcode 日本 ⚠️"],
    ["a\nb\tc\rd", "a\\nb\\tc\\rd"],
    ["\u001b[31mred", "\\u{1b}[31mred"],
    ["\u009b31m", "\\u{9b}31m"],
    ["a\u202egnp.exe", "a\\u{202e}gnp.exe"],
    ["zero\u200bwidth\ufeff", "zero\\u{200b}width\\u{feff}"],
    ["lone \ud83d half", "lone \\u{d83d} half"],
    ["whole 😀", "whole 😀"],
    ["tag \u{e0041}", "tag \\u{e0041}"],
  ])("%j", (given, shown) => expect(visible(given)).toBe(shown));

  it("leaves nothing hidden", () => {
    fc.assert(fc.property(fc.oneof(text, fc.string({ unit: "binary" })), (given) => !HIDDEN.test(visible(given))));
  });
});

describe("markdown", () => {
  it.each([
    ["ls -la", "`ls -la`"],
    ["a|b", "`a\\|b`"],
    ["a\\|b", "`a\\`\\|`b`"],
    ["echo `date`", "`` echo `date` ``"],
    ["`", "`` ` ``"],
    [" x", "`  x `"],
    ["", ""],
    ["   ", "\\(blank\\)"],
  ])("%j", (given, code) => expect(markdownCode(given)).toBe(code));

  it("puts log text into a table cell as nothing but code, and all of it", () => {
    fc.assert(
      fc.property(text, (given) => {
        const line = `| ${markdownCode(given)} | 7 |`;
        const tokens = marked.lexer(`| a | b |\n| :-- | --: |\n${line}\n`);
        expect(tokens.map((token) => token.type)).toEqual(["table"]);
        const [table] = tokens;
        if (table?.type !== "table") throw new Error("no table");
        const [cell, count] = table["rows"][0];
        expect(count.text).toBe("7");
        const kinds = new Set(cell.tokens.map((token: { type: string }) => token.type));
        expect([...kinds].filter((kind) => kind !== "codespan" && kind !== "text" && kind !== "escape")).toEqual([]);
        const shown = cell.tokens.map((token: { text: string }) => token.text).join("");
        expect(shown.trim()).toBe(visible(given).trim() === "" && given !== "" ? "(blank)" : visible(given).trim());
      }),
      { numRuns: 500 },
    );
  });

  it("keeps our own sentences free of markup, whatever name they mention", () => {
    fc.assert(
      fc.property(text, (given) => {
        const html = marked.parse(`Read: ${markdownText(given)}.`, { async: false });
        expect(html.replace(/^<p>|<\/p>\n$/g, "")).not.toContain("<");
      }),
      { numRuns: 500 },
    );
  });
});

describe("json", () => {
  it("is the same value, and harmless to look at", () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: "binary" })), (given) => {
        const json = jsonText(JSON.stringify({ given, nested: [given] }, null, 2));
        expect(JSON.parse(json)).toEqual({ given, nested: [given] });
        expect(HIDDEN.test(json.replaceAll("\n", ""))).toBe(false);
      }),
    );
  });
});
