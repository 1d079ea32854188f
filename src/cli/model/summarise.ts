/**
 * `--summary` and `--show-prompt`: a report put into words by the model of the settings, kept by what it was written from. The
 * report never waits for more than the deadline and never fails for it: without a summary it says why there is none.
 */

import { redactReport } from "../../analyze/report/redact-report.js";
import type { Report, Summary } from "../../analyze/report/report.schema.js";
import { numbersIn } from "../../analyze/report/summary/known-numbers.js";
import { summaryFacts, summaryKey } from "../../analyze/report/summary/summary-facts.js";
import { localTimestamp } from "../../analyze/zone.js";
import { askProse, PROSE_TOOL, type ProsePrompt } from "../../llm/prose.schema.js";
import { buildSummaryPrompt, SUMMARY_PROMPT_VERSION } from "../../llm/summary-prompt.js";
import { type KeptSummary, keepSummary, readSummary } from "../../store/summary-cache.js";
import type { Invocation } from "../command.js";
import type { ExitCode } from "../exit.js";
import { identityOf } from "../identity.js";
import { locationsOf } from "../where.js";
import { zoneFor } from "../window.js";
import { type ModelHere, modelHere, ownPatterns, PROSE_DEADLINE_MS } from "./model-here.js";
import { showPrompt } from "./show-prompt.js";

/** The report with its summary, when one was asked for; with --show-prompt the exit code, and nothing is asked. */
export async function summarise(
  invocation: Invocation,
  report: Report,
): Promise<{ readonly report: Report } | { readonly exit: ExitCode }> {
  const { flags } = invocation;
  if (!flags.on("summary") && !flags.on("showPrompt")) return { report };
  const here = modelHere(invocation);
  const facts = factsOf(invocation, here, report);
  const prompt = buildSummaryPrompt(facts);
  if (flags.on("showPrompt")) return { exit: showPrompt(invocation, here, { ...prompt, tool: PROSE_TOOL }) };
  return { report: { ...report, summary: await summaryOf(invocation, here, facts, prompt, report) } };
}

/** Aggregates and examples, without names of people and machines and without secrets. */
function factsOf({ io }: Invocation, { settings }: ModelHere, report: Report): string {
  return summaryFacts(redactReport(report, identityOf(io), ownPatterns(settings)));
}

async function summaryOf(
  invocation: Invocation,
  here: ModelHere,
  facts: string,
  prompt: ProsePrompt,
  { completeness }: Report,
): Promise<Summary> {
  if (completeness.records === 0) return { kind: "missing", why: "the report holds no record" };
  const { model, settings } = here;
  const { cache } = locationsOf(invocation);
  const key = summaryKey(facts, model, SUMMARY_PROMPT_VERSION);
  const kept = readSummary(cache, key) ?? (await write(invocation, here, prompt));
  if ("why" in kept) return { kind: "missing", why: kept.why };
  if (!invocation.flags.on("readOnly")) keepSummary(cache, key, kept);
  // Loaded only now: no other report reads Markdown.
  const { readMarkdown } = await import("../../analyze/report/summary/read-markdown.js");
  const blocks = readMarkdown(kept.markdown, numbersIn(facts));
  const runs = blocks.flatMap(({ entries }) => entries.flat());
  return {
    kind: "written",
    model,
    written_at: localTimestamp(kept.writtenMs, zoneFor(invocation, settings.report.timezone)),
    blocks: [...blocks],
    unknown_numbers: runs.filter(({ unknown }) => unknown === true).length,
  };
}

async function write(
  { io, quiet }: Invocation,
  { open, model }: ModelHere,
  prompt: ProsePrompt,
): Promise<KeptSummary | { readonly why: string }> {
  const opened = await open();
  if (opened.kind === "failure") return { why: `${opened.code}: ${opened.message}` };
  if (!quiet && io.stderr.isTTY) io.stderr.write(`asking ${model} for a summary ...\n`);
  const prose = await askProse(opened.ask, prompt, PROSE_DEADLINE_MS);
  if (prose.kind === "failure") return { why: `${prose.code}: ${prose.message}` };
  return { markdown: prose.markdown, writtenMs: io.now() };
}
