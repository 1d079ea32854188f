/** One query or a batch -> one answer, timed; whatever goes wrong comes out as a coded error and not as an exception. */
import { nameHint } from "../../core/policy/suggest-name.js";
import { isTable } from "../../core/policy/toml.js";
import { MAX_BATCH, type Query } from "./query.schema.js";
import { type QueryError, QueryFault } from "./query-fault.js";
import { answerQuery } from "./registry.js";
import type { QueryWorld } from "./world.js";

export type QueryAnswer =
  | { readonly query_time_ms: number; readonly result: unknown }
  | { readonly query_time_ms: number; readonly result_count: number; readonly results: readonly unknown[] }
  | { readonly query_time_ms: number; readonly error: QueryError };

/** `text`: a JSON object, one query or `{"queries": […]}`. */
export async function runQuery(text: string, world: QueryWorld): Promise<QueryAnswer> {
  // Before the clock starts: loading what reads every query is no part of any answer.
  const { parseQuery, parseQueryText } = await import("./parse-query.js");
  const start = world.elapsed();
  return timed(start, world, async () => {
    const value = parseQueryText(text);
    const answerOne = (query: unknown) => answered(parseQuery(query), world);
    if (!isTable(value) || !Object.hasOwn(value, "queries")) return answerOne(value);
    const answers: QueryAnswer[] = [];
    for (const query of batchOf(value)) {
      answers.push(await timed(world.elapsed(), world, () => answerOne(query)));
    }
    return { result_count: answers.length, results: answers };
  });
}

/** An answer is an error when it, or one of its batch, is. */
export function hasFailed(answer: QueryAnswer): boolean {
  if ("error" in answer) return true;
  return "results" in answer && answer.results.some((one) => isTable(one) && "error" in one && "query_time_ms" in one);
}

async function answered(query: Query, world: QueryWorld) {
  const answer = await answerQuery(query, world);
  return "results" in answer ? { result_count: answer.results.length, ...answer } : answer;
}

function batchOf(value: Readonly<Record<string, unknown>>): readonly unknown[] {
  const { queries, ...rest } = value;
  const [stray] = Object.keys(rest);
  if (stray !== undefined) {
    const hint = nameHint(stray, ["queries"]);
    throw new QueryFault("invalid_query", `a batch has no key \`${stray.slice(0, 100)}\``, { path: stray, hint });
  }
  if (!Array.isArray(queries) || queries.length === 0 || queries.length > MAX_BATCH) {
    throw new QueryFault("invalid_query", `\`queries\` must be a list of 1 to ${MAX_BATCH} queries`, {
      path: "queries",
    });
  }
  return queries;
}

async function timed(
  start: number,
  world: QueryWorld,
  answer: () => Promise<
    { readonly result: unknown } | { readonly result_count: number; readonly results: readonly unknown[] }
  >,
): Promise<QueryAnswer> {
  const ms = () => Math.round((world.elapsed() - start) * 100) / 100;
  try {
    const found = await answer();
    return { query_time_ms: ms(), ...found };
  } catch (error) {
    const fault = error instanceof QueryFault ? error : new QueryFault("internal_error", messageOf(error));
    return { query_time_ms: ms(), error: fault.value };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
