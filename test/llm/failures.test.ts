/** Everything a server can do instead of answering becomes one coded failure, in time and without a second request. */
import { describe, expect, it } from "vitest";
import { mockMessages, type Turn, verdict } from "./mock-messages-server.js";
import { assessWith, requestOf, settingsFor } from "./world.js";

const GREEN = { score: "GREEN", confidence: 0.9, reasoning: "fine" };
const status = (code: number, body = '{"type":"error","error":{"type":"x","message":"m"}}'): Turn => ({
  kind: "raw",
  status: code,
  body,
});
const answer = (input: unknown): Turn => ({ kind: "tool", input });

describe("a server that", () => {
  it.each<readonly [string, Turn, string]>([
    ["never answers", { kind: "stall" }, "llm-timeout"],
    ["stops in the middle", { kind: "stall", afterHeaders: true }, "llm-timeout"],
    ["hangs up", { kind: "drop" }, "llm-unreachable"],
    ["hangs up in the middle", { kind: "drop", afterHeaders: true }, "llm-unreachable"],
    ["redirects", { kind: "redirect", to: "http://127.0.0.1:9/" }, "llm-unreachable"],
    ["limits the rate", status(429), "llm-rate-limited"],
    ["is overloaded", status(529), "llm-overloaded"],
    ["fails", status(500), "llm-server-error"],
    ["fails in HTML", { kind: "raw", status: 502, body: "<html>", type: "text/html" }, "llm-server-error"],
    ["does not know the key", status(401), "llm-refused"],
    ["does not know the model", status(404), "llm-refused"],
    ["sends half a JSON", status(200, '{"content":['), "llm-malformed"],
    ["sends nothing", status(200, ""), "llm-malformed"],
    ["sends another object", status(200, "{}"), "llm-malformed"],
    ["sends an array", status(200, "[]"), "llm-malformed"],
    ["sends HTML", { kind: "raw", status: 200, body: "<html>", type: "text/html" }, "llm-malformed"],
    ["streams unasked", { kind: "stream", input: GREEN }, "llm-malformed"],
    ["never ends", { kind: "flood" }, "llm-too-large"],
    ["talks", { kind: "text", text: "GREEN, surely." }, "llm-malformed"],
    ["talks around a verdict", { kind: "text", text: `Verdict: ${JSON.stringify(GREEN)}` }, "llm-malformed"],
    ["calls the tool twice", { kind: "tool", input: GREEN, calls: 2 }, "llm-malformed"],
    ["is cut at its limit of tokens", { kind: "tool", input: GREEN, stopReason: "max_tokens" }, "llm-malformed"],
    ["declines", { kind: "tool", input: GREEN, stopReason: "refusal" }, "llm-malformed"],
    ["gives no score", answer({ confidence: 1, reasoning: "r" }), "llm-malformed"],
    ["gives another score", answer({ ...GREEN, score: "green" }), "llm-malformed"],
    ["is surer than sure", answer({ ...GREEN, confidence: 1.1 }), "llm-malformed"],
    ["writes its confidence", answer({ ...GREEN, confidence: "high" }), "llm-malformed"],
    ["gives no reason", answer({ ...GREEN, reasoning: "  " }), "llm-malformed"],
    ["gives a list for a verdict", answer([GREEN]), "llm-malformed"],
    ["gives alternatives of another shape", answer({ ...GREEN, suggested_alternatives: ["ls"] }), "llm-malformed"],
  ])("%s", async (_, turn, code) => {
    const server = await mockMessages(turn);
    const found = await assessWith(settingsFor(server.url), requestOf({ command: "ls" }), { deadlineMs: 1_500 });
    expect(found).toMatchObject({ kind: "failure", code, model: "claude-haiku-4-5" });
    expect(server.requests.length).toBe(1);
  });

  it("is not there", async () => {
    const found = await assessWith(settingsFor("http://127.0.0.1:9"), requestOf({ command: "ls" }));
    expect(found).toMatchObject({ kind: "failure", code: "llm-unreachable" });
  });
});

describe("an answer", () => {
  it("may come as text that is one JSON object, from servers without forced tools", async () => {
    const server = await mockMessages({ kind: "text", text: JSON.stringify(GREEN) });
    const found = await assessWith(settingsFor(server.url), requestOf({ command: "ls" }));
    expect(found).toMatchObject({ kind: "verdict", verdict: GREEN, isCut: false });
  });

  it("keeps three alternatives and a bounded reasoning", async () => {
    const one = { tool_input: { command: "ls" }, rationale: "r" };
    const long = verdict("YELLOW", {
      reasoning: "x".repeat(100_000),
      suggested_rule: null,
      suggested_alternatives: [one, one, one, one],
    });
    const server = await mockMessages(long);
    const found = await assessWith(settingsFor(server.url), requestOf({ command: "ls" }));
    expect(found).toMatchObject({ kind: "verdict", verdict: { reasoning: "x".repeat(2_000) } });
    expect(found.kind === "verdict" && found.verdict.suggestedAlternatives?.length).toBe(3);
  });
});

describe("what is asked", () => {
  it("forces one tool of one model, with the key in its header and nothing of the environment", async () => {
    const server = await mockMessages(verdict("GREEN"));
    process.env["ANTHROPIC_CUSTOM_HEADERS"] = "x-of-the-repository: 1";
    try {
      await assessWith(settingsFor(server.url, { model: "m-1" }), requestOf({ command: "ls" }));
    } finally {
      delete process.env["ANTHROPIC_CUSTOM_HEADERS"];
    }
    const [asked] = server.requests;
    expect(asked).toMatchObject({
      method: "POST",
      url: "/v1/messages",
      body: {
        model: "m-1",
        tool_choice: { type: "tool", name: "report_verdict" },
        tools: [{ name: "report_verdict" }],
      },
    });
    expect(asked?.headers.authorization).toBe("Bearer sk-ant-mock-key");
    expect(Object.keys(asked?.headers ?? {})).not.toContain("x-of-the-repository");
  });
});
