/** A report of one section that holds every kind of chart, so that each is drawn in every format. */
import type { Chart, Report } from "../../src/analyze/report/report.schema.js";
import { smallReport } from "./small-log.js";

const DAYS = Array.from({ length: 14 }, (_, index) => `2026-11-${String(index + 1).padStart(2, "0")}`);
const wave = (index: number, step: number) => Math.round(40 + 30 * Math.sin(index * step));

/** @param name stands wherever a log could put a name */
export function everyChart(name = "mcp__tracker__search"): Record<string, Chart> {
  const parts: Chart["series"] = [
    { label: "approved", tone: "good" },
    { label: "asked", tone: "notice" },
    { label: "blocked", tone: "bad" },
  ];
  const rising = (least: number) => [least, least * 4, least * 9, least * 30];
  return {
    calls: {
      kind: "spark",
      title: "decisions by day",
      unit: "count",
      series: [{ label: "decisions", tone: "quiet" }],
      points: DAYS.map((label, index) => ({ label, values: [wave(index, 0.7)] })),
    },
    share: {
      kind: "share",
      title: "Decisions",
      unit: "count",
      series: parts,
      points: [{ label: "all", values: [970, 24, 6] }],
    },
    stacked: {
      kind: "stacked",
      title: "Decisions by day",
      unit: "count",
      series: parts,
      points: DAYS.map((label, index) => ({ label, values: [wave(index, 0.7), index % 4, index === 9 ? 3 : 0] })),
    },
    bars: {
      kind: "bars",
      title: "Decisions by tool",
      unit: "count",
      series: parts,
      points: [
        { label: name, values: [310, 12, 4] },
        { label: "Bash", values: [120, 30, 9] },
        { label: "Read", values: [1, 0, 0] },
      ],
    },
    band: {
      kind: "band",
      title: "Latency by day",
      unit: "ms",
      series: ["p50", "p90", "p99"].map((label) => ({ label, tone: "quiet" })),
      points: DAYS.map((label, index) => {
        const low = 400 + 10 * wave(index, 0.9);
        return { label, values: index === 5 ? [null, null, null] : [low, low * 2, low * 3 + (index === 8 ? 2000 : 0)] };
      }),
    },
    heat: {
      kind: "heat",
      title: "Decisions by weekday and hour",
      unit: "count",
      series: Array.from({ length: 24 }, (_, hour) => ({ label: String(hour).padStart(2, "0"), tone: "quiet" })),
      points: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map((label, day) => ({
        label,
        values: Array.from({ length: 24 }, (_, hour) => (hour < 7 || day > 4 ? 0 : wave(hour + day, 0.5))),
      })),
    },
    timeline: {
      kind: "timeline",
      title: "Changes by day",
      unit: "count",
      series: [
        { label: name, tone: "good" },
        { label: "rule_revoked", tone: "notice" },
      ],
      points: DAYS.map((label, index) => ({ label, values: [index % 5 === 0 ? index + 1 : 0, index === 6 ? 1 : 0] })),
    },
    percentiles: {
      kind: "percentiles",
      title: "Run time by tool",
      unit: "ms",
      series: ["p50", "p90", "p95", "p99"].map((label) => ({ label, tone: "quiet" })),
      points: [
        { label: name, values: rising(900) },
        { label: "Bash", values: rising(120) },
        { label: "Read", values: rising(4) },
      ],
    },
  };
}

export function chartReport(name?: string): Report {
  const small = smallReport();
  const { scorecard, highlights } = small.sections;
  if (scorecard === undefined || highlights === undefined) throw new Error("the small report lost a section");
  const figures = {
    calls: { ...scorecard.figures["calls"], value: 1000 } as Report["sections"][string]["figures"][string],
  };
  const charts = { ...scorecard, title: "Charts", figures, charts: everyChart(name), tables: {} };
  return { ...small, sections: { charts, highlights, scorecard } };
}
