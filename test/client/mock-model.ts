/**
 * A Messages API on loopback that plays a script, so that the real client can be driven without a model: it answers the
 * n-th request of a conversation with the n-th turn and remembers what the client told it. Bounded, and stops by itself.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { z } from "zod";

export interface Call {
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the model answers: a text, or calls that the client runs (several: in one message). */
export type Turn = string | readonly Call[];

export interface Script {
  readonly turns: readonly Turn[];
  /** Conversations of subagents, told by a text their first message holds. */
  readonly subagents?: Readonly<Record<string, readonly Turn[]>>;
}

export interface ToolResult {
  readonly text: string;
  readonly isError: boolean;
}

export interface MockModel {
  readonly url: string;
  /** What the model was told of each call, by the call's id. */
  readonly results: () => ReadonlyMap<string, ToolResult>;
  readonly stop: () => Promise<void>;
}

const Block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  tool_use_id: z.string().optional(),
  is_error: z.boolean().optional(),
  content: z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]).optional(),
});
const MessagesRequest = z.looseObject({
  stream: z.boolean().optional(),
  tools: z.array(z.looseObject({ name: z.string().optional() })).optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(Block)]) })),
});
type MessagesRequest = z.infer<typeof MessagesRequest>;

/** More than any script needs: a client that goes round in circles is stopped. */
const MAX_REQUESTS = 60;
const MAX_BODY = 8 << 20;

export async function startMockModel(script: Script): Promise<MockModel> {
  const results = new Map<string, ToolResult>();
  let requests = 0;
  const server = createServer((request, response) => {
    readBody(request).then(
      (body) => {
        const parsed = MessagesRequest.safeParse(body);
        if (request.method !== "POST" || !request.url?.startsWith("/v1/messages?") || !parsed.success) {
          response.writeHead(404).end("{}");
        } else if (++requests > MAX_REQUESTS) {
          response.writeHead(400).end("{}");
        } else {
          rememberResults(parsed.data, results);
          answer(response, turnFor(parsed.data, script), parsed.data.stream === true);
        }
      },
      () => response.writeHead(400).end("{}"),
    );
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the mock model has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    results: () => results,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error("too large");
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

/** Requests without tools are the client's own questions (titles, classifiers), which are no part of the script. */
function turnFor({ tools = [], messages }: MessagesRequest, { turns, subagents = {} }: Script): Turn {
  if (tools.length < 2) return "ok";
  const first = JSON.stringify(messages[0]?.content ?? "");
  const own = Object.entries(subagents).find(([mark]) => first.includes(mark))?.[1] ?? turns;
  const spoken = messages.filter(({ role }) => role === "assistant").length;
  return own[spoken] ?? "Done.";
}

function rememberResults({ messages }: MessagesRequest, results: Map<string, ToolResult>): void {
  for (const { content } of messages) {
    if (typeof content === "string") continue;
    for (const { type, tool_use_id: id, is_error: isError = false, content: told = "" } of content) {
      if (type !== "tool_result" || id === undefined) continue;
      const text = typeof told === "string" ? told : told.map((part) => part.text ?? "").join("\n");
      results.set(id, { text, isError });
    }
  }
}

function answer(response: ServerResponse, turn: Turn, isStream: boolean): void {
  const isText = typeof turn === "string";
  const content = isText
    ? [{ type: "text", text: turn }]
    : turn.map(({ id, name, input }) => ({ type: "tool_use", id, name, input }));
  const stopReason = isText ? "end_turn" : "tool_use";
  const usage = { input_tokens: 10, output_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  // The client takes messages of one id for one message.
  const message = {
    id: `msg_${randomUUID()}`,
    type: "message",
    role: "assistant",
    model: "claude-mock",
    stop_sequence: null,
    usage,
  };
  if (!isStream) {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ ...message, content, stop_reason: stopReason }));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (data: { type: string }) => response.write(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
  const step = <T extends object>(type: string, fields: T) => send({ type, ...fields });
  step("message_start", { message: { ...message, content: [], stop_reason: null } });
  for (const [index, block] of content.entries()) {
    const isSpoken = block.type === "text";
    step("content_block_start", { index, content_block: isSpoken ? { ...block, text: "" } : { ...block, input: {} } });
    const delta =
      "text" in block
        ? { type: "text_delta", text: block.text }
        : { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
    step("content_block_delta", { index, delta });
    step("content_block_stop", { index });
  }
  step("message_delta", { delta: { stop_reason: stopReason, stop_sequence: null }, usage });
  step("message_stop", {});
  response.end();
}
