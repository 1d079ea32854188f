/** Rules that add nothing, with the command that shows it; where it cannot be decided nothing is said. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { lintPolicy } from "../../src/core/policy/lint.js";
import { freshWorld } from "../cli/run-cli.js";
import { policyOf } from "../hook/scene.js";

const rule = (kind: string, name: string, body: string) => `[[${kind}]]\nname = "${name}"\n${body}\n`;
const pattern = (kind: string, name: string, text: string) => rule(kind, name, `pattern = "${text}"`);
const shell = (kind: string, name: string, text: string) => rule(kind, name, `shell = { ${text} }`);

const told = (text: string) =>
  lintPolicy(policyOf(text))
    .filter(({ code }) => code === "lint-subsumed")
    .map(({ rule: name, message }) => [name, /like `([^`]*)`/.exec(message)?.[1]]);

describe("a rule that another one covers", () => {
  it.each<[string, string, readonly unknown[]]>([
    [
      "a longer prefix",
      pattern("allow", "wide", "Bash(git *)") + pattern("allow", "narrow", "Bash(git log *)"),
      [["narrow", "git log"]],
    ],
    [
      "one command",
      pattern("allow", "narrow", "Bash(npm run test)") + pattern("allow", "wide", "Bash(npm run:*)"),
      [["narrow", "npm run test"]],
    ],
    [
      "a stricter one",
      pattern("deny", "wide", "Bash(git push *)") + pattern("allow", "narrow", "Bash(git push origin *)"),
      [["narrow", "git push origin"]],
    ],
    [
      "more programs, fewer flags",
      shell("ask", "wide", 'program = ["rm", "mv"]') +
        shell("ask", "narrow", 'program = ["rm"], flags_all = ["-r", "-f"]'),
      [["narrow", "rm -r -f"]],
    ],
    ["a milder one", pattern("allow", "a", "Bash(git *)") + pattern("deny", "b", "Bash(git push *)"), []],
    ["another word", pattern("allow", "a", "Bash(git *)") + pattern("allow", "b", "Bash(github *)"), []],
    [
      "the narrow one alone",
      pattern("allow", "a", "Bash(git log)") + pattern("allow", "b", "Bash(git log *)"),
      [["a", "git log"]],
    ],
    [
      "other circumstances",
      pattern("allow", "a", "Bash(git *)").trimEnd() +
        '\npermission_mode = "plan"\n' +
        pattern("allow", "b", "Bash(git log *)"),
      [],
    ],
    [
      "other flags",
      shell("ask", "a", 'program = ["rm"], flags_all = ["-f"]') +
        shell("ask", "b", 'program = ["rm"], flags_all = ["-r"]'),
      [],
    ],
    [
      "folders, which depend on the machine",
      shell("allow", "a", 'program = ["cat"], paths_inside = ["$PROJECT"]') +
        shell("allow", "b", 'program = ["cat"], paths_inside = ["$PROJECT/src"]'),
      [],
    ],
  ])("%s", (_name, text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  it("tells of regexes that are found anywhere", () => {
    const codes = (regex: string) =>
      lintPolicy(policyOf(rule("allow", "a", `tool = "Bash"\nfields.command = '${regex}'`))).map(({ code }) => code);
    expect(codes("npm test")).toEqual(["lint-unanchored"]);
    expect(codes("^npm test")).toEqual([]);
    expect(codes("(?:^npm|^yarn) test")).toEqual([]);
  });
});

describe("validate --lint", () => {
  const twice = pattern("allow", "wide", "Bash(git *)") + pattern("allow", "narrow", "Bash(git log *)");

  it("exits 1 with findings, 0 without", () => {
    const world = freshWorld(twice);
    expect(world.run(["validate"]).code).toBe(0);
    const found = world.run(["validate", "--lint", "--json"]);
    expect(found.code).toBe(1);
    expect(JSON.parse(found.stdout).problems.map(({ code }: { code: string }) => code)).toEqual(["lint-subsumed"]);
    expect(freshWorld(pattern("allow", "one", "Bash(git log *)")).run(["validate", "--lint"]).code).toBe(0);
  });

  it("names what never hit when there is a log", () => {
    const world = freshWorld(pattern("allow", "log", "Bash(git log *)") + pattern("allow", "idle", "Bash(make idle)"));
    const hook = (command: string) =>
      world.run(["hook"], {
        input: JSON.stringify({
          hook_event_name: "PreToolUse",
          session_id: "s",
          cwd: world.project,
          tool_name: "Bash",
          tool_use_id: "t",
          tool_input: { command },
        }),
      });
    hook("git log -1");
    const { stdout, code } = world.run(["validate", "--lint", "--json"]);
    expect(code).toBe(1);
    expect(
      JSON.parse(stdout).problems.map(({ code: name, rule: id }: { code: string; rule: string }) => [name, id]),
    ).toEqual([["lint-never-hit", "idle"]]);
  });

  it("says nothing worse than advice of the starter policy", () => {
    const starter = readFileSync(new URL("../../policies/starter.toml", import.meta.url), "utf8");
    const { stdout } = freshWorld(starter).run(["validate", "--lint", "--json"]);
    const { problems } = JSON.parse(stdout);
    expect(problems.filter(({ code }: { code: string }) => code !== "lint-broad")).toEqual([]);
  });
});
