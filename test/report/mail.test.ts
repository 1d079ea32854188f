/** The mail as a mail program reads it: two parts that tell the same, nothing a mail program drops, short enough. */
import { describe, expect, it } from "vitest";
import { fitRows } from "../../src/analyze/report/render/fit-rows.js";
import { renderHtml } from "../../src/analyze/report/render/html.js";
import { renderMail, renderMailHtml } from "../../src/analyze/report/render/mail.js";
import { renderMarkdown } from "../../src/analyze/report/render/markdown.js";
import { readTemplates } from "../../src/analyze/report/render/templates.js";
import type { Report } from "../../src/analyze/report/report.schema.js";
import { smallReport } from "./small-log.js";

const templates = readTemplates();
const message = renderMail(smallReport(), templates);
const [head = "", ...rest] = message.split("\n\n");
const body = rest.join("\n\n");

/** The report with every table as long as a million records make it. */
function longReport(rows: number, text: string): Report {
  const report = smallReport();
  const sections = Object.entries(report.sections).map(([id, section]) => {
    const tables = Object.entries(section.tables).map(([name, table]) => {
      const [row] = table.rows;
      if (row === undefined) return [name, table];
      const cells = Object.fromEntries(
        Object.entries(row.cells).map(([key, cell]) => [key, table.columns[key]?.unit === "code" ? text : cell]),
      );
      return [name, { ...table, rows: Array.from({ length: rows }, () => ({ ...row, cells })), total_rows: rows }];
    });
    return [id, { ...section, tables: Object.fromEntries(tables) }];
  });
  return { ...report, sections: Object.fromEntries(sections) };
}

describe("the message", () => {
  it("has a subject in ASCII and a date", () => {
    expect(head).toContain("Subject: claude-permit: 11 decisions, 3 blocked, 1 unsafe, 2026-11-18 to 2026-11-19\n");
    expect(head).toContain("Date: Fri, 20 Nov 2026 12:00:00 +0000\n");
  });

  it("holds two parts between its boundary", () => {
    const boundary = /boundary="([^"]+)"/.exec(head)?.[1] ?? "";
    const parts = body.split(`--${boundary}`);
    expect(parts.map((part) => /Content-Type: ([\w/]+)/.exec(part)?.[1])).toEqual([
      undefined,
      "text/plain",
      "text/html",
      undefined,
    ]);
    expect(parts.at(-1)).toBe("--\n");
    expect(parts[1]).toContain("decisions");
    expect(parts[2]).toContain("<table");
  });

  it("no line is longer than mail allows, no header is made of log text", () => {
    const long = renderMail(longReport(5, "日本".repeat(900)), templates);
    for (const line of long.split("\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(998);
    expect(head.split("\n").every((line) => /^[A-Z][\w-]+: [\x20-\x7e]+$/.test(line))).toBe(true);
  });
});

describe("the HTML part", () => {
  const html = renderMailHtml(smallReport(), templates);

  it("is tables and inline styles only", () => {
    expect(html).not.toMatch(/<(?:script|style|svg|img|link|form|iframe)\b|\sclass=|\son\w+=|url\(|(?:src|href)=/i);
    expect(html).toMatch(/<td[^>]* bgcolor="#/);
  });
});

describe("size", () => {
  it.each([
    ["short names", "git push"],
    ["long text", "x".repeat(2000)],
    ["what is escaped", "<&>\"'".repeat(400)],
  ])("mail under 90 KB with %s", (_, text) => {
    expect(Buffer.byteLength(renderMailHtml(longReport(100, text), templates))).toBeLessThanOrEqual(90_000);
  });

  it("Markdown under a mebibyte whatever the tables hold", () => {
    const text = renderMarkdown(longReport(100, "`|\\".repeat(400)));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000);
    expect(text).toMatch(/… \d+ more rows/);
  });

  it("a page under a megabyte, with what is left out counted", () => {
    const page = renderHtml(longReport(100, "<&>".repeat(70)), templates);
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(1_000_000);
    expect(page).toMatch(/\d+ more rows/);
  });

  it("takes the first that fits, else the last", () => {
    expect(fitRows((rows) => "x".repeat(rows), [9, 5, 2], 6)).toBe("xxxxx");
    expect(fitRows((rows) => "x".repeat(rows), [9, 5], 2)).toBe("xxxxx");
  });
});
