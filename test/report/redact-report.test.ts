/** What leaves the machine: no home folder, no name of a person or a machine, no secret, and every number as it was. */
import { describe, expect, it } from "vitest";
import { redactReport } from "../../src/analyze/report/redact-report.js";
import { renderHtml } from "../../src/analyze/report/render/html.js";
import { renderMail } from "../../src/analyze/report/render/mail.js";
import { renderMarkdown } from "../../src/analyze/report/render/markdown.js";
import { readTemplates } from "../../src/analyze/report/render/templates.js";
import { type Report, reportSchema } from "../../src/analyze/report/report.schema.js";
import { smallReport } from "./small-log.js";

const IDENTITY = { homes: ["/home/dana", "/opt/agents/dana"], users: ["dana", "root"], hosts: ["anvil.corp.example"] };

/** The text as it comes out of a table cell. */
function redacted(text: string): { readonly text: string; readonly counts: Report["redacted"] } {
  const report = smallReport();
  const { tools } = report.sections;
  const { tools: table } = tools?.tables ?? {};
  const [row] = table?.rows ?? [];
  if (tools === undefined || table === undefined || row === undefined) throw new Error("no table to write into");
  const rows = [{ ...row, cells: { ...row.cells, tool: text }, samples: [], filter: {} }];
  const section = { ...tools, charts: {}, tables: { tools: { ...table, rows } } };
  const clean = redactReport(
    { ...report, files: [], completeness: { ...report.completeness, notes: [] }, sections: { tools: section } },
    IDENTITY,
  );
  return { text: String(clean.sections["tools"]?.tables["tools"]?.rows[0]?.cells["tool"]), counts: clean.redacted };
}

describe("a text", () => {
  it.each([
    ["cat /home/dana/.ssh/config", "cat ~/.ssh/config", "homes"],
    ["ls /Users/maria/src", "ls ~/src", "homes"],
    ["type C:\\Users\\maria\\a.txt", "type ~\\a.txt", "homes"],
    ["/opt/agents/dana/x", "~/x", "homes"],
    ["~/.claude/projects/-home-dana-shop/x.jsonl", "~/.claude/projects/~-shop/x.jsonl", "homes"],
    ["chown dana:dana x", "chown USER:USER x", "names"],
    ["ssh dana@anvil.corp.example uptime", "ssh USER@HOST uptime", "names"],
    ["ping anvil", "ping HOST", "names"],
    ["git config user.email maria@shop.example", "git config user.email USER@shop.example", "names"],
    ["Dana wrote it", "USER wrote it", "names"],
    ["curl -H 'Authorization: Bearer ghp_0123456789abcdefghijklmnopqrstuvwxyzAB' x", "REDACTED_", "secrets"],
  ] as const)("%s", (given, wanted, kind) => {
    const { text, counts } = redacted(given);
    expect(text).toContain(wanted);
    expect(counts?.[kind]).toBeGreaterThan(0);
    expect(text).not.toMatch(/dana|maria|anvil|ghp_/i);
  });

  it.each([
    "git@github.com:owner/repo.git",
    "npm i lodash@4.17.21 @types/node@20",
    "sudo -u root ls /root",
    "ls /homepage/danalike /srv/Users.md",
    "danamite anvils",
    "/home",
    "npm run dev && npm test",
  ])("keeps %s", (given) => {
    const { text } = redacted(given);
    expect(text).toBe(given);
  });

  it("learns a name from its home folder", () => {
    expect(redacted("ls /home/maria; chown maria x").text).toBe("ls ~; chown USER x");
  });

  it("a second pass finds nothing", () => {
    const once = redactReport(smallReport(), IDENTITY);
    const twice = redactReport(once, IDENTITY);
    expect(twice.sections).toEqual(once.sections);
    expect(twice.redacted).toEqual({ homes: 0, names: 0, secrets: 0 });
  });
});

describe("a report", () => {
  const clean = redactReport(smallReport(), IDENTITY);
  const templates = readTemplates();

  it("stays a valid report with the same numbers, times and words of ours", () => {
    expect(reportSchema.parse(clean)).toEqual(clean);
    const kept = (report: Report) =>
      Object.entries(report.sections).map(([id, { title, about, figures, tables }]) => [
        id,
        title,
        about,
        Object.values(figures).map(({ value, definition }) => [typeof value === "number" ? value : null, definition]),
        Object.values(tables).map(({ columns, rows }) => [
          columns,
          rows.map(({ cells }) =>
            Object.entries(cells).filter(([name, cell]) => typeof cell === "number" || columns[name]?.unit === "time"),
          ),
        ]),
      ]);
    expect(kept(clean)).toEqual(kept(smallReport()));
  });

  it.each([
    ["html", renderHtml(clean, templates)],
    ["md", renderMarkdown(clean)],
    ["email", renderMail(clean, templates)],
  ])("names nobody as %s, and says so", (_, text) => {
    expect(text).not.toMatch(/\bdana\b|\/home\/\w/);
    expect(text).toContain("Made for sharing. Taken out: ");
  });

  it("says when nothing was taken out", () => {
    expect(renderMarkdown(smallReport())).toContain("Nothing was taken out for sharing");
  });
});
