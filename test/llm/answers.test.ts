/** Every verdict and failure, in every kind of session, under every `on_yellow`, through the built hook. */
import { describe, expect, it } from "vitest";
import { builtHook } from "../hook/bundle.js";
import { type Seen, type Turn, verdict } from "./mock-messages-server.js";
import { llmStage, type Session } from "./stage.js";

const hook = builtHook();

const MODES = ["offer", "ask", "suggest", "reroute"] as const;
const SESSIONS: readonly Session[] = ["interactive", "headless", "unattended"];
const SAFER = [{ tool_input: { command: "git push --force-with-lease" }, rationale: "keeps what others pushed" }];
const UNSAFE = [{ tool_input: { command: "git push --force origin" }, rationale: "no rule allows this" }];

/** permission told to Claude Code (- for silence) / decision / tier / mode of the reroute (- for none). */
type Row = Readonly<Record<Session, Readonly<Record<(typeof MODES)[number], string>>>>;

const same = (row: string) => ({ offer: row, ask: row, suggest: row, reroute: row });
const everywhere = (row: string): Row => ({ interactive: same(row), headless: same(row), unattended: same(row) });

const ROWS: readonly (readonly [string, Turn, Row])[] = [
  ["GREEN", verdict("GREEN"), everywhere("allow/allow/llm/-")],
  ["RED", verdict("RED", { suggested_alternatives: SAFER }), everywhere("deny/deny/llm/-")],
  [
    "YELLOW with an allowed alternative",
    verdict("YELLOW", { suggested_alternatives: SAFER }),
    {
      interactive: {
        offer: "ask/ask/llm/offer",
        ask: "ask/ask/llm/ask",
        suggest: "deny/deny/llm/suggest",
        reroute: "allow/rerouted/reroute/reroute",
      },
      headless: {
        offer: "deny/deny/llm/suggest",
        ask: "deny/deny/llm/suggest",
        suggest: "deny/deny/llm/suggest",
        reroute: "allow/rerouted/reroute/reroute",
      },
      unattended: {
        offer: "allow/rerouted/reroute/reroute",
        ask: "allow/rerouted/reroute/reroute",
        suggest: "deny/deny/llm/suggest",
        reroute: "allow/rerouted/reroute/reroute",
      },
    },
  ],
  [
    "YELLOW with an alternative that no rule allows",
    verdict("YELLOW", { suggested_alternatives: UNSAFE }),
    {
      interactive: {
        offer: "ask/ask/llm/-",
        ask: "ask/ask/llm/-",
        suggest: "deny/deny/llm/-",
        reroute: "deny/deny/llm/-",
      },
      headless: same("deny/deny/llm/-"),
      unattended: same("deny/deny/llm/-"),
    },
  ],
  [
    "a failure",
    { kind: "raw", status: 500, body: "{}" },
    {
      interactive: same("-/error_passthrough/error/-"),
      headless: same("-/error_passthrough/error/-"),
      unattended: same("deny/deny/error/-"),
    },
  ],
];

/** Which row a question is about stands in its command. */
const turnOf = ({ body }: Seen): Turn => {
  const row = ROWS.findIndex((_, index) => body.messages?.[0]?.content.includes(`force row-${index}`));
  return ROWS[row]?.[1] ?? { kind: "drop" };
};

describe.each(MODES)("on_yellow = %s", (mode) => {
  it("answers every verdict in every session", { timeout: 60_000 }, async () => {
    const stage = await llmStage(hook, turnOf, { settings: `on_yellow = "${mode}"` });
    for (const [index, [name, , row]] of ROWS.entries()) {
      for (const session of SESSIONS) {
        const { started, said, record } = await stage.ask(`git push --force row-${index}`, { session });
        expect(started).toMatchObject({ code: 0, stderr: "" });
        const reroute = record["reroute"] as { readonly mode: string } | undefined;
        const told = `${said["permissionDecision"] ?? "-"}/${record["decision"]}/${record["tier"]}/${reroute?.mode ?? "-"}`;
        expect(`${name}, ${session}: ${told}`).toBe(`${name}, ${session}: ${row[session][mode]}`);
      }
    }
  });
});

describe("on_error", () => {
  it.each([
    ["passthrough", { interactive: "error_passthrough", headless: "error_passthrough", unattended: "deny" }],
    ["ask", { interactive: "ask", headless: "deny", unattended: "deny" }],
    ["deny", { interactive: "deny", headless: "deny", unattended: "deny" }],
  ])("%s", async (onError, wanted) => {
    const stage = await llmStage(hook, { kind: "drop" }, { llm: `on_error = "${onError}"` });
    const told = [];
    for (const session of SESSIONS) {
      const { record } = await stage.ask("git push --force", { session });
      told.push([session, record["decision"]]);
    }
    expect(Object.fromEntries(told)).toEqual(wanted);
  });
});

describe("unattended", () => {
  it.each([
    ["the variable", { env: { CLAUDE_PERMIT_UNATTENDED: "1" } }, ""],
    ["the setting", {}, "unattended = true"],
  ])("by %s, YELLOW is rerouted", async (_, asked, settings) => {
    const stage = await llmStage(hook, verdict("YELLOW", { suggested_alternatives: SAFER }), { settings });
    const { record } = await stage.ask("git push --force", asked);
    expect(record).toMatchObject({ decision: "rerouted", tier: "reroute", attended: false });
  });

  it.each([["stall"], ["stall after headers"]])("%s: answered before the deadline", async (how) => {
    const stage = await llmStage(hook, { kind: "stall", afterHeaders: how !== "stall" }, { llm: "timeout_ms = 400" });
    const { said, record, tookMs } = await stage.ask("git push --force", { session: "unattended" });
    expect(said["permissionDecision"]).toBe("deny");
    expect(record).toMatchObject({
      decision: "deny",
      tier: "error",
      llm_error: expect.stringContaining("llm-timeout"),
    });
    expect(tookMs).toBeLessThan(15_000);
  });
});

describe("what is said", () => {
  it("offers the alternative in the dialog and says how to have the original", async () => {
    const stage = await llmStage(hook, verdict("YELLOW", { suggested_alternatives: SAFER }));
    const { said, record } = await stage.ask({ command: "git push --force", description: "Push" });
    expect(said).toEqual({
      hookEventName: "PreToolUse",
      permissionDecision: "ask",
      permissionDecisionReason: `The language model says YELLOW (confidence 0.90): because it is yellow. Offered instead: git push --force-with-lease (keeps what others pushed), allowed by push-with-lease. Original: git push --force. To have the original, answer No and run: claude-permit review --approve ${record["id"]}`,
      updatedInput: { command: "git push --force-with-lease", description: "Push" },
      additionalContext:
        "claude-permit offered the user a safer form of this call. If it ran, what ran is git push --force-with-lease, not git push --force.",
    });
    expect(record).toMatchObject({
      llm_score: "YELLOW",
      llm_confidence: 0.9,
      llm_model: "claude-haiku-4-5",
      llm_cached: false,
      llm_latency_ms: expect.any(Number),
      llm_reasoning: "because it is yellow",
      reroute: {
        mode: "offer",
        original_input: { command: "git push --force", description: "Push" },
        alternative_input: { command: "git push --force-with-lease", description: "Push" },
        matched_rules: ["push-with-lease"],
        rationale: "keeps what others pushed",
      },
    });
  });

  it("suggests as JSON that Claude can act on", async () => {
    const turn = verdict("YELLOW", { suggested_alternatives: SAFER });
    const stage = await llmStage(hook, turn, { settings: 'on_yellow = "suggest"' });
    const { said } = await stage.ask("git push --force");
    expect(JSON.parse(String(said["permissionDecisionReason"]))).toEqual({
      verdict: "YELLOW",
      reasoning: "because it is yellow",
      suggested_alternative: {
        tool_input: { command: "git push --force-with-lease" },
        matched_rules: ["push-with-lease"],
        rationale: "keeps what others pushed",
      },
    });
  });

  it("tells Claude what ran instead", async () => {
    const turn = verdict("YELLOW", { suggested_alternatives: SAFER });
    const stage = await llmStage(hook, turn);
    const { said } = await stage.ask("git push --force", { session: "unattended" });
    expect(said["additionalContext"]).toBe(
      "claude-permit ran another command than you asked for: git push --force-with-lease instead of git push --force (keeps what others pushed). because it is yellow",
    );
  });

  it("tells the user of a failure once, and again when the row is long", async () => {
    const stage = await llmStage(hook, { kind: "raw", status: 529, body: "{}" });
    const told: unknown[] = [];
    for (let call = 0; call < 4; call++) told.push((await stage.ask(`git push ${call}`)).output["systemMessage"]);
    expect(told).toEqual([
      expect.stringContaining("gave no verdict: llm-overloaded"),
      undefined,
      expect.stringContaining("failed 3 times in a row, last with llm-overloaded"),
      undefined,
    ]);
  });
});
