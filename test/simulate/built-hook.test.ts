/**
 * What the built hook decided, `simulate` decides from the written record, and `match_test` from the call: the same, or
 * the record is counted as unknowable. `bench/simulate.mjs` tries the same with real calls.
 */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { freshWorld, ROOT, type World } from "../cli/run-cli.js";
import { type HookCall, throughTheHook } from "./built-hook.js";

const FIXTURES = join(ROOT, "fixtures", "starter");
const ROWS = join(ROOT, "..", "shared", "data", "claude_toolcalls.jsonl.gz");
const isPresent = existsSync(ROWS);
if (!isPresent) console.log("skipped 1 test: the shared tool calls are not here");

const STARTER = readFileSync(join(ROOT, "policies", "starter.toml"), "utf8");

function linesOf(name: string, every: number): readonly string[] {
  return readFileSync(join(FIXTURES, name), "utf8")
    .trimEnd()
    .split("\n")
    .filter((_, index) => index % every === 0);
}

const bash = (command: string): HookCall => ({ tool: "Bash", input: { command } });

/** Ordinary, forbidden, odd: of every kind some. */
function sample(world: World): readonly HookCall[] {
  const inside = (name: string) => join(world.project, name);
  mkdirSync(join(world.osHome, ".ssh"));
  writeFileSync(join(world.osHome, ".ssh", "id_rsa"), "");
  symlinkSync(join(world.osHome, ".ssh"), inside("keys"));
  for (const name of ["certs", "docs"]) mkdirSync(inside(name));
  for (const name of ["certs/id_rsa", "certs/a.crt", "docs/a.md"]) writeFileSync(inside(name), "");
  return [
    ...linesOf("everyday.txt", 7).map(bash),
    ...["families.jsonl", "bypass.jsonl"].flatMap((name) =>
      linesOf(name, 25).map((line) => bash(JSON.parse(line).cmd)),
    ),
    bash("cat keys/id_rsa"),
    bash("cat certs/*"),
    bash("cat docs/*"),
    bash(`ls ${"a".repeat(40_000)}`),
    bash("echo ghp_abcdefghijklmnopqrstuvwxyz0123456789"),
    bash("echo \ud800"),
    { tool: "Read", input: { file_path: inside("keys/id_rsa") } },
    { tool: "Read", input: { file_path: inside("a.ts") } },
    { tool: "Edit", input: { file_path: inside("a.ts"), old_string: "a", new_string: "b" } },
    { tool: "Write", input: { file_path: "/etc/hosts", content: "x" } },
    { tool: "Write", input: { file_path: inside("b.ts"), content: "x".repeat(5_000) } },
    { tool: "WebFetch", input: { url: "https://example.com/", prompt: "x" } },
    { tool: "mcp__some__tool", input: { id: 1 } },
  ];
}

async function compared(world: World, calls: readonly HookCall[]) {
  const records = await throughTheHook(world, calls);
  const asked = calls.map(({ tool, input, cwd = world.project }) => ({ tool, input, cwd }));
  const matched = JSON.parse(
    world.run(["query", "-"], { input: JSON.stringify({ type: "match_test", calls: asked }) }).stdout,
  );
  const simulated = world.run(["simulate", "--with", join(world.home, "config.toml"), "--json"]);
  const { figures } = JSON.parse(simulated.stdout).sections.simulate;
  return {
    decided: records.map(({ decision, rule_id: rule }) => [decision, rule ?? null]),
    matched: matched.results.map((one: { decision: string; matched_rule: { id: string } | null }) => [
      one.decision,
      one.matched_rule?.id ?? null,
    ]),
    unchanged: figures.unchanged.value,
    unknowable: figures.unknowable.value,
    exit: simulated.code,
  };
}

describe("the built hook, match_test and simulate", { timeout: 120_000 }, () => {
  let world: World;
  let calls: readonly HookCall[];
  let found: Awaited<ReturnType<typeof compared>>;
  beforeAll(async () => {
    world = freshWorld(STARTER);
    calls = sample(world);
    found = await compared(world, calls);
  }, 120_000);

  it("decide a mixed sample alike", () => {
    expect(found.matched).toEqual(found.decided);
    expect(new Set(found.decided.map(([decision]) => decision))).toEqual(
      new Set(["allow", "ask", "deny", "passthrough"]),
    );
  });

  it("ask about a pattern that stands for a key now, and only then", () => {
    const decidedOf = (command: string) => found.decided[calls.findIndex(({ input }) => input["command"] === command)];
    expect(decidedOf("cat certs/*")).toEqual(["ask", "no-private-keys-by-name"]);
    expect(decidedOf("cat docs/*")?.[0]).toBe("allow");
  });

  it("give no drift, and count what was cut, replaced or altered", () => {
    // The long command, the secret, the broken character, the long file.
    expect([found.unchanged, found.unknowable, found.exit]).toEqual([calls.length - 4, 4, 0]);
  });
});

it.skipIf(!isPresent)("decide every 1,000th of 31,435 real calls alike", { timeout: 120_000 }, async () => {
  const rows = gunzipSync(readFileSync(ROWS)).toString().trimEnd().split("\n");
  const world = freshWorld(STARTER);
  const calls = rows
    .filter((_, index) => index % 1000 === 0)
    .map((line): HookCall => {
      const { tool_name: tool, tool_input: input, cwd } = JSON.parse(line);
      return { tool, input: input ?? {}, ...(cwd === null ? {} : { cwd }) };
    });
  const found = await compared(world, calls);
  expect(found.matched).toEqual(found.decided);
  expect(found.unchanged + found.unknowable).toBe(calls.length);
  expect(found.unknowable).toBeLessThan(calls.length / 5);
});
