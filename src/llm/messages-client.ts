/**
 * The Messages API, the one place that knows its SDK: a question becomes one request with a forced tool, and its answer
 * or error becomes a value. INVARIANT: nothing comes from the environment unasked; a repository can set it, and with
 * another server or other headers it would judge its own calls.
 */
import { Anthropic, APIConnectionError, APIError } from "@anthropic-ai/sdk";
import { type AskModel, type Question, type Reply, textReply } from "./ask-model.js";
import { boundedFetch, TooLarge } from "./bounded-fetch.js";
import { type Failure, failure } from "./failure.js";

export interface MessagesAccess {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly model: string;
  /** "" for none. */
  readonly proxy: string;
}

export function messagesClient({ apiKey, baseUrl, model, proxy }: MessagesAccess): AskModel {
  const client = new Anthropic({
    apiKey,
    baseURL: baseUrl,
    maxRetries: 0,
    fetch: boundedFetch(proxy),
    logLevel: "off",
    openTelemetry: false,
    webhookKey: null,
    defaultHeaders: withoutForeignHeaders(),
  });
  return async (question) => {
    try {
      return answerIn(await client.messages.create(bodyOf(question, model), { signal: question.signal }));
    } catch (error) {
      if (question.signal.aborted) throw error;
      return failureOf(error);
    }
  };
}

function bodyOf({ system, user, tool, maxTokens }: Question, model: string): Anthropic.MessageCreateParamsNonStreaming {
  return {
    model,
    max_tokens: maxTokens,
    system,
    messages: [{ role: "user", content: user }],
    tools: [{ name: tool.name, description: tool.description, input_schema: { ...tool.schema, type: "object" } }],
    tool_choice: { type: "tool", name: tool.name, disable_parallel_tool_use: true },
  };
}

/**
 * INVARIANT: exactly one call of the tool, whole. Servers that know no forced tools answer with text, which then has to
 * be one JSON object and nothing else.
 */
function answerIn(message: Anthropic.Message): Reply {
  if (!Array.isArray(message.content)) return failure("llm-malformed");
  if (message.stop_reason === "max_tokens") return failure("llm-malformed", "it was cut");
  if (message.stop_reason === "refusal") return failure("llm-malformed", "the model declined");
  const calls = message.content.filter((block) => block.type === "tool_use");
  const [call] = calls;
  if (call !== undefined) return calls.length > 1 ? failure("llm-malformed") : { kind: "reply", value: call.input };
  return textReply(message.content.map((block) => (block.type === "text" ? block.text : "")).join(""));
}

function failureOf(error: unknown): Failure {
  if (causes(error).some((cause) => cause instanceof TooLarge)) return failure("llm-too-large");
  if (error instanceof APIConnectionError) return failure("llm-unreachable");
  if (error instanceof APIError && typeof error.status === "number") return ofStatus(error.status);
  // What cannot be parsed as JSON comes as a plain error.
  return failure(error instanceof SyntaxError ? "llm-malformed" : "llm-internal");
}

function ofStatus(status: number): Failure {
  if (status === 429) return failure("llm-rate-limited");
  if (status === 529) return failure("llm-overloaded");
  return status >= 500 ? failure("llm-server-error") : failure("llm-refused", `status ${status}`);
}

function causes(error: unknown): readonly unknown[] {
  const found: unknown[] = [];
  for (let at = error; at instanceof Error && found.length < 5; at = at.cause) found.push(at);
  return found;
}

/** The SDK adds headers that a variable names; one given as `null` is left out. */
function withoutForeignHeaders(): Record<string, null> {
  const lines = (process.env["ANTHROPIC_CUSTOM_HEADERS"] ?? "").split("\n");
  const names = lines.map((line) => line.slice(0, Math.max(0, line.indexOf(":"))).trim()).filter((name) => name !== "");
  return Object.fromEntries(names.map((name) => [name, null]));
}
