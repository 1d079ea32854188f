/**
 * `ask`: a question in plain words. A model turns it into one query, which is shown and run here; the same model words the
 * answer from the query's redacted result, and numbers that are not in it are marked. Nothing is asked twice.
 */
import { parseQuery } from "../../analyze/query/parse-query.js";
import { QueryFault } from "../../analyze/query/query-fault.js";
import { questionJsonSchema } from "../../analyze/query/question.schema.js";
import { hasFailed, type QueryAnswer, runQuery } from "../../analyze/query/run-query.js";
import { redactJson } from "../../analyze/report/redact-report.js";
import { shellWord } from "../../analyze/report/render/format.js";
import { proseLines } from "../../analyze/report/render/prose.js";
import type { ProseBlock } from "../../analyze/report/report.schema.js";
import { boundedJson } from "../../analyze/report/summary/bounded-json.js";
import { numbersIn } from "../../analyze/report/summary/known-numbers.js";
import { localTimestamp } from "../../analyze/zone.js";
import { redactText } from "../../core/audit/redact.js";
import type { AskModel } from "../../llm/ask-model.js";
import { askQuery, queryTool } from "../../llm/asked-query.schema.js";
import type { Failure } from "../../llm/failure.js";
import { askProse } from "../../llm/prose.schema.js";
import { buildAnswerPrompt, buildQueryPrompt } from "../../llm/question-prompts.js";
import type { Invocation } from "../command.js";
import { CliError, EXIT, type ExitCode } from "../exit.js";
import { identityOf } from "../identity.js";
import { type ModelHere, modelHere, ownPatterns, PROSE_DEADLINE_MS } from "../model/model-here.js";
import { showPrompt } from "../model/show-prompt.js";
import { safeText } from "../print.js";
import { queryWorld } from "../query-world.js";
import { zoneFor } from "../window.js";

/** About 8,000 tokens of a query's result are shown to the model. */
const RESULT_CHARS = 32_000;
const QUESTION_CHARS = 2_000;

export async function run(invocation: Invocation): Promise<ExitCode> {
  const { io, json, flags } = invocation;
  const asked = invocation.args.join(" ").trim();
  if (asked === "") throw new CliError("bad_usage", "no question", 'give one: ask "why was npm blocked yesterday?"');
  const here = modelHere(invocation);
  const extra = ownPatterns(here.settings);
  // Paths and names stay: the query looks for what was typed.
  const question = redactText(asked.slice(0, QUESTION_CHARS).toWellFormed(), "", extra).text;
  const tool = queryTool(questionJsonSchema());
  const prompt = buildQueryPrompt(question, momentOf(invocation, here));
  if (flags.on("showPrompt")) return showPrompt(invocation, here, { ...prompt, tool });

  const ask = await openedModel(here);
  const found = await askQuery(ask, prompt, tool, PROSE_DEADLINE_MS);
  if (found.kind === "failure") throw failed(found, "the question could not be put");
  if (found.kind === "none") throw new CliError("no_query", `no query answers this: ${safeText(found.why)}`);
  const query = checkedQuery(found.query);
  if (!json) io.stdout.write(`query: claude-permit query ${shellWord(safeText(query))}\n\n`);

  const answer = await answerTo(invocation, query);
  if (hasFailed(answer)) throw queryFailed(answer);
  const result = boundedJson(redactJson(answer, identityOf(io), extra), RESULT_CHARS);
  const worded = await askProse(ask, buildAnswerPrompt(question, query, result), PROSE_DEADLINE_MS);
  if (worded.kind === "failure") {
    io.stdout.write(
      json ? `${JSON.stringify({ question, query: JSON.parse(query), ...answer })}\n` : `${safeText(result)}\n`,
    );
    throw failed(worded, "the query's result stands above, the model did not word it");
  }
  const blocks = await blocksOf(worded.markdown, [question, query, result].join("\n"));
  const unknown = blocks.flatMap(({ entries }) => entries.flat()).filter((one) => one.unknown === true).length;
  if (json) {
    const told = {
      question,
      query: JSON.parse(query),
      ...answer,
      model: here.model,
      answer: blocks,
      unknown_numbers: unknown,
    };
    io.stdout.write(`${JSON.stringify(told)}\n`);
    return EXIT.fine;
  }
  for (const block of blocks) io.stdout.write(`${proseLines([block], io.stdout.columns).join("\n")}\n\n`);
  const doubt = unknown === 0 ? "" : "; numbers marked (?) do not stand in the result";
  io.stdout.write(`Worded by ${safeText(here.model)} from this query's result alone${doubt}.\n`);
  return EXIT.fine;
}

function momentOf(invocation: Invocation, { settings }: ModelHere) {
  const zone = zoneFor(invocation, settings.report.timezone);
  const now = localTimestamp(invocation.io.now(), zone);
  const weekday = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" }).format(
    new Date(`${now.slice(0, 10)}Z`),
  );
  return { now, weekday, zone: zone.name };
}

async function openedModel({ open }: ModelHere): Promise<AskModel> {
  const opened = await open();
  if (opened.kind === "failure") throw failed(opened, "the question could not be put");
  return opened.ask;
}

/** One of ours, as its JSON. */
function checkedQuery(query: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(query);
  try {
    parseQuery(query);
    return text;
  } catch (error) {
    if (!(error instanceof QueryFault)) throw error;
    const { message, path = "" } = error.value;
    const at = path === "" ? "" : ` at \`${path}\``;
    const said = `the model's query is not one of ours${at}: ${message}`;
    throw new CliError("invalid_query", safeText(said), `it was ${safeText(text.slice(0, 500))}; ask in other words`);
  }
}

async function answerTo(invocation: Invocation, query: string): Promise<QueryAnswer> {
  const world = queryWorld(invocation);
  try {
    return await runQuery(query, world);
  } finally {
    world.close();
  }
}

function queryFailed(answer: QueryAnswer): CliError {
  const { code, message, hint } = "error" in answer ? answer.error : { code: "internal_error", message: "it failed" };
  return new CliError(code, message, hint);
}

function failed({ code, message }: Failure, what: string): CliError {
  const hint =
    code === "llm-no-key" ? "or ask with a query: claude-permit query --help" : "see docs/llm.md for the code";
  return new CliError(code.replaceAll("-", "_"), `${what}: ${message}`, hint);
}

/** Loaded only now: nothing else reads Markdown. */
async function blocksOf(markdown: string, data: string): Promise<readonly ProseBlock[]> {
  const { readMarkdown } = await import("../../analyze/report/summary/read-markdown.js");
  return readMarkdown(markdown, numbersIn(data));
}
