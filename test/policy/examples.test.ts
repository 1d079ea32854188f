import { describe, expect, it } from "vitest";
import { checkExamples, exampleCall } from "../../src/core/policy/examples.js";
import { lintPolicy } from "../../src/core/policy/lint.js";
import { compile, oneRule, PROJECT, said } from "./read-policy.js";

const WORLD = { home: "/home/user", project: "/home/user/project" };

describe("exampleCall", () => {
  it.each<[string, string, string, Record<string, unknown>]>([
    ["pattern = 'Bash(git *)'", "git push", "Bash", { command: "git push" }],
    ["pattern = 'PowerShell(ls *)'", "ls x", "PowerShell", { command: "ls x" }],
    ["shell.program = 'rm'", "rm x", "Bash", { command: "rm x" }],
    ["tool = 'PowerShell'\nshell.program = 'rm'", "rm x", "PowerShell", { command: "rm x" }],
    ["pattern = 'Edit(src/**)'", "src/a", "Edit", { file_path: "/home/user/project/src/a" }],
    ["tool = 'Write'\npattern = 'Edit(src/**)'", "./src/a", "Write", { file_path: "/home/user/project/src/a" }],
    ["pattern = 'Read(~/.ssh/**)'", "~/.ssh/id", "Read", { file_path: "/home/user/.ssh/id" }],
    ["tool = 'Grep|Read'\nfields.file_path = 'x'", "/x", "Read", { file_path: "/x" }],
    ["fields.url = 'x'", "http://x", "WebFetch", { url: "http://x" }],
    ["pattern = 'WebFetch(domain:x.org)'", "https://x.org/", "WebFetch", { url: "https://x.org/" }],
    ["pattern = 'Task(Explore)'", "Explore", "Agent", { subagent_type: "Explore" }],
    ["pattern = 'Skill(pdf)'", "pdf", "Skill", { skill: "pdf" }],
    ["tool = '.*'", "ls", "Bash", { command: "ls" }],
  ])("of %s reads %s as %s", (body, example, tool, input) => {
    expect(exampleCall(oneRule(`[[deny]]\n${body}\n`), example, WORLD)).toMatchObject({
      tool,
      input,
      cwd: WORLD.project,
    });
  });

  it("takes a table as the whole input, and the rule's own circumstances", () => {
    const rule = oneRule(
      "[[ask]]\ntool = 'Bash'\ncwd = '~/work'\npermission_mode = 'auto'\nsession = 'headless'\nfields.description = 'x'\n",
    );
    expect(exampleCall(rule, { command: "ls", description: "x" }, WORLD)).toEqual({
      tool: "Bash",
      input: { command: "ls", description: "x" },
      cwd: "/home/user/work",
      home: WORLD.home,
      project: WORLD.project,
      sessionId: "example",
      permissionMode: "auto",
      attended: false,
    });
  });
});

describe("checkExamples", () => {
  const text = "[[deny]]\nname = 'a'\npattern = 'Bash(x *)'\nmatch = ['x 1', 'y']\nnot_match = ['z', 'x 2', '?']\n";
  const judge = (_: unknown, { input }: { input: Readonly<Record<string, unknown>> }) => {
    const command = String(input["command"]);
    return command === "?" ? "unknown" : command.startsWith("x ") ? "yes" : "no";
  };

  it("tells each example that does not hold", () => {
    expect(said(checkExamples(compile(text), judge))).toEqual([
      "config.toml:1:1: error: rule `a`: `match` says `y` matches, but it does not\n  hint: mend the rule or the example",
      "config.toml:1:1: error: rule `a`: `not_match` says `x 2` does not match, but it does\n  hint: mend the rule or the example",
      "config.toml:1:1: error: rule `a`: `not_match` says `?` does not match, but it cannot be told for sure\n  hint: mend the rule or the example",
    ]);
  });

  it("only warns when they are a stranger's", () => {
    expect(checkExamples(compile(text, PROJECT), judge).map(({ severity }) => severity)).toEqual([
      "warning",
      "warning",
      "warning",
    ]);
  });

  it("asks for a tool when none is named", () => {
    const policy = compile("[[deny]]\npattern = 'mcp__git'\nmatch = 'push'\n");
    expect(checkExamples(policy, judge).map(({ code }) => code)).toEqual(["example-tool"]);
  });
});

describe("lintPolicy", () => {
  it.each<[string, string, readonly string[]]>([
    ["every tool", "[[allow]]\ntool = '.*'\n", ["lint-broad"]],
    ["every command", "[[allow]]\npattern = 'Bash'\n", ["lint-broad"]],
    ["every write", "[[allow]]\ntool = 'Write'\n", ["lint-broad"]],
    ["a runner's pattern", "[[allow]]\npattern = 'Bash(python3 *)'\n", ["lint-broad"]],
    ["a runner's prefix", "[[allow]]\npattern = 'Bash(npx:*)'\n", ["lint-broad"]],
    ["a runner's structure", "[[allow]]\nshell.program = ['git', 'bash']\n", ["lint-broad"]],
    ["a runner that is held", "[[allow]]\nshell = { program = 'npx', args = '^tsc$' }\n", []],
    ["one script", "[[allow]]\npattern = 'Bash(python3 manage.py test)'\n", []],
    ["reads", "[[allow]]\ntool = 'Read'\n", ["lint-danger"]],
    ["a denied runner", "[[deny]]\npattern = 'Bash(python3 *)'\n", []],
    ["the same, stricter", "[[allow]]\npattern = 'Bash(ls *)'\n[[deny]]\npattern = 'Bash(ls *)'\n", ["lint-shadowed"]],
    ["a whole tool", "[[ask]]\ntool = 'Read'\nfields.file_path = 'x'\n[[deny]]\ntool = 'Read'\n", ["lint-shadowed"]],
    ["an operator", "[[deny]]\nfields.command = '^curl [^|]*\\|'\n", ["lint-operator"]],
    ["an operator in the raw text", "[[deny]]\nfields.command = '^curl [^|]*\\|'\nraw = true\n", []],
    ["what is no operator", "[[deny]]\nfields.command = '^rm[\\n\\t ]+[^|;&]*x'\n", []],
    ["one of some operators", "[[deny]]\nfields.command = 'x[;&]'\n", ["lint-operator"]],
    ["a choice", "[[deny]]\nfields.command = '^(?:curl|wget)\\b'\n", []],
    ["another tool", "[[ask]]\ntool = 'Glob'\nfields.path = 'x'\n[[deny]]\ntool = 'Read'\n", []],
    ["a part of it stricter", "[[ask]]\ntool = 'Read'\n[[deny]]\ntool = 'Read'\nfields.file_path = 'x'\n", []],
  ])("about %s", (_, text, codes) => {
    expect(lintPolicy(compile(text)).map(({ code }) => code)).toEqual(codes);
  });
});
