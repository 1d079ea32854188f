/** The report of a log small enough to count by hand, and its renderings as files. */
import { describe, expect, it } from "vitest";
import { renderHtml } from "../../src/analyze/report/render/html.js";
import { renderJson } from "../../src/analyze/report/render/json.js";
import { renderMail } from "../../src/analyze/report/render/mail.js";
import { renderMarkdown } from "../../src/analyze/report/render/markdown.js";
import { readTemplates } from "../../src/analyze/report/render/templates.js";
import { renderTerm } from "../../src/analyze/report/render/term.js";
import { reportJsonSchema, reportSchema, type Table, type Value } from "../../src/analyze/report/report.schema.js";
import { FIXTURES, smallReport } from "./small-log.js";

const report = smallReport();

function figures(section: string): Record<string, Value> {
  const all = report.sections[section]?.figures ?? {};
  return Object.fromEntries(Object.entries(all).map(([id, figure]) => [id, figure.value]));
}

function table(section: string, id: string): Table {
  const found = report.sections[section]?.tables[id];
  if (found === undefined) throw new Error(`no table ${section}.${id}`);
  return found;
}

/** Cells of a table, of the named columns only. */
function cells(section: string, id: string, ...columns: readonly string[]): Value[][] {
  return table(section, id).rows.map((row) => columns.map((column) => row.cells[column] ?? null));
}

describe("numbers worked out by hand", () => {
  it("scorecard", () => {
    expect(figures("scorecard")).toEqual({
      calls: 11, // a1-a7, b1-b3, c1; the second record of a4 is a copy
      approved: 5, // a1, a2, a4, b1, a7
      asked: 1, // a6
      blocked: 3, // a3, b3, c1
      left_alone: 1, // a5
      unsafe: 1, // b2
      covered: 0.5455, // a1, a2, a3, a4, a6, b3 of 11
      prompts: 2, // a5, a6
      prompts_saved: 2, // a4, a7; a1 and a2 only read, b1 is headless
      rejected: 2, // a5: asked, never ran, the next prompt came; c1: refused, as its transcript tells
      succeeded: 5, // a1, a2, a6, b1, a7
      failed: 1, // a4
      sessions: 3,
      projects: 2,
      hook_p50: 703, // ten values: 400 450 500 620 700 | 800 900 1200 3000 5000; 700 is in the bucket 696-703
      hook_p95: 5055, // 5000 is in the bucket 4992-5055
      hook_p99: 5055,
    });
  });

  it("who decided", () => {
    expect(cells("scorecard", "by_decider", "decision", "tier", "source", "calls")).toEqual([
      ["allow", "allow", "rule", 2],
      ["deny", "deny", "rule", 2],
      ["allow", "auto", "rule", 1],
      ["allow", "llm", "llm", 1],
      ["ask", "ask", "rule", 1],
      ["deny", "user", "user", 1],
      ["error_passthrough", "error", "none", 1],
      ["passthrough", "passthrough", "none", 1],
      ["rerouted", "reroute", "llm", 1],
    ]);
  });

  it("days of Berlin, not of UTC", () => {
    expect(cells("scorecard", "by_day", "day", "calls", "approved", "prompts", "saved")).toEqual([
      ["2026-11-19", 6, 2, 1, 1],
      ["2026-11-18", 5, 3, 1, 1],
    ]);
  });

  it("denials, with reason and place", () => {
    expect(cells("denials", "blocked", "rule", "tier", "tool", "calls", "reason")).toEqual([
      ["no-force-push", "deny", "Bash", 2, "Use --force-with-lease."],
      [null, "user", "Bash", 1, null],
    ]);
    const [first] = table("denials", "blocked").rows;
    expect(first?.samples.map(({ subject, time }) => [subject, time])).toEqual([
      ["git push -f https://REDACTED_url_password@example.com/x main", "2026-11-19T09:20:00.000+01:00"],
      ["git push --force origin main", "2026-11-18T22:06:00.000+01:00"],
    ]);
    expect(cells("denials", "refused", "tool", "calls", "call")).toEqual([["Bash", 1, "make deploy"]]);
    expect(cells("denials", "commands", "command", "calls")).toEqual([
      ["git push", 2],
      ["rm -r", 1],
    ]);
  });

  it("rules", () => {
    expect(cells("rules", "hits", "rule", "tier", "calls")).toEqual([
      ["no-force-push", "deny", 2],
      ["ask-settings", "ask", 1],
      ["auto-npm-test", "auto", 1],
      ["git-push-plain", "reroute", 1],
      ["git-reading", "allow", 1],
      ["pagers", "allow", 1],
      ["read-anything", "allow", 1],
    ]);
  });

  it("tools", () => {
    expect(cells("tools", "tools", "tool", "calls", "failed", "prompts", "p50", "p95")).toEqual([
      ["Bash", 8, 1, 1, 120, 151551], // 40 120 900 150000: below 128 exact, the last in 149504-151551
      ["Edit", 1, 0, 1, 12, 12],
      ["Read", 1, 0, 0, 5, 5],
      ["WebFetch", 1, null, 0, null, null],
    ]);
  });

  it("commands and paths", () => {
    expect(cells("commands", "commands", "command", "calls", "approved", "blocked").slice(0, 2)).toEqual([
      ["git push", 3, 1, 2],
      ["git log", 1, 1, 0],
    ]);
    expect(cells("paths", "paths", "path")).toEqual([
      ["/tmp/out.txt"],
      ["~/shop/build"],
      ["~/shop/settings.json"],
      ["~/shop/src/app.ts"],
    ]);
  });

  it("sessions and projects", () => {
    expect(cells("sessions", "sessions", "session", "calls", "prompts", "first")).toEqual([
      ["cccccccc-3333-4333-8333-333333333333", 1, 0, "2026-11-19T10:00:00.000+01:00"],
      ["aaaaaaaa-1111-4111-8111-111111111111", 7, 2, "2026-11-18T22:00:20.000+01:00"],
      ["bbbbbbbb-2222-4222-8222-222222222222", 3, 0, "2026-11-19T09:00:00.000+01:00"],
    ]);
    expect(cells("projects", "projects", "project", "sessions", "calls", "approved", "asked", "blocked")).toEqual([
      ["/home/dana/shop", 2, 8, 4, 1, 2],
      ["/home/dana/site", 1, 3, 1, 0, 1],
    ]);
  });

  it("quality", () => {
    expect(figures("quality")).toEqual({
      lines: 25,
      records: 24,
      in_window: 24,
      unusable: 1,
      copies: 1,
      prompt_copies: 0,
      truncated: 0,
      redacted: 1,
      secrets: 1,
      out_of_order: 0,
      future: 0,
      inferred: 1,
      without_id: 0,
      undecided: 0,
      outcomes_alone: 0,
      strays: 0,
    });
    expect(report.completeness).toMatchObject({ complete: false, lines: 25, unusable: 1 });
  });

  it("header", () => {
    expect(report.window).toEqual({
      since: null,
      until: null,
      first: "2026-11-18T22:00:00.000+01:00",
      last: "2026-11-19T10:30:00.000+01:00",
    });
    expect(report.zone).toEqual({ name: "Europe/Berlin", offsets: ["+01:00"] });
  });
});

describe("renderings", () => {
  it.each<[string, () => string]>([
    ["small.report.json", () => renderJson(report)],
    ["small.report.md", () => renderMarkdown(report)],
    ["small.report.html", () => renderHtml(report, readTemplates())],
    ["small.report.eml", () => renderMail(report, readTemplates())],
    ["small.report.120.txt", () => renderTerm(report, { width: 120, color: false })],
    ["small.report.60.txt", () => renderTerm(report, { width: 60, color: false })],
  ])("%s", async (name, render) => {
    const text = render();
    expect(text.endsWith("\n")).toBe(true);
    expect(render()).toBe(text);
    await expect(text).toMatchFileSnapshot(`${FIXTURES}${name}`);
  });

  it("the value is what its schema says", () => {
    expect(reportSchema.parse(JSON.parse(renderJson(report)))).toEqual(report);
    expect(reportJsonSchema()).toMatchObject({ type: "object", additionalProperties: false });
  });
});
