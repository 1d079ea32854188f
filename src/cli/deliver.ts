/** How a command hands over a Report: rendered as asked, to standard output or a private file, and judged by --fail-on. */
import { realpathSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { crossedConditions, type FailCondition, parseFailOn } from "../analyze/report/fail-on.js";
import { redactReport } from "../analyze/report/redact-report.js";
import { renderHtml } from "../analyze/report/render/html.js";
import { renderJson } from "../analyze/report/render/json.js";
import { renderMail, renderMailHtml } from "../analyze/report/render/mail.js";
import { renderMarkdown } from "../analyze/report/render/markdown.js";
import { readTemplates } from "../analyze/report/render/templates.js";
import { renderTerm } from "../analyze/report/render/term.js";
import type { Report } from "../analyze/report/report.schema.js";
import { type WriteFault, writeAtomic, writeFault } from "../store/write-atomic.js";
import type { Invocation } from "./command.js";
import { CliError, EXIT, type ExitCode } from "./exit.js";
import { identityOf } from "./identity.js";
import { openInViewer } from "./open-in-viewer.js";
import { refuseReadOnly } from "./refuse.js";
import { locationsOf } from "./where.js";

const FORMATS = ["term", "md", "html", "json", "email"] as const;
/** Forms made to be passed on: what names people and machines is taken out, unless --no-redact. */
const SHARED: ReadonlySet<Format> = new Set(["md", "html", "email"]);
type Format = (typeof FORMATS)[number];

export interface Delivery {
  readonly format: Format;
  /** What names people and machines is taken out. */
  readonly isRedacted: boolean;
  readonly conditions: readonly FailCondition[];
}

/** What --format, --json and --fail-on ask for; a usage error before anything is read. */
export function deliveryOf({ flags, json }: Invocation): Delivery {
  const format = FORMATS.find((name) => name === flags.text("format")) ?? (json ? "json" : "term");
  const isRedacted = SHARED.has(format) && !flags.off("redact");
  return { format, isRedacted, conditions: failConditions(flags.text("failOn")) };
}

/** As it is handed over, unless a model is yet to write of it: what that says is redacted with all else. */
export function sharedReport(invocation: Invocation, report: Report, { isRedacted }: Delivery): Report {
  const { flags, io } = invocation;
  const isWhole = !flags.on("summary") && !flags.on("showPrompt");
  return isRedacted && isWhole ? redactReport(report, identityOf(io)) : report;
}

/**
 * @param stem of the file in the reports folder, when the format wants one and none was named.
 * @param shown what of it people are shown; programs and --fail-on see all of it.
 */
export function deliver(
  invocation: Invocation,
  report: Report,
  { format, isRedacted, conditions }: Delivery,
  stem: string,
  shown: (report: Report) => Report = (whole) => whole,
): ExitCode {
  const { io, flags, quiet } = invocation;
  const file = targetOf(invocation, format, stem);
  const whole = format === "json" ? report : shown(report);
  const handedOver = isRedacted && whole.redacted === undefined ? redactReport(whole, identityOf(io)) : whole;
  const text = renderAs(invocation, handedOver, format, file);
  if (file === null) io.stdout.write(text);
  else {
    refuseReadOnly(invocation, "a report file");
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

/** @param file it goes to, `null` = standard output. A mail for a file named as HTML is its HTML part alone. */
function renderAs({ io, color }: Invocation, report: Report, format: Format, file: string | null): string {
  switch (format) {
    case "term":
      return renderTerm(report, { width: io.stdout.columns, color: color && file === null });
    case "md":
      return renderMarkdown(report);
    case "html":
      return renderHtml(report, readTemplates());
    case "json":
      return renderJson(report);
    case "email":
      return /\.html?$/i.test(file ?? "")
        ? renderMailHtml(report, readTemplates())
        : renderMail(report, readTemplates());
    default:
      return format satisfies never;
  }
}

/** Where it goes: `-o`, for page and mail a file in the reports folder, else standard output (`null`). */
function targetOf(invocation: Invocation, format: Format, stem: string): string | null {
  const { io, flags } = invocation;
  const given = flags.text("output");
  if (given !== undefined && given !== "-") return resolve(io.cwd, given);
  if ((format !== "html" && format !== "email") || given === "-") return null;
  const day = new Date(io.now()).toISOString().slice(0, 10);
  return join(locationsOf(invocation).reports, `${stem}-${day}.${format === "html" ? "html" : "eml"}`);
}

/** A new file is its owner's alone; one that is there keeps its mode, and its text until the new one is whole. */
function writeReport(file: string, text: string): void {
  const fault = replaceFile(file, text);
  if (fault !== null) throw new CliError("cannot_write", `cannot write \`${file}\`: ${fault.message}`);
}

function replaceFile(file: string, text: string): WriteFault | null {
  try {
    const old = statSync(file, { throwIfNoEntry: false });
    if (old === undefined) return writeAtomic(file, text);
    if (old.isFile()) return writeAtomic(realpathSync(file), text, false, old.mode & 0o777);
    // A device or a pipe takes what is written and cannot be replaced.
    writeFileSync(file, text);
    return null;
  } catch (error) {
    return writeFault(file, error);
  }
}
