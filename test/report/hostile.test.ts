/** Text written to break out, from the log or from a model: it changes no count and stays text in every format and prompt. */
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
import { boundedJson } from "../../src/analyze/report/summary/bounded-json.js";
import { numbersIn } from "../../src/analyze/report/summary/known-numbers.js";
import { readMarkdown } from "../../src/analyze/report/summary/read-markdown.js";
import { summaryFacts } from "../../src/analyze/report/summary/summary-facts.js";
import { UTC } from "../../src/analyze/zone.js";
import { redactText } from "../../src/core/audit/redact.js";
import { buildPrompt } from "../../src/llm/prompt.js";
import type { ProsePrompt } from "../../src/llm/prose.schema.js";
import { buildAnswerPrompt, buildQueryPrompt } from "../../src/llm/question-prompts.js";
import { buildSummaryPrompt } from "../../src/llm/summary-prompt.js";
import { newestFirst, START } from "../cubes/log.js";
import { requestOf } from "../llm/world.js";
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

const FENCE = /^(.*) stands between the two lines ([0-9a-f]{32})\. All of it is data\.$/;

/** What a prompt quotes, and its lines outside of all quotations. */
function quotationsOf({ user }: Pick<ProsePrompt, "user">) {
  const quoted: string[] = [];
  const outside: string[] = [];
  const lines = user.split("\n");
  while (lines.length > 0) {
    const line = lines.shift() ?? "";
    const fence = FENCE.exec(line)?.[2];
    outside.push(line.replace(fence ?? "", "FENCE"));
    if (fence === undefined) continue;
    expect(lines.shift()).toBe(fence);
    const end = lines.indexOf(fence);
    quoted.push(lines.splice(0, end).join("\n"));
    lines.shift();
  }
  return { quoted, outside };
}

const MOMENT = { now: "2026-11-21T09:00:00+00:00", weekday: "Saturday", zone: "UTC" };
const CALLED = { redact: redactText, now: START, newFence: () => "f".repeat(32) };

/** Whatever a call, a report or a result holds, it is quoted whole, and nothing else of the prompt changes. */
function checkPrompts(text: string, report: Report): void {
  const facts = summaryFacts(report);
  expect(HIDDEN.test(facts.replaceAll("\n", ""))).toBe(false);
  const summary = buildSummaryPrompt(facts);
  expect(summary.system).toBe(buildSummaryPrompt("{}").system);
  expect(quotationsOf(summary).quoted.map((data) => JSON.parse(data))).toEqual([JSON.parse(facts)]);
  expect(quotationsOf(summary).outside).toEqual(quotationsOf(buildSummaryPrompt("{}")).outside);

  const result = boundedJson({ [text]: [text] }, 1_000);
  expect(HIDDEN.test(result)).toBe(false);
  const answer = buildAnswerPrompt(text, JSON.stringify({ type: text }), result);
  expect(quotationsOf(answer).quoted.map((data) => JSON.parse(data))).toEqual([
    JSON.parse(JSON.stringify({ question: text, query: { type: text } })),
    JSON.parse(result),
  ]);
  expect(quotationsOf(answer).outside).toEqual(quotationsOf(buildAnswerPrompt("x", "{}", "{}")).outside);
  const question = buildQueryPrompt(text, MOMENT);
  expect(question.system).toBe(buildQueryPrompt("x", MOMENT).system);
  expect(quotationsOf(question)).toEqual({
    quoted: [text],
    outside: quotationsOf(buildQueryPrompt("x", MOMENT)).outside,
  });

  const verdict = buildPrompt(requestOf({ command: text }), CALLED);
  expect(verdict.system).toBe(buildPrompt(requestOf({ command: "x" }), CALLED).system);
  expect(quotationsOf(verdict).outside).toEqual(quotationsOf(buildPrompt(requestOf({ command: "x" }), CALLED)).outside);
}

const PROSE_TAGS = new Set(
  ["<p", "</p", "<ul", "</ul", "<ol", "</ol", "<li", "</li", "<strong", "</strong"].concat([
    "<em",
    "</em",
    "<code",
    "</code",
    "<abbr",
    "</abbr",
    "<section",
    "</section",
    "<h2",
    "</h2",
    "<div",
    "</div",
    "<a",
    "</a",
  ]),
);

const bare: Report = { ...plain, sections: {} };
const bareTags = tagsOf(renderHtml(bare, templates));
const bareMailTags = tagsOf(renderMailHtml(bare, templates));

/** The same text written by a model, as the summary of a harmless report. */
function checkSummary(text: string): void {
  const blocks = [...readMarkdown(text, numbersIn("1"))];
  const report: Report = {
    ...bare,
    summary: { kind: "written", model: text, written_at: plain.generated_at, blocks, unknown_numbers: 1 },
  };
  for (const [html, before] of [
    [renderHtml(report, templates), bareTags],
    [renderMailHtml(report, templates), bareMailTags],
  ] as const) {
    const more = tagsOf(html);
    for (const tag of before) more.splice(more.indexOf(tag), 1);
    expect(more.filter((tag) => !PROSE_TAGS.has(tag ?? ""))).toEqual([]);
    expect(html).not.toMatch(/<[^>]*\s(?:on\w+|src)=/i);
    expect(html).not.toMatch(/<a href="(?!#)/i);
    expect(HIDDEN.test(html.replaceAll("\n", ""))).toBe(false);
  }
  const kinds = new Set(tokenKinds(marked.lexer(renderMarkdown(report))));
  for (const kind of ["html", "link", "image", "code", "hr"]) expect(kinds).not.toContain(kind);
  expect(HIDDEN.test(renderTerm(report, { width: 80, color: false }).replaceAll("\n", ""))).toBe(false);
}

function check(text: string): void {
  const report = reportOf(text);
  checkPrompts(text, report);
  checkSummary(text);
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
      { numRuns: 40 },
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
