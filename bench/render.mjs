// Size and time of every rendering of one report, by records in the log: `node bench/render.mjs [RECORDS…]` (default 1,000
// and 100,000; 1,000,000 takes a minute). The report is built once for each log; each rendering is the best of three.
// Needs the built package (dist/).
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { foldRecords } from "../dist/analyze/cubes/fold.js";
import { buildReport } from "../dist/analyze/report/build.js";
import { redactReport } from "../dist/analyze/report/redact-report.js";
import { renderHtml } from "../dist/analyze/report/render/html.js";
import { renderJson } from "../dist/analyze/report/render/json.js";
import { renderMail } from "../dist/analyze/report/render/mail.js";
import { renderMarkdown } from "../dist/analyze/report/render/markdown.js";
import { readTemplates } from "../dist/analyze/report/render/templates.js";
import { renderTerm } from "../dist/analyze/report/render/term.js";
import { openScan } from "../dist/analyze/scan/open-scan.js";
import { UTC } from "../dist/analyze/zone.js";
import { generateLog } from "./generate-log.mjs";

/** Bytes of a generated record, so that a number of records can be asked for. */
const RECORD = 845;
const ROUNDS = 3;
const identity = { homes: ["/home/dev"], users: ["dev"], hosts: ["localhost"] };

const counts = process.argv.slice(2).map(Number);
const templates = readTemplates();
const folder = mkdtempSync(join(tmpdir(), "bench-render-"));
try {
  for (const records of counts.length === 0 ? [1000, 100_000] : counts) {
    const file = join(folder, "audit.jsonl");
    const { lines } = generateLog(file, { bytes: records * RECORD });
    const { report, ms } = await reportOf(file);
    console.log(`\n${lines.toLocaleString("en")} records; read and built in ${ms} ms`);
    const renderings = {
      redact: () => JSON.stringify(redactReport(report, identity)),
      html: () => renderHtml(report, templates),
      md: () => renderMarkdown(report),
      email: () => renderMail(report, templates),
      term: () => renderTerm(report, { width: 120, color: false }),
      json: () => renderJson(report),
    };
    for (const [name, render] of Object.entries(renderings)) {
      const taken = Array.from({ length: ROUNDS }, () => timed(render));
      const best = Math.min(...taken.map((one) => one.ms));
      const kilobytes = Math.ceil(Buffer.byteLength(taken[0].value) / 1000);
      console.log(`${name.padEnd(8)}${String(kilobytes).padStart(6)} KB${best.toFixed(0).padStart(6)} ms CPU`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function reportOf(file) {
  const opened = await openScan([file]);
  if (opened.kind === "failed") throw new Error(opened.message);
  const { value, ms } = timed(() => {
    const cubes = foldRecords(opened.scan.backward(), { window: {}, zone: UTC, now: Date.now() });
    return buildReport(cubes, { generatedAt: Date.now(), engineVersion: "bench", zone: UTC, files: ["audit.jsonl"] });
  });
  opened.scan.close();
  return { report: value, ms: Math.round(ms) };
}

/** CPU time of this process, which other work on the machine does not lengthen. */
function timed(work) {
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return { value, ms: (user + system) / 1000 };
}
