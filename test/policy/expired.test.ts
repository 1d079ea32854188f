/** A rule whose time is over does nothing, and is told where rules are listed and checked. */
import { expect, it } from "vitest";
import { freshWorld } from "../cli/run-cli.js";

it("is skipped, and said to be over by `validate` and `rules list`", () => {
  const { run } = freshWorld(`
[[allow]]
name = "over"
description = "While we moved."
pattern = "Bash(make move)"
expires = 2026-01-01
[[allow]]
name = "live"
pattern = "Bash(make build)"
expires = 9999-01-01
`);
  const decisionOn = (command: string) => JSON.parse(run(["test", "--json", command]).stdout).decision;
  expect([decisionOn("make move"), decisionOn("make build")]).toEqual(["passthrough", "allow"]);
  const { problems, errors } = JSON.parse(run(["validate", "--json"]).stdout);
  expect([errors, problems.map(({ code, rule }: Record<string, string>) => [code, rule])]).toEqual([
    0,
    [["expired", "over"]],
  ]);
  const { rules } = JSON.parse(run(["rules", "list", "--json"]).stdout);
  const told = rules.filter(({ layer }: { layer: string }) => layer === "user");
  expect(told.map(({ id, expired }: { id: string; expired: boolean }) => [id, expired])).toEqual([
    ["over", true],
    ["live", false],
  ]);
  expect(run(["rules", "list"]).stdout).toContain("expired; While we moved.");
});
