/** Text a model wrote, at the door: one field of bounded Markdown. What of Markdown is let in is the reader's business. */
import * as z from "zod";
import { askInTime } from "./ask-in-time.js";
import type { AskModel } from "./ask-model.js";
import { type Failure, failure } from "./failure.js";

/** A page; what is asked for is a quarter of it. */
const MAX_CHARS = 6_000;
const MAX_TOKENS = 2_048;

const schema = z.object({ markdown: z.string().trim().min(1).max(MAX_CHARS) });

const { $schema: _, ...JSON_SCHEMA } = z.toJSONSchema(schema, { io: "input", target: "draft-7" });

export const PROSE_TOOL = {
  name: "write_text",
  description: "Hands over the text. Call it exactly once.",
  schema: JSON_SCHEMA,
} as const;

export interface ProsePrompt {
  readonly system: string;
  readonly user: string;
}

export type Prose = { readonly kind: "prose"; readonly markdown: string } | Failure;

/** Never rejects. @param deadlineMs milliseconds for everything */
export async function askProse(ask: AskModel, prompt: ProsePrompt, deadlineMs: number): Promise<Prose> {
  const reply = await askInTime(ask, { ...prompt, tool: PROSE_TOOL, maxTokens: MAX_TOKENS }, deadlineMs);
  if (reply.kind === "failure") return reply;
  const parsed = schema.safeParse(reply.value);
  return parsed.success ? { kind: "prose", markdown: parsed.data.markdown } : failure("llm-malformed");
}
