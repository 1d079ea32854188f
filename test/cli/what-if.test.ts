/** gaps, coverage and simulate on the sample week, as their user meets them: answers, exit codes, mistakes. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freshWorld, ROOT, SAMPLE } from "./run-cli.js";

const sample = ["--audit", SAMPLE];
const starter = join(ROOT, "policies", "starter.toml");
const decided: { decision: string; rule_id?: string; commands?: string[] }[] = readFileSync(SAMPLE, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line))
  .filter((line) => line.event === "PreToolUse");

describe("US-9: gaps", () => {
  it("counts exactly the calls no rule decided", () => {
    const { stdout, code } = freshWorld().run(["gaps", ...sample, "--json"]);
    expect(code).toBe(0);
    const gaps = decided.filter((line) => line.decision === "passthrough" && line.rule_id === undefined).length;
    expect(gaps).toBeGreaterThan(100);
    expect(Object.values(JSON.parse(stdout).sections.gaps.figures)).toContainEqual(
      expect.objectContaining({ value: gaps }),
    );
  });

  it("names the programs people were asked about", () => {
    const { stdout } = freshWorld().run(["gaps", ...sample]);
    expect(stdout).toContain("git commit");
  });
});

describe("coverage", () => {
  it("shows the share rules decided and what common commands may do", () => {
    const world = freshWorld(readFileSync(starter, "utf8"));
    const { stdout, code } = world.run(["coverage", ...sample]);
    expect(code).toBe(0);
    const byRule = decided.filter((line) => line.rule_id !== undefined).length;
    expect(stdout).toContain(`${((byRule / decided.length) * 100).toFixed(1)} %`);
    expect(stdout).toContain("tldr");
  });
});

describe("simulate", () => {
  const world = freshWorld();
  const policy = (text: string) => {
    const file = join(world.project, "with.toml");
    writeFileSync(file, text);
    return ["simulate", "--with", file, ...sample];
  };

  it("a policy that allows everything is new access: exit 1", () => {
    const { stdout, code } = world.run(policy(`[[allow]]\nname = "all"\ntool = ".*"\n`));
    expect(code).toBe(1);
    expect(stdout).toContain("all");
  });

  it("a policy that denies everything is none: exit 0", () => {
    expect(world.run(policy(`[[deny]]\nname = "all"\ntool = ".*"\n`)).code).toBe(0);
  });

  it.each([
    [["simulate", ...sample], "--with"],
    [["simulate", "--with", "/nowhere.toml", ...sample], "/nowhere.toml"],
    [["simulate", "--as-of", "someday", ...sample], "not a time"],
  ])("%j is refused", (args, message) => {
    const { stderr, code } = world.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
