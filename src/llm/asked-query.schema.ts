/** A model's answer to "which query?", at the door. Whether it is one of ours is the query parser's business. */
import * as z from "zod";
import { askInTime } from "./ask-in-time.js";
import type { AskModel } from "./ask-model.js";
import { type Failure, failure } from "./failure.js";
import type { ProsePrompt } from "./prose.schema.js";

const MAX_TOKENS = 1_024;

const schema = z.object({
  query: z.record(z.string(), z.unknown()).nullish(),
  why_not: z.string().trim().max(2_000).nullish(),
});

export type AskedQuery =
  | { readonly kind: "query"; readonly query: Readonly<Record<string, unknown>> }
  /** The model says that no query answers it. */
  | { readonly kind: "none"; readonly why: string }
  | Failure;

/** @param querySchema JSON Schema of an object with `query` and `why_not` */
export function queryTool(querySchema: Readonly<Record<string, unknown>>) {
  return { name: "run_query", description: "Runs the query. Call it exactly once.", schema: querySchema };
}

/** Never rejects. @param deadlineMs milliseconds for everything */
export async function askQuery(
  ask: AskModel,
  prompt: ProsePrompt,
  tool: ReturnType<typeof queryTool>,
  deadlineMs: number,
): Promise<AskedQuery> {
  const reply = await askInTime(ask, { ...prompt, tool, maxTokens: MAX_TOKENS }, deadlineMs);
  if (reply.kind === "failure") return reply;
  const parsed = schema.safeParse(reply.value);
  if (!parsed.success) return failure("llm-malformed");
  const { query, why_not } = parsed.data;
  return query ? { kind: "query", query } : { kind: "none", why: why_not || "no query answers this question" };
}
