/** `analyze`: the report, to the terminal or as Markdown, HTML or JSON. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { crossedConditions, type FailCondition, parseFailOn } from "../../analyze/report/fail-on.js";
import { renderHtml } from "../../analyze/report/render/html.js";
import { renderJson } from "../../analyze/report/render/json.js";
import { renderMarkdown } from "../../analyze/report/render/markdown.js";
import { readTemplates } from "../../analyze/report/render/templates.js";
import { renderTerm } from "../../analyze/report/render/term.js";
import type { Report } from "../../analyze/report/report.schema.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { openInViewer } from "../open-in-viewer.js";
import { reportFor } from "../report-for.js";
import { locationsOf } from "../where.js";

const FORMATS = ["term", "md", "html", "json"] as const;
type Format = (typeof FORMATS)[number];

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, flags, json, quiet } = invocation;
  const format = FORMATS.find((name) => name === flags.text("format")) ?? (json ? "json" : "term");
  const conditions = failConditions(flags.text("failOn"));
  const sections = flags.list("section").flatMap((name) => name.split(","));
  const { report } = await reportFor(invocation, { sections });
  const file = targetOf(invocation, format);
  const text = render(report, format, invocation, file === null);
  if (file === null) io.stdout.write(text);
  else {
    writeReport(file, text);
    if (!quiet) io.stdout.write(`${file}\n`);
    if (flags.on("open")) openInViewer(io, file);
  }
  const crossed = crossedConditions(report, conditions);
  for (const { text: condition } of crossed) io.stderr.write(`claude-permit: --fail-on: ${condition} holds\n`);
  return crossed.length > 0 ? EXIT.finding : EXIT.fine;
}

function failConditions(text: string | undefined): readonly FailCondition[] {
  if (text === undefined) return [];
  const parsed = parseFailOn(text);
  if (parsed.kind === "conditions") return parsed.conditions;
  throw new CliError("bad_usage", `--fail-on: ${parsed.message}`, parsed.hint);
}

function render(report: Report, format: Format, { io, color }: Invocation, isShown: boolean): string {
  switch (format) {
    case "term":
      return renderTerm(report, { width: io.stdout.columns, color: color && isShown });
    case "md":
      return renderMarkdown(report);
    case "html":
      return renderHtml(report, readTemplates());
    case "json":
      return renderJson(report);
    default:
      return format satisfies never;
  }
}

/** Where it goes: `-o`, for HTML a file in the reports folder, else standard output (`null`). */
function targetOf(invocation: Invocation, format: Format): string | null {
  const { io, flags } = invocation;
  const given = flags.text("output");
  if (given !== undefined && given !== "-") return resolve(io.cwd, given);
  if (format !== "html" || given === "-") return null;
  const day = new Date(io.now()).toISOString().slice(0, 10);
  return join(locationsOf(invocation).reports, `report-${day}.html`);
}

function writeReport(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
    chmodSync(file, 0o600);
  } catch (error) {
    throw new CliError(
      "cannot_write",
      `cannot write \`${file}\`: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
