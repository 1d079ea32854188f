/**
 * A Messages API on loopback that does what its script says, request by request: answers, stalls, streams, drops, fails,
 * talks nonsense. It keeps what it was sent, so that a test can look at what left the machine.
 */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";

/** What the server does with one request. */
export type Turn =
  /** A call of the forced tool with this input. */
  | { readonly kind: "tool"; readonly input: unknown; readonly calls?: number; readonly stopReason?: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "raw"; readonly status: number; readonly body: string; readonly type?: string }
  | { readonly kind: "redirect"; readonly to: string }
  /** Nothing is ever sent; `afterHeaders`: nothing after half an answer. */
  | { readonly kind: "stall"; readonly afterHeaders?: boolean }
  | { readonly kind: "stream"; readonly input: unknown }
  | { readonly kind: "drop"; readonly afterHeaders?: boolean }
  /** Text without end. */
  | { readonly kind: "flood" };

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly model?: string;
    readonly system?: string;
    readonly messages?: readonly { readonly role: string; readonly content: string }[];
    readonly tools?: readonly { readonly name: string }[];
    readonly tool_choice?: { readonly name?: string };
  };
}

export interface MockMessages {
  readonly url: string;
  readonly requests: readonly Seen[];
  readonly stop: () => Promise<void>;
}

export const verdict = (score: string, more: object = {}): Turn => ({
  kind: "tool",
  input: { score, confidence: 0.9, reasoning: `because it is ${score.toLowerCase()}`, ...more },
});

/** One turn for every request, turns in order (the last is repeated), or a turn for what was asked. */
export type Script = Turn | readonly Turn[] | ((asked: Seen) => Turn);

/** Stops with its test. */
export async function mockMessages(script: Script): Promise<MockMessages> {
  const server = await startMockMessages(script);
  onTestFinished(server.stop);
  return server;
}

export async function startMockMessages(script: Script): Promise<MockMessages> {
  const turnFor = (asked: Seen, count: number): Turn => {
    if (typeof script === "function") return script(asked);
    const turns: readonly Turn[] = "kind" in script ? [script] : script;
    return turns[Math.min(count, turns.length) - 1] ?? { kind: "raw", status: 500, body: "" };
  };
  const requests: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const seen = { method, url, headers, body: parsed(Buffer.concat(chunks).toString("utf8")) };
      requests.push(seen);
      play(turnFor(seen, requests.length), response, seen.body.tool_choice?.name ?? "none");
    });
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the mock has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function parsed(text: string): Seen["body"] {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function play(turn: Turn, response: ServerResponse, tool: string): void {
  switch (turn.kind) {
    case "tool": {
      const one = { type: "tool_use", name: tool, input: turn.input };
      const content = Array.from({ length: turn.calls ?? 1 }, (_, index) => ({ ...one, id: `toolu_${index}` }));
      json(response, 200, message(content, turn.stopReason ?? "tool_use"));
      return;
    }
    case "text":
      json(response, 200, message([{ type: "text", text: turn.text }], "end_turn"));
      return;
    case "raw":
      response.writeHead(turn.status, { "content-type": turn.type ?? "application/json" });
      response.end(turn.body);
      return;
    case "redirect":
      response.writeHead(307, { location: turn.to }).end();
      return;
    case "stall":
      if (turn.afterHeaders === true) half(response);
      return;
    case "drop":
      if (turn.afterHeaders === true) half(response);
      setTimeout(() => response.socket?.destroy(), 20);
      return;
    case "stream": {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const start = { type: "message_start", message: message([], "tool_use") };
      response.end(`event: message_start\ndata: ${JSON.stringify(start)}\n\n`);
      return;
    }
    case "flood": {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"content":[{"type":"text","text":"');
      const more = () => {
        while (!response.destroyed && response.write("a".repeat(65_536)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
      return;
    }
  }
}

function half(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
  response.write('{"id":"msg_1","type":"message","content":[');
}

function message(content: readonly object[], stopReason: string): object {
  const usage = { input_tokens: 10, output_tokens: 10 };
  const fixed = { id: "msg_1", type: "message", role: "assistant", model: "claude-mock", stop_sequence: null, usage };
  return { ...fixed, content, stop_reason: stopReason };
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
