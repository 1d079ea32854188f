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
      "an option that an allow rule must name",
      pattern("allow", "a", "Bash(rg *)") + pattern("allow", "b", "Bash(rg --pre *)"),
      [],
    ],
    [
      "flags that an allow rule must name",
      shell("allow", "a", 'program = ["rg"]') + shell("allow", "b", 'program = ["rg"], flags_any = ["--pre"]'),
      [],
    ],
    [
      "options that everybody knows",
      pattern("allow", "a", "Bash(git commit *)") + pattern("allow", "b", "Bash(git commit -m *)"),
      [["b", "git commit -m"]],
    ],
    [
      "a whole server of tools",
      pattern("allow", "wide", "mcp__linear") + pattern("allow", "narrow", "mcp__linear__get_issue"),
      [["narrow", "mcp__linear__get_issue"]],
    ],
    ["another server", pattern("allow", "a", "mcp__linear") + pattern("allow", "b", "mcp__linear2__get"), []],
    [
      "every host",
      pattern("ask", "wide", "WebFetch") + pattern("allow", "narrow", "WebFetch(domain:example.com)"),
      [["narrow", "WebFetch https://example.com/"]],
    ],
    [
      "a folder above",
      pattern("allow", "wide", "Edit(//srv/app/**)") + pattern("allow", "narrow", "Edit(//srv/app/src/*.ts)"),
      [["narrow", "Edit /srv/app/src/x.ts"]],
    ],
    [
      "a file in a denied folder",
      pattern("deny", "wide", "Read(~/.ssh)") + pattern("ask", "narrow", "Read(~/.ssh/config)"),
      [["narrow", "Read /home/user/.ssh/config"]],
    ],
    ["a folder beside", pattern("allow", "a", "Edit(//srv/app/**)") + pattern("allow", "b", "Edit(//srv/apps/**)"), []],
    ["reading and writing", pattern("allow", "a", "Read(//srv/**)") + pattern("allow", "b", "Edit(//srv/app/**)"), []],
    [
      "a tool, which is not what the shell reads",
      pattern("allow", "a", "Read") + pattern("allow", "b", "Read(//srv/**)"),
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
      lintPolicy(policyOf(rule("allow", "a", `tool = "Bash"\nfields.command = '${regex}'`)))
        .map(({ code }) => code)
        .filter((code) => code !== "lint-danger");
    expect(codes("npm test")).toEqual(["lint-unanchored"]);
    expect(codes("^npm test")).toEqual([]);
    expect(codes("(?:^npm|^yarn) test")).toEqual([]);
  });
});

describe("a rule that covers more than people mean", () => {
  const dangers = (text: string) =>
    lintPolicy(policyOf(text))
      .filter(({ code }) => code === "lint-danger")
      .map(({ rule: name, message }) => [name, message]);

  it.each<[string, string, RegExp]>([
    ["find", pattern("allow", "find", "Bash(find *)"), /`find \. -delete`/],
    ["git log", pattern("allow", "log", "Bash(git log *)"), /`git log --output=/],
    ["reading anything", pattern("allow", "read", "Read(//**)"), /\.env`/],
    ["any address", pattern("allow", "web", "WebFetch"), /169\.254/],
  ])("%s", (_name, text, witness) => {
    expect(dangers(text)).toEqual([[expect.any(String), expect.stringMatching(witness)]]);
  });

  it("but not what another rule asks about", () => {
    const asks = rule(
      "ask",
      "a",
      'shell = { program = ["find"], flags_any = ["-delete", "-fprintf", "-exec", "-ok"] }',
    );
    expect(dangers(pattern("allow", "find", "Bash(find *)") + asks)).toEqual([]);
  });

  it("but not a closed rule", () => {
    expect(dangers(pattern("allow", "one", "Bash(npm run test)"))).toEqual([]);
  });
});

describe("validate --lint", () => {
  const twice = pattern("allow", "wide", "Bash(npm run lint *)") + pattern("allow", "narrow", "Bash(npm run lint src)");

  it("exits 1 with findings, 0 without", () => {
    const world = freshWorld(twice);
    expect(world.run(["validate"]).code).toBe(0);
    const found = world.run(["validate", "--lint", "--json"]);
    expect(found.code).toBe(1);
    expect(JSON.parse(found.stdout).problems.map(({ code }: { code: string }) => code)).toEqual(["lint-subsumed"]);
    expect(freshWorld(pattern("allow", "one", "Bash(git log)")).run(["validate", "--lint"]).code).toBe(0);
  });

  it("names what never hit when there is a log", () => {
    const world = freshWorld(pattern("allow", "log", "Bash(git log -1)") + pattern("allow", "idle", "Bash(make idle)"));
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
    const codes: readonly string[] = problems.map(({ code }: { code: string }) => code);
    expect(codes.filter((code) => code !== "lint-broad" && code !== "lint-danger")).toEqual([]);
  });
});
