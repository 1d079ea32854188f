/**
 * The MCP server over standard input and output: queries as tools, and changes where writing is switched on. The one
 * owner of the MCP SDK. Every call looks at the policy and the log as they are then.
 */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { runApply } from "../../analyze/apply/run-apply.js";
import { runQuery } from "../../analyze/query/run-query.js";
import { isTable, type TomlTable } from "../../core/policy/toml.js";
import { applyWorld } from "../apply-world.js";
import type { Invocation } from "../command.js";
import { queryWorld } from "../query-world.js";
import { VERSION } from "../version.js";
import { CHANGE_RULES, TOOLS } from "./tools.schema.js";

const INSTRUCTIONS =
  "claude-permit judges tool calls here. Ask check_call before a call that may be refused, explain_decision after one was. Rules are the user's to change.";

/** Ends when the client closes standard input. `mayWrite`: also offer changes. */
export async function serve(invocation: Invocation, mayWrite: boolean): Promise<void> {
  const server = new McpServer({ name: "claude-permit", version: VERSION }, { instructions: INSTRUCTIONS });
  for (const [name, { title, description, input, output, query, parts }] of Object.entries(TOOLS)) {
    const annotations = { title, readOnlyHint: true, idempotentHint: true, openWorldHint: false };
    server.registerTool(
      name,
      { title, description, inputSchema: input, outputSchema: output, annotations },
      async (given) => toolResult(await ask(invocation, query(isTable(given) ? given : {})), parts),
    );
  }
  if (mayWrite) registerChanges(server, invocation);
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
    invocation.io.stdin.once("end", () => void server.close());
  });
  await server.connect(new StdioServerTransport());
  await closed;
}

function registerChanges(server: McpServer, invocation: Invocation): void {
  const { title, description, input, output } = CHANGE_RULES;
  const annotations = {
    title,
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  };
  server.registerTool(
    "change_rules",
    { title, description, inputSchema: input, outputSchema: output, annotations },
    async ({ change, dry_run: isDryRun = false }) => {
      const world = applyWorld(invocation);
      try {
        return toolResult(await runApply(JSON.stringify(change), world, isDryRun));
      } finally {
        world.close();
      }
    },
  );
}

async function ask(invocation: Invocation, query: unknown): Promise<TomlTable> {
  const world = queryWorld(invocation);
  try {
    return { ...(await runQuery(JSON.stringify(query), world)) };
  } finally {
    world.close();
  }
}

/** One answer as a tool gives it: its result, a list under `results`, the parts of an overview, or an error. */
function toolResult(answer: object, parts: readonly string[] = []) {
  const told: TomlTable = { ...answer };
  const fault = errorIn(told);
  if (fault !== undefined) return { isError: true, content: [{ type: "text" as const, text: JSON.stringify(fault) }] };
  const structured = contentOf(told, parts);
  return {
    structuredContent: { ...structured },
    content: [{ type: "text" as const, text: JSON.stringify(structured) }],
  };
}

function errorIn({ error, results }: TomlTable): unknown {
  if (error !== undefined) return { error };
  const failed = Array.isArray(results)
    ? results.find((one: unknown) => isTable(one) && "error" in one && "query_time_ms" in one)
    : undefined;
  return failed === undefined ? undefined : { error: isTable(failed) ? failed["error"] : failed };
}

function contentOf(told: TomlTable, parts: readonly string[]): TomlTable {
  const { result, results, query_time_ms: _, ...rest } = told;
  if (isTable(result)) return result;
  const list: readonly unknown[] = Array.isArray(results) ? results : [];
  if (parts.length === 0) return { ...rest, results: list };
  return Object.fromEntries(parts.map((name, index) => [name, toldBy(list[index])]));
}

function toldBy(answer: unknown): unknown {
  return isTable(answer) ? (answer["result"] ?? answer["results"]) : undefined;
}
