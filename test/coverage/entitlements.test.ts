/** What Claude may do now, by topic, program and tool: each row is what the engine says of that call. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { callsAbout, TOPICS } from "../../src/analyze/query/types/entitlement-topics.js";
import { freshWorld, ROOT } from "../cli/run-cli.js";

const POLICY = `
[[deny]]
name = "no-force-push"
pattern = "Bash(git push --force *)"

[[ask]]
name = "ask-push"
pattern = "Bash(git push *)"

[[allow]]
name = "stage"
pattern = "Bash(git add *)"

[[allow]]
name = "read-here"
pattern = "Read(./**)"
`;

interface Told {
  readonly what?: string;
  readonly rule: string | null;
}

describe("entitlements", () => {
  const world = freshWorld(POLICY);
  const found = (...args: readonly string[]) =>
    JSON.parse(world.run(["entitlements", "--json", ...args]).stdout).results;
  const rulesOf = (list: readonly Told[]) => list.map(({ what, rule }) => [what, rule]);

  it("answer every call of every topic once", () => {
    const results: readonly Readonly<Record<string, readonly Told[]>>[] = found();
    expect(results.map(({ about }) => about)).toEqual(TOPICS);
    for (const [index, topic] of TOPICS.entries()) {
      const { may_run: runs = [], asks = [], denied = [], left_to_claude_code: left = [] } = results[index] ?? {};
      const told = [...runs, ...asks, ...denied, ...left].map(({ what }) => what);
      expect(told.toSorted()).toEqual(
        callsAbout(topic, "/p", "/h")
          .map(({ what }) => what)
          .toSorted(),
      );
    }
  });

  it("name the rule that decides", () => {
    const [git] = found("git");
    expect(rulesOf(git.denied)).toEqual([["rewrite shared history", "no-force-push"]]);
    expect(rulesOf(git.asks)).toEqual([["push", "ask-push"]]);
    expect(rulesOf(git.may_run)).toEqual([["stage", "stage"]]);
  });

  it("judge paths in this project and this home, and keep what steers us", () => {
    const [project, outside, steering] = found("project", "outside", "steering");
    expect(rulesOf(project.may_run)).toContainEqual(["read a file", "read-here"]);
    expect(outside.may_run).toEqual([]);
    expect(steering.asks).toHaveLength(3);
    const [alone] = found("steering", "--headless");
    expect(alone.denied).toHaveLength(3);
  });

  it("answer for a tool and a program too, as a table", () => {
    const { stdout, code } = world.run(["entitlements", "Read", "gh"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Read +runs +\S*example\.txt +read-here$/m);
    expect(stdout).toMatch(/^gh +Claude Code decides +gh pr view/m);
    expect(stdout).not.toContain("to do");
  });

  it("refuse a folder, a mode or a name that makes no sense with a hint", () => {
    const { code, stderr } = world.run(["entitlements", ""]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/program/);
  });
});

it("under the starter policy nothing dangerous runs unasked", () => {
  const world = freshWorld(readFileSync(join(ROOT, "policies", "starter.toml"), "utf8"));
  const results: readonly { may_run: readonly Told[] }[] = JSON.parse(
    world.run(["entitlements", "--json", "secrets", "outside", "network", "steering"]).stdout,
  ).results;
  const runs = results.flatMap(({ may_run: list }) => list.map(({ what }) => what));
  for (const what of [
    "read a private key",
    "send a file",
    "run what it fetched",
    "change the rules",
    "install a program",
  ]) {
    expect(runs).not.toContain(what);
  }
  expect(runs).toContain("search the web");
});
