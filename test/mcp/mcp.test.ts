/** The MCP server as a client sees it over standard input and output: tools, structured answers, errors, the switch. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeRecord } from "../../src/core/audit/encode.js";
import { freshWorld, ROOT } from "../cli/run-cli.js";
import { decisions, POLICY } from "../query/world.js";

const world = freshWorld(POLICY);
writeFileSync(
  join(world.home, "audit.jsonl"),
  decisions(40)
    .map((record) => encodeRecord(record))
    .join(""),
);

async function connect(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [join(ROOT, "dist", "cli", "main.js"), "--home", world.home, "mcp", ...args],
      cwd: world.project,
      env: { PATH: process.env["PATH"] ?? "", HOME: world.osHome, TZ: "UTC", ...env },
      stderr: "pipe",
    }),
  );
  return client;
}

describe("a server that only asks", () => {
  let client: Client;
  beforeAll(async () => {
    client = await connect([]);
  }, 30_000);
  afterAll(() => client.close());

  it("offers reading tools, each with the shape of its answer", async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual([
      "check_call",
      "explain_decision",
      "gaps",
      "policy_overview",
      "recent_decisions",
      "stats",
    ]);
    for (const { annotations, outputSchema, inputSchema } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true });
      expect([inputSchema.type, outputSchema?.type]).toEqual(["object", "object"]);
    }
  });

  it.each<[string, string, Record<string, unknown>, unknown]>([
    [
      "judges a call",
      "check_call",
      { tool: "Bash", input: { command: "git push --force origin" } },
      { decision: "deny", would_match: true, matched_rule: { id: "no-force-push", type: "deny" } },
    ],
    ["explains the newest decision", "explain_decision", {}, { again: { decision: "passthrough" } }],
    [
      "explains a call",
      "explain_decision",
      { tool: "Bash", input: "git push" },
      { decision: "ask", text: expect.arrayContaining([expect.stringMatching(/ask-push/)]) },
    ],
    [
      "lists decisions",
      "recent_decisions",
      { decision: "deny", limit: 2 },
      { result_count: 2, results: [{ decision: "deny" }, {}] },
    ],
    [
      "shows the policy",
      "policy_overview",
      {},
      {
        counts: { total: 4 },
        rules: expect.arrayContaining([expect.objectContaining({ id: "ask-push", kind: "ask" })]),
        settings: { fail: "ask" },
      },
    ],
    ["counts", "stats", {}, { total_decisions: 40, by_decision: { allow: 16 } }],
    ["finds gaps", "gaps", { tool: "Bash" }, { total_gaps: 8, suggestions: [{ pattern: "make", count: 8 }] }],
  ])("%s", async (_, name, args, expected) => {
    const answer = await client.callTool({ name, arguments: args });
    expect(answer.isError ?? false).toBe(false);
    expect(answer.structuredContent).toMatchObject(expected as object);
    const [content] = answer.content as { text: string }[];
    expect(JSON.parse(content?.text ?? "")).toEqual(answer.structuredContent);
  });

  it("answers what is wrong as an error of the tool, with its code", async () => {
    const answer = await client.callTool({ name: "stats", arguments: { since: "some day" } });
    expect(answer).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('"invalid_query"') }] });
    const misspelt = await client.callTool({ name: "recent_decisions", arguments: { decision: "alow" } });
    expect(misspelt).toMatchObject({ isError: true });
  });
});

describe("a server that may write", () => {
  it("changes a rule, and shows first what that does", async () => {
    const client = await connect(["--allow-writes"]);
    try {
      const change = { type: "toggle_rule", id: "ask-push", enabled: false };
      const dry = await client.callTool({ name: "change_rules", arguments: { change, dry_run: true } });
      expect(dry.structuredContent).toMatchObject({ applied: false, dry_run: true });
      const made = await client.callTool({ name: "change_rules", arguments: { change } });
      expect(made.structuredContent).toMatchObject({ applied: true });
      expect(readFileSync(join(world.home, "config.toml"), "utf8")).toContain("enabled = false");
      // The next question is answered by the policy as it is now.
      const asked = await client.callTool({ name: "check_call", arguments: { tool: "Bash", input: "git push" } });
      expect(asked.structuredContent).toMatchObject({ decision: "passthrough" });
    } finally {
      await client.close();
    }
  }, 30_000);

  it("is refused to Claude", () => {
    const ran = world.run(["mcp", "--allow-writes"], { env: { CLAUDECODE: "1" } });
    expect(ran).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("while Claude runs it") });
  });
});

it("ends when its client goes", () => {
  expect(world.run(["mcp"], { input: "" })).toMatchObject({ code: 0, stdout: "" });
});
