/** `ask` through the built command line: one query, shown and run here, and an answer from its result alone. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { QUERY_SCHEMAS } from "../../src/analyze/query/query.schema.js";
import { questionJsonSchema } from "../../src/analyze/query/question.schema.js";
import { freshWorld, type World } from "../cli/run-cli.js";
import { type MockMessages, mockMessages, type Seen, type Turn } from "./mock-messages-server.js";
import { runLater } from "./run-later.js";

const KEY = { ANTHROPIC_API_KEY: "sk-ant-mock-key" };
const QUESTION = "why was npm blocked yesterday?";
const SECRET = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
const QUERY = {
  type: "log",
  decision: "deny",
  filter: { field: "command", op: "contains", value: "npm" },
  since: "7d",
};

const decided = (n: number, command: string, more: object = {}) => ({
  v: 1,
  id: `01990000-0000-7000-8000-00000000000${n}`,
  timestamp: new Date(Date.now() - 3_600_000 - n).toISOString(),
  event: "PreToolUse",
  session_id: "s1",
  tier: "deny",
  decision: "deny",
  tool_name: "Bash",
  tool_use_id: `t${n}`,
  attended: true,
  project: "/home/dana/shop",
  cwd: "/home/dana/shop",
  rule_id: "no-publish",
  reason: "Releases are made by the pipeline.",
  tool_input: { command },
  auto_promoted: false,
  ...more,
});

interface Stage {
  readonly world: World;
  readonly server: MockMessages;
  readonly ask: (...args: readonly string[]) => ReturnType<typeof runLater>;
}

async function stage(
  query: unknown,
  markdown: string | Turn,
  env: Readonly<Record<string, string>> = KEY,
): Promise<Stage> {
  const turnFor = ({ body }: Seen): Turn => {
    if (body.tool_choice?.name === "run_query") return { kind: "tool", input: query };
    return typeof markdown === "string" ? { kind: "tool", input: { markdown } } : markdown;
  };
  const server = await mockMessages(turnFor);
  const world = freshWorld(`[settings.llm]\nbase_url = "${server.url}"\n`);
  const records = [
    decided(1, "npm publish"),
    decided(2, `npm publish --token ${SECRET}`),
    decided(3, "npm test", { tier: "allow", decision: "allow", rule_id: "tests" }),
    decided(4, "git push"),
  ];
  writeFileSync(join(world.home, "audit.jsonl"), records.map((one) => `${JSON.stringify(one)}\n`).join(""));
  return { world, server, ask: (...args) => runLater(world, ["ask", ...args], env) };
}

const textOf = (asked: Seen | undefined) => `${asked?.body.system}\n${asked?.body.messages?.[0]?.content}`;

describe("a question", () => {
  it("becomes one query, which is shown and can be run again, and its result is worded", async () => {
    const { ask, world, server } = await stage({ query: QUERY }, "Rule `no-publish` blocked it **2 times**.");
    const { stdout, code } = await ask(QUESTION);
    expect(code).toBe(0);
    const [shown = "", , answer] = stdout.split("\n");
    expect(shown.startsWith("query: claude-permit query '{")).toBe(true);
    expect(answer).toBe("Rule `no-publish` blocked it 2 times.");
    expect(stdout).toContain("Worded by claude-haiku-4-5 from this query's result alone.");
    const again = world.run(["query", shown.slice("query: claude-permit query '".length, -1)]);
    expect(JSON.parse(again.stdout).result_count).toBe(2);
    expect(server.requests.length).toBe(2);
    expect(textOf(server.requests[0])).toContain(QUESTION);
    expect(textOf(server.requests[1])).toContain("Releases are made by the pipeline.");
    expect(textOf(server.requests[1])).not.toContain("git push");
  });

  it("for a program comes with the query, the whole result, and the answer's blocks", async () => {
    const { ask } = await stage({ query: QUERY }, "It was blocked 77 times.");
    const told = JSON.parse((await ask(QUESTION, "--json")).stdout);
    expect(told).toMatchObject({ question: QUESTION, query: QUERY, result_count: 2, unknown_numbers: 1 });
    expect(told.results.length).toBe(2);
    expect(told.answer[0].entries[0]).toContainEqual({ text: "77", style: "plain", unknown: true });
  });

  it("sends no secret, and no name of a person or home folder from the log", async () => {
    const { ask, server } = await stage({ query: QUERY }, "x");
    await ask(`who used ${SECRET} and npm?`);
    const sent = JSON.stringify(server.requests);
    expect(sent).not.toMatch(/ghp_abc|dana/);
    expect(sent).toContain("REDACTED_");
  });

  it.each<[string, unknown, string | Turn, string]>([
    ["that no query answers", { why_not: "Ask about decisions." }, "x", "no query answers this: Ask about decisions."],
    ["with a query that is none of ours", { query: { type: "sql", text: "drop table" } }, "x", "not one of ours"],
    ["with a key we do not know", { query: { type: "stats", evil: 1 } }, "x", "evil"],
    ["with a batch", { query: { queries: [QUERY] } }, "x", "not one of ours"],
    ["with no object", "select *", "x", "the answer is not what was asked for"],
  ])("%s is an error, and nothing is run", async (_, query, markdown, message) => {
    const { ask, server } = await stage(query, markdown);
    const { code, stdout, stderr } = await ask(QUESTION);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(server.requests.length).toBe(1);
  });

  it("whose answer fails still shows what was found", async () => {
    const { ask } = await stage({ query: QUERY }, { kind: "drop" });
    const { code, stdout, stderr } = await ask(QUESTION);
    expect(code).toBe(2);
    expect(stdout).toContain("Releases are made by the pipeline.");
    expect(stderr).toContain("the model did not word it");
  });

  it("without a key, without a question, or only to be shown, asks nobody", async () => {
    const { ask, server } = await stage({ query: QUERY }, "x", {});
    expect(await ask(QUESTION)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("no API key") });
    expect((await ask()).code).toBe(2);
    const shown = JSON.parse((await ask(QUESTION, "--show-prompt", "--json")).stdout);
    expect(shown.user).toContain(QUESTION);
    expect(shown.tool.name).toBe("run_query");
    expect(server.requests.length).toBe(0);
  });
});

describe("what the model may fill in", () => {
  it("is an object, as a tool's input must be, with every type of query, and no dangling reference", () => {
    const schema = questionJsonSchema();
    expect(schema).toMatchObject({ type: "object", additionalProperties: false });
    expect(Object.keys(schema).filter((key) => /^(?:any|one|all)Of$|^\$schema$/.test(key))).toEqual([]);
    const text = JSON.stringify(schema);
    for (const type of Object.keys(QUERY_SCHEMAS)) expect(text).toContain(`"const":"${type}"`);
    const definitions = Object.keys(Object(schema["definitions"]));
    const references = [...text.matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)].map(([, name]) => name);
    expect(references.length).toBeGreaterThan(0);
    expect(references.filter((name) => name === undefined || !definitions.includes(name))).toEqual([]);
    expect(text).not.toMatch(/"\$ref":"(?!#\/definitions\/)/);
  });
});
