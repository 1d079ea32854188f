/**
 * reports/example is what the command line makes of the sample week. `npx vitest run test/report/example.test.ts --update`
 * writes it anew after a change; `node scripts/picture.mjs` takes the README's picture of it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redactReport } from "../../src/analyze/report/redact-report.js";
import { renderHtml } from "../../src/analyze/report/render/html.js";
import { renderMail } from "../../src/analyze/report/render/mail.js";
import { renderMarkdown } from "../../src/analyze/report/render/markdown.js";
import { readTemplates } from "../../src/analyze/report/render/templates.js";
import { type Report, reportSchema } from "../../src/analyze/report/report.schema.js";
import type { Io } from "../../src/cli/io.js";
import { runCli } from "../../src/cli/program.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "claude-permit-example-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The Monday after the sample week, on nobody's machine. */
function io(written: string[]): Io {
  const stream = { write: (text: string) => void written.push(text), isTTY: false, columns: 120 };
  return {
    env: {},
    cwd: ROOT,
    osHome: folder,
    now: () => Date.parse("2026-02-02T08:00:00.000Z"),
    stdin: process.stdin,
    stdout: stream,
    stderr: stream,
  };
}

const identity = { homes: [ROOT.replace(/\/$/, "")], users: [], hosts: [] };
const templates = readTemplates();
let shared: Report;

beforeAll(async () => {
  const written: string[] = [];
  const log = ["--audit", "fixtures/sample/audit.jsonl", "--config", "policies/starter.toml", "--home", folder];
  expect(await runCli(["analyze", ...log, "--tz", "UTC", "--format", "json"], io(written))).toBe(0);
  shared = redactReport(reportSchema.parse(JSON.parse(written.join(""))), identity);
}, 60_000);

describe("reports/example", () => {
  it.each<[string, () => string]>([
    ["report.html", () => renderHtml(shared, templates)],
    ["report.md", () => renderMarkdown(shared)],
    ["report.eml", () => renderMail(shared, templates)],
  ])("%s is what the sample week gives today", async (name, render) => {
    const text = render();
    expect(text).not.toContain(ROOT);
    await expect(text).toMatchFileSnapshot(join(ROOT, "reports", "example", name));
  });
});
