/** Log text written to break out: it changes no count and stays text in every format. */
import fc from "fast-check";
import { marked, type Token } from "marked";
import { describe, expect, it } from "vitest";
import { foldRecords } from "../../src/analyze/cubes/fold.js";
import { renderHtml } from "../../src/analyze/report/render/html.js";
import { renderJson } from "../../src/analyze/report/render/json.js";
import { renderMail, renderMailHtml } from "../../src/analyze/report/render/mail.js";
import { renderMarkdown } from "../../src/analyze/report/render/markdown.js";
import { readTemplates } from "../../src/analyze/report/render/templates.js";
import { renderTerm } from "../../src/analyze/report/render/term.js";
import type { Report } from "../../src/analyze/report/report.schema.js";
import { buildSessionSummary } from "../../src/analyze/report/session-summary.js";
import { UTC } from "../../src/analyze/zone.js";
import { newestFirst, START } from "../cubes/log.js";
import { HOSTILE, log, reportOf } from "./hostile-log.js";

/** Every number of a report, in order. */
function numbers(report: Report): unknown[] {
  return Object.values(report.sections).flatMap(({ figures, tables }) => [
    ...Object.values(figures).map((figure) => figure.value),
    ...Object.values(tables).flatMap((table) => [
      table.total_rows,
      ...table.rows.map((row) => Object.values(row.cells).filter((cell) => typeof cell === "number")),
    ]),
  ]);
}

const tagsOf = (html: string) => [...html.matchAll(/<\/?[a-z][^>]*>/gi)].map(([tag]) => tag.split(/[\s>]/)[0]);

function tokenKinds(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => {
    const cells = token.type === "table" ? [...token["header"], ...token["rows"].flat()] : [];
    const inner = cells.flatMap((cell: { tokens: Token[] }) => cell.tokens);
    return [token.type, ...tokenKinds("tokens" in token ? (token.tokens ?? []) : []), ...tokenKinds(inner)];
  });
}

const plain = reportOf("plain words");
const templates = readTemplates();
const plainTags = tagsOf(renderHtml(plain, templates));
const plainMailTags = tagsOf(renderMailHtml(plain, templates));
const HIDDEN = /(?!\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

function check(text: string): void {
  const report = reportOf(text);
  expect(numbers(report)).toEqual(numbers(plain));

  const html = renderHtml(report, templates);
  expect(tagsOf(html)).toEqual(plainTags);
  expect(html).not.toMatch(/<[^>]*\s(?:on\w+|style|src)=/i);
  expect(HIDDEN.test(html.replaceAll("\n", ""))).toBe(false);

  const mail = renderMailHtml(report, templates);
  expect(tagsOf(mail)).toEqual(plainMailTags);
  expect(mail).not.toMatch(/<[^>]*\s(?:on\w+|src|href)=/i);
  expect(HIDDEN.test(renderMail(report, templates).replaceAll("\n", ""))).toBe(false);

  const kinds = new Set(tokenKinds(marked.lexer(renderMarkdown(report))));
  for (const kind of ["html", "link", "image", "code", "list", "hr"]) expect(kinds).not.toContain(kind);

  for (const width of [40, 120]) {
    expect(HIDDEN.test(renderTerm(report, { width, color: false }).replaceAll("\n", ""))).toBe(false);
  }
  const json = renderJson(report);
  expect(JSON.parse(json)).toEqual(report);
  expect(HIDDEN.test(json.replaceAll("\n", ""))).toBe(false);
}

describe("hostile records", () => {
  it.each(HOSTILE)("%j", check);

  it("any mixture of them", () => {
    const text = fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 8 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(
        text.map((parts) => parts.join("")).filter((joined) => joined.trim() !== ""),
        check,
      ),
      { numRuns: 60 },
    );
  });

  it("session summaries are safe to print", () => {
    for (const text of HOSTILE) {
      const cubes = foldRecords(newestFirst(log(text)), { window: {}, zone: UTC, now: START });
      for (const line of buildSessionSummary(cubes)) expect(HIDDEN.test(line)).toBe(false);
    }
  });
});

describe("the HTML file", () => {
  const html = renderHtml(plain, templates);

  it("pins its only style sheet and its only script and forbids all else", async () => {
    const hashOf = async (tag: string) => {
      const found = [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, "g"))];
      expect(found).toHaveLength(1);
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(found[0]?.[1]));
      return `sha256-${Buffer.from(digest).toString("base64")}`;
    };
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? "";
    const readable = policy.replaceAll("&#x3D;", "=").replaceAll("&#x27;", "'");
    expect(readable).toBe(
      `default-src 'none'; style-src '${await hashOf("style")}'; script-src '${await hashOf("script")}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it("loads nothing, remembers nothing, and holds no word that could", () => {
    expect(html).not.toMatch(/<(?:link|img|iframe|object|embed|form|base)\b/i);
    expect(html).not.toMatch(/url\(|@import|https?:\/\//i);
    expect(html).not.toMatch(
      /fetch\(|XMLHttp|WebSocket|sendBeacon|localStorage|sessionStorage|indexedDB|cookie|eval\(/,
    );
  });

  it("is well formed: every tag that opens closes, ids are unique", () => {
    const open: string[] = [];
    const markup = html.replace(/<(script|style)>[\s\S]*?<\/\1>/g, "");
    for (const [, close, name = "", end] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*?(\/?)>/g)) {
      if (["meta", "br"].includes(name) || end === "/") continue;
      if (close === "/") expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
