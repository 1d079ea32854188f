/** Claude asks before it acts: the MCP server as the real client starts it, uses it, and is held by the hook all the while. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "../cli/run-cli.js";
import { call, POLICY, shell } from "./calls.js";
import { makeStage, type Ran, type Stage } from "./stage.js";

const ASKS = `${POLICY}
[[allow]]
name = "ask-first"
pattern = "mcp__claude-permit"
`;

function withServer({ home }: Stage, more: readonly string[]): readonly string[] {
  const args = [join(ROOT, "dist", "cli", "main.js"), "--home", home, "mcp", ...more];
  const server = { command: process.execPath, args };
  return ["--mcp-config", JSON.stringify({ mcpServers: { "claude-permit": server } })];
}

/** What the client says of itself at the start. */
function started({ messages }: Ran): { readonly servers: unknown; readonly tools: readonly unknown[] } {
  const init = messages.find(({ subtype }) => subtype === "init");
  const tools = init?.["tools"];
  return { servers: init?.["mcp_servers"], tools: Array.isArray(tools) ? tools : [] };
}

it("tells the model what would be decided, and the same is decided when it acts", async () => {
  const stage = makeStage({ policy: ASKS });
  const check = (id: string, command: string) =>
    call(id, "mcp__claude-permit__check_call", { tool: "Bash", input: { command } });
  const ran = await stage.runHeadless(
    {
      turns: [
        [check("checks-denied", "zh denied")],
        [shell("denied", "zh denied")],
        [check("checks-allowed", "zh allowed")],
        [shell("allowed", "zh allowed")],
        [call("explains", "mcp__claude-permit__explain_decision", { id: "last" })],
      ],
    },
    withServer(stage, []),
  );
  expect(ran.code).toBe(0);
  expect(started(ran).servers).toMatchObject([{ name: "claude-permit", status: "connected" }]);
  const told = (id: string) => JSON.parse(ran.results.get(`toolu_${id}`)?.text ?? "null");
  expect(told("checks-denied")).toMatchObject({ decision: "deny", matched_rule: { id: "no-denied" } });
  expect(ran.results.get("toolu_denied")?.isError).toBe(true);
  expect(told("checks-allowed")).toMatchObject({ decision: "allow", matched_rule: { id: "zh-allowed" } });
  expect(ran.results.get("toolu_allowed")).toEqual({ isError: false, text: "zh ran: allowed" });
  // The explanation itself is a call that the hook judged: the newest decision.
  expect(told("explains")).toMatchObject({ record: { tool_name: "mcp__claude-permit__explain_decision" } });
  const decided = ran.records.filter(({ event }) => event === "PreToolUse");
  expect(decided.map(({ decision }) => decision)).toEqual(["allow", "deny", "allow", "allow", "allow"]);
});

it("offers no way to change rules where Claude starts it, whatever its arguments say", async () => {
  const stage = makeStage({ policy: ASKS });
  const asking = await stage.runHeadless({ turns: ["Done."] }, withServer(stage, []));
  expect(started(asking).tools).toContain("mcp__claude-permit__check_call");
  expect(started(asking).tools).not.toContain("mcp__claude-permit__change_rules");
  const ran = await stage.runHeadless({ turns: ["Done."] }, withServer(stage, ["--allow-writes"]));
  expect(started(ran).servers).toMatchObject([{ name: "claude-permit", status: "failed" }]);
});
