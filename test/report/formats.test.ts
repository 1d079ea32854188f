/** JSON, Markdown, HTML, mail and terminal tell the same figures: each is read back and compared, cell by cell. */
import { describe, expect, it } from "vitest";
import { visible } from "../../src/analyze/report/escape.js";
import { formatValue } from "../../src/analyze/report/render/format.js";
import { renderHtml } from "../../src/analyze/report/render/html.js";
import { renderJson } from "../../src/analyze/report/render/json.js";
import { renderMailHtml } from "../../src/analyze/report/render/mail.js";
import { renderMarkdown } from "../../src/analyze/report/render/markdown.js";
import { readTemplates } from "../../src/analyze/report/render/templates.js";
import { renderTerm, renderTermSections } from "../../src/analyze/report/render/term.js";
import { reportSchema } from "../../src/analyze/report/report.schema.js";
import { smallReport } from "./small-log.js";

const report = reportSchema.parse(JSON.parse(renderJson(smallReport())));
const html = renderHtml(smallReport(), readTemplates());
const markdown = renderMarkdown(smallReport());
const mail = renderMailHtml(smallReport(), readTemplates());
const term = renderTerm(smallReport(), { width: 400, color: false });

const sections = Object.entries(report.sections);
const figures = sections.flatMap(([id, section]) =>
  Object.entries(section.figures).map(([name, figure]) => ({ id: `${id}.${name}`, title: section.title, figure })),
);
const tables = sections.flatMap(([id, section]) =>
  Object.entries(section.tables)
    .filter(([, table]) => table.total_rows > 0)
    .map(([name, table]) => ({ id: `${id}.${name}`, title: section.title, table })),
);

function unescapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', amp: "&" };
  return text.replace(/&(?:#x([0-9A-Fa-f]+)|(\w+));/g, (_, hex, name) =>
    hex === undefined ? (names[name] ?? "?") : String.fromCodePoint(Number.parseInt(hex, 16)),
  );
}

const shownOf = (value: string | number | null, unit: Parameters<typeof formatValue>[1]) =>
  visible(formatValue(value, unit));

describe("figures", () => {
  it("are many", () => expect(figures.length).toBeGreaterThan(30));

  it.each(figures)("$id", ({ id, title, figure }) => {
    const shown = figure.value === null ? "no data" : shownOf(figure.value, figure.unit);
    const inHtml = new RegExp(`data-figure="${id.replace(".", "\\.")}">([^<]*)<`).exec(html)?.[1];
    expect(unescapeHtml(inHtml ?? "absent")).toBe(shown);

    const inMarkdown = part(markdown, `## ${title}\n`, "\n## ").match(
      new RegExp(`^\\| ${figure.label} \\| (.*?) \\|`, "m"),
    );
    expect(inMarkdown?.[1]?.replaceAll("\\", "")).toBe(shown);

    const inMail = new RegExp(`<td>${figure.label}(?: \\(\\w+\\))?</td>.*<b>([^<]*)</b>`).exec(
      part(mail, `>${title}</h2>`, "<h2"),
    );
    expect(unescapeHtml(inMail?.[1] ?? "absent")).toBe(shown);

    const inTerm = part(term, `\n${title}\n`, "\n\n").match(
      new RegExp(`^  ${figure.label} +(\\S+(?: \\S+)?)(?:  |$)`, "m"),
    );
    expect(inTerm?.[1]).toBe(shown);
  });
});

describe("tables", () => {
  it("are many", () => expect(tables.length).toBeGreaterThan(10));

  it.each(tables)("$id", ({ id, title, table }) => {
    const want = table.rows.map((row) =>
      Object.entries(table.columns).map(([name, { unit }]) => shownOf(row.cells[name] ?? null, unit)),
    );
    const width = Object.keys(table.columns).length;

    const rows = tableRows(part(html, `data-table="${id}"`, "</table>"), /<tbody>\s*<tr>(.*?)<\/tr>/gs);
    expect(rows.map((row) => row.slice(0, width))).toEqual(want);

    const lines = part(part(markdown, `## ${title}\n`, "\n## "), `### ${table.title}\n`, "\n### ").match(/^\|.*\|$/gm);
    const cells = (lines ?? []).slice(2).map((line) =>
      line
        .slice(2, -2)
        .split(/ \| /)
        .slice(0, width)
        .map((cell) => cell.replace(/^`+ ?| ?`+$/g, "").replace(/\\(.)/g, "$1")),
    );
    expect(cells).toEqual(want);

    const kept = Object.entries(table.columns);
    const mailed = part(part(mail, `>${title}</h2>`, "<h2"), `>${table.title}</h3>`, "</table>");
    const labels = [...mailed.matchAll(/<th[^>]*>(.*?)<\/th>/g)].map(([, label = ""]) => unescapeHtml(label));
    const places = labels.map((label) => kept.findIndex(([, column]) => column.label === label));
    expect(labels.length).toBe(Math.min(6, width));
    const inMail = tableRows(mailed, /<tr valign="top">(.*?)<\/tr>/gs);
    expect(inMail).toEqual(want.slice(0, inMail.length).map((row) => places.map((place) => row[place])));
    expect(inMail.length).toBeGreaterThan(0);

    const block = part(part(term, `\n${title}\n`, "\n\n\n"), `  ${table.title}\n`, "\n\n");
    for (const row of want) {
      const line = row.map((cell) => cell.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(" +");
      expect(block).toMatch(new RegExp(`^ +${line}(?: |$)`, "m"));
    }
  });
});

describe("selection", () => {
  it("sections alone come without the header", () => {
    const some = { ...smallReport(), sections: { tools: section("tools") } };
    const text = renderTermSections(some, { width: 100, color: false });
    expect(text.startsWith("Tools\n")).toBe(true);
    expect(text).not.toContain("Scorecard");
  });

  it("rows are cut with their number said", () => {
    const some = { ...smallReport(), sections: { rules: section("rules") } };
    expect(renderTerm(some, { width: 100, color: false, rows: 2 })).toContain("… 5 more rows");
    expect(renderMarkdown(some, { rows: 2 })).toContain("… 5 more rows");
  });

  it("colours are asked for, and nothing but colours is added", () => {
    const plain = renderTerm(smallReport(), { width: 100, color: false });
    const painted = renderTerm(smallReport(), { width: 100, color: true });
    expect(painted).not.toBe(plain);
    expect(painted.replace(/\u001b\[\d+m/g, "")).toBe(plain);
  });
});

/** Cells of the rows that the pattern finds, as text. */
function tableRows(text: string, row: RegExp): string[][] {
  return [...text.matchAll(row)].map(([, inner = ""]) =>
    [...inner.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = ""]) =>
      unescapeHtml(cell.replace(/<\/?code[^>]*>/g, "")),
    ),
  );
}

function section(id: string) {
  const found = smallReport().sections[id];
  if (found === undefined) throw new Error(`no section ${id}`);
  return found;
}

function part(text: string, from: string, to: string): string {
  const start = text.indexOf(from);
  if (start < 0) return "";
  const end = text.indexOf(to, start + from.length);
  return text.slice(start, end < 0 ? undefined : end);
}
