/** Every kind of chart in every format: the numbers are the matrix's, names from a log stay text, little room folds days. */
import { describe, expect, it } from "vitest";
import {
  chartSummary,
  fitPoints,
  isEmptyChart,
  pointTotal,
  seriesTotal,
  shortLabels,
  shown,
  usedSeries,
} from "../../src/analyze/report/render/chart/chart-table.js";
import { linearAxis, linePath, logAxis } from "../../src/analyze/report/render/chart/scales.js";
import { figureRun, sparkline } from "../../src/analyze/report/render/chart/sparkline.js";
import { chartView } from "../../src/analyze/report/render/chart/svg-view.js";
import { termChart } from "../../src/analyze/report/render/chart/term-chart.js";
import { renderHtml } from "../../src/analyze/report/render/html.js";
import { renderMailHtml } from "../../src/analyze/report/render/mail.js";
import { renderMarkdown } from "../../src/analyze/report/render/markdown.js";
import { readTemplates } from "../../src/analyze/report/render/templates.js";
import { renderTerm } from "../../src/analyze/report/render/term.js";
import { type Chart, reportSchema } from "../../src/analyze/report/report.schema.js";
import { chartReport, everyChart } from "./every-chart.js";

const charts = Object.entries(everyChart());
const drawn = charts.filter(([, { kind }]) => kind !== "spark");
const templates = readTemplates();
const html = renderHtml(chartReport(), templates);
const markdown = renderMarkdown(chartReport());
const mail = renderMailHtml(chartReport(), templates);
const term = renderTerm(chartReport(), { width: 120, color: false });

/** Every number of a chart that a format without the whole matrix still shows. */
function told(chart: Chart): string[] {
  if (chart.kind === "percentiles")
    return chart.points.flatMap(({ values }) => values.map((value) => shown(value, chart)));
  if (chart.kind === "heat") return chart.points.map((point) => shown(pointTotal(point), chart));
  if (chart.kind === "band") return [];
  return usedSeries(chart).map(({ index }) => shown(seriesTotal(chart, index), chart));
}

function between(text: string, from: string, to: string): string {
  const start = text.indexOf(from);
  expect(start).toBeGreaterThanOrEqual(0);
  return text.slice(start, text.indexOf(to, start + from.length));
}

describe.each(drawn)("%s", (name, chart) => {
  it("is a valid part of a report", () => expect(reportSchema.parse(chartReport())).toEqual(chartReport()));

  it("has its numbers in a table behind the drawing", () => {
    const figure = between(html, `data-chart="charts.${name}"`, "</figure>");
    const rows = [...figure.matchAll(/<tr><th scope="row">(.*?)<\/th>(.*?)<\/tr>/g)].map(([, label, cells = ""]) => [
      label,
      ...[...cells.matchAll(/<td class="number">(.*?)<\/td>/g)].map(([, cell]) => cell),
    ]);
    const used = usedSeries(chart);
    expect(rows).toEqual(
      chart.points.map(({ label, values }) => [label, ...used.map(({ index }) => shown(values[index], chart))]),
    );
  });

  it("draws one mark for each value that is not nothing", () => {
    const figure = between(html, `data-chart="charts.${name}"`, "</figure>");
    const values = chart.points.flatMap((point) => point.values);
    const some = values.filter((value) => value !== 0 && value !== null).length;
    const rects = {
      share: some,
      stacked: some,
      bars: some,
      heat: values.length,
      timeline: 0,
      spark: 0,
      band: 14,
      percentiles: 15,
    };
    const circles = chart.kind === "timeline" ? some : chart.kind === "band" ? 13 : 0;
    expect(figure.split("<rect").length - 1).toBe(rects[chart.kind]);
    expect(figure.split("<circle").length - 1).toBe(circles);
    expect(figure).not.toMatch(/NaN|undefined|Infinity|style=/);
  });

  it("tells the same numbers in Markdown, mail and terminal", () => {
    const title = chart.title;
    for (const text of [
      between(markdown, `**${title}**`, "\n\n#"),
      between(mail, `>${title}</h3>`, "<h2"),
      between(term, `\n  ${title}\n`, "\nHighlights"),
    ]) {
      const numbers =
        text.startsWith("**") && chart.kind === "bars" ? chart.points.flatMap(({ values }) => values) : told(chart);
      for (const number of numbers) expect(text).toContain(String(number));
    }
  });

  it("has a sentence for those who do not see it", () => {
    expect(chartSummary(chart)).toMatch(/^[A-Z].*: .*\.$/);
    expect(html).toContain(`aria-label="${chartSummary(chart)}"`);
  });
});

describe("little room", () => {
  const days = { ...everyChart()["stacked"] } as Chart;

  it("folds neighbours, adding counts and taking the worst of times", () => {
    const folded = fitPoints(days, 5);
    expect(folded.points.length).toBe(5);
    expect(folded.points[0]?.label).toBe("2026-11-01 to 2026-11-03");
    expect(seriesTotal(folded, 0)).toBe(seriesTotal(days, 0));
    const band = fitPoints({ ...everyChart()["band"] } as Chart, 7);
    expect(band.points[2]?.values).toEqual(everyChart()["band"]?.points[4]?.values);
    expect(Math.max(...band.points.map(({ values }) => values[2] ?? 0))).toBe(
      Math.max(...(everyChart()["band"]?.points ?? []).map(({ values }) => values[2] ?? 0)),
    );
  });

  it("ten years of days are still a small drawing", () => {
    const points = Array.from({ length: 3650 }, (_, index) => ({ label: `day ${index}`, values: [1, 2, 0] }));
    const view = chartView("x", { ...days, points });
    expect(view?.rects.length).toBeLessThanOrEqual(240);
    expect(view?.rows.length).toBeLessThanOrEqual(400);
  });

  it.each([40, 60, 80, 200])("no line of a terminal %d columns wide cuts a number", (width) => {
    const text = renderTerm(chartReport("a-name-that-is-longer-than-any-terminal-is-wide".repeat(3)), {
      width,
      color: false,
    });
    for (const [, chart] of drawn.filter(([, { kind }]) => kind !== "bars")) {
      for (const number of told(chart)) expect(text).toContain(number);
    }
  });
});

it.each([[[222, 34, 5, 289]], [[1, 1, 1, 1]], [[1, 1000, 1, 1]], [[7, 7, 7, 1]]])(
  "a bar of the parts %j is no longer than its row",
  (values) => {
    const tones = ["good", "notice", "bad", "quiet"] as const;
    const chart: Chart = {
      kind: "stacked",
      title: "Parts",
      unit: "count",
      series: tones.map((tone) => ({ label: tone, tone })),
      points: [{ label: "x", values }],
    };
    for (let width = 40; width <= 100; width++) {
      const lines = termChart(chart, width, (_, text) => text);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      for (const mark of ["█", "▓", "▒", "░"]) expect(lines.at(-1)).toContain(mark);
    }
  },
);

describe("nothing to draw", () => {
  it.each(charts)("%s of zeros is left out everywhere", (_, chart) => {
    const empty = {
      ...chart,
      points: chart.points.map(({ label, values }) => ({ label, values: values.map(() => 0) })),
    };
    expect(isEmptyChart(empty)).toBe(true);
    expect(chartView("x", empty)).toBeNull();
    expect(figureRun(empty, 10)).toBe("");
    expect(chartView("x", { ...chart, points: [] })).toBeNull();
  });
});

describe("scales", () => {
  it.each([
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [256, [0, 100, 200, 300]],
    [1325, [0, 500, 1000, 1500]],
  ])("whole ticks to %d", (largest, ticks) => {
    const axis = linearAxis(largest, true);
    expect(axis.ticks).toEqual(ticks);
    expect(axis.at(ticks.at(-1) ?? 0)).toBe(100);
  });

  it("tens on a ladder", () => {
    const axis = logAxis(4, 27_000);
    expect(axis.ticks).toEqual([1, 10, 100, 1000, 10_000, 100_000]);
    expect([axis.at(0), axis.at(1), axis.at(1000), axis.at(100_000)]).toEqual([0, 0, 60, 100]);
  });

  it("a value that is not known breaks the line", () => expect(linePath([10, null, 30]).match(/M/g)).toHaveLength(2));

  it("runs", () => {
    expect(sparkline([0, 1, 50, 100, null])).toBe("▁▂▅█·");
    expect(sparkline([])).toBe("");
  });

  it("days of one year need no year", () => {
    expect(shortLabels(["2026-11-01", "2026-11-02"])).toEqual(["11-01", "11-02"]);
    expect(shortLabels(["2025-12-31", "2026-01-01"])).toEqual(["2025-12-31", "2026-01-01"]);
  });
});
