// What the report costs beside the scan it rides on: CPU ratios taken in one run, on a generated log.
// `node bench/report.mjs [MEGABYTES] [ROUNDS]`. Needs the built package (dist/).

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { foldRecords } from "../dist/analyze/cubes/fold.js";
import { buildReport } from "../dist/analyze/report/build.js";
import { renderHtml } from "../dist/analyze/report/render/html.js";
import { renderJson } from "../dist/analyze/report/render/json.js";
import { renderMarkdown } from "../dist/analyze/report/render/markdown.js";
import { readTemplates } from "../dist/analyze/report/render/templates.js";
import { renderTerm } from "../dist/analyze/report/render/term.js";
import { openScan } from "../dist/analyze/scan/open-scan.js";
import { UTC } from "../dist/analyze/zone.js";

const STEPS = {
  /** Every record decoded, nothing counted. */
  scan(records) {
    let count = 0;
    for (const _ of records) count++;
    return count;
  },
  cubes: (records) => fold(records).quality.lines,
  /** Cubes, every section, all four formats. */
  report(records) {
    const files = ["audit.jsonl"];
    const report = buildReport(fold(records), { generatedAt: Date.now(), engineVersion: "bench", zone: UTC, files });
    const text = renderTerm(report, { width: 120, color: false }) + renderMarkdown(report) + renderJson(report);
    return text.length + renderHtml(report, readTemplates()).length;
  },
};

function fold(records) {
  return foldRecords(records, { window: {}, zone: UTC, now: Date.now() });
}

const [mode, file] = process.argv.slice(2);
if (mode in STEPS) {
  const opened = await openScan([file]);
  if (opened.kind === "failed") throw new Error(opened.message);
  STEPS[mode](opened.scan.backward({}, { isLazy: true }));
  opened.scan.close();
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.log(JSON.stringify({ ms: (userCPUTime + systemCPUTime) / 1000, mb: maxRSS / 1024 }));
} else {
  const { generateLog } = await import("./generate-log.mjs");
  const folder = mkdtempSync(join(tmpdir(), "bench-report-"));
  const log = join(folder, "audit.jsonl");
  const { bytes, lines } = generateLog(log, { bytes: Number(process.argv[2] ?? 100) * 1_000_000 });
  const runs = Object.fromEntries(Object.keys(STEPS).map((name) => [name, []]));
  for (let round = 0; round < Number(process.argv[3] ?? 3); round++) {
    for (const [name, taken] of Object.entries(runs)) {
      const { stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name, log], {
        encoding: "utf8",
      });
      if (stdout === "") throw new Error(stderr);
      taken.push(JSON.parse(stdout));
    }
  }
  rmSync(folder, { recursive: true });
  const best = (taken) => Math.min(...taken.map(({ ms }) => ms));
  console.log(`${lines} lines, ${Math.round(bytes / 1e6)} MB; CPU of whole processes, best of ${runs.scan.length}`);
  for (const [name, taken] of Object.entries(runs)) {
    const ratio = (best(taken) / best(runs.scan)).toFixed(2);
    const peak = Math.round(Math.max(...taken.map(({ mb }) => mb)));
    console.log(`${name.padEnd(8)}${best(taken).toFixed(0).padStart(7)} ms  ${ratio} x scan  ${peak} MB`);
  }
}
