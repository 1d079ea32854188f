import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { includesOf } from "../../src/core/policy/policy-file.js";
import { compile, oneRule, PROJECT, read, said } from "./read-policy.js";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/policy/${name}`, import.meta.url), "utf8");
const allow = (body: string) => `[[allow]]\n${body}\n`;

describe("the older dialect", () => {
  it("loads its flat layout", () => {
    const { file, problems } = read(fixture("older-flat.toml"));
    expect(problems.map(({ severity, code, line }) => [severity, code, line])).toEqual([
      ["warning", "older-ignored", 2],
    ]);
    expect(
      file.rules.map(({ kind, tool, fields, exclude }) => [
        kind,
        tool?.source,
        ...fields.map(({ field, regex }) => `${field} /${regex.source}/${regex.flags}`),
        ...exclude.map(({ field, regex, seesRaw }) => `not ${field} /${regex.source}/ raw=${seesRaw}`),
      ]),
    ).toEqual([
      ["allow", "^(?:Read)$", "file_path /^/home/user/code/.*/u", "not file_path /\\.\\./ raw=true"],
      ["allow", "^(?:Glob)$", "path /^/home/user/code//u"],
      ["allow", "^(?:Bash)$", "command /^npm (run )?(build|test)\\b/iu", "not command /&|;|\\||`|\\$\\(/ raw=true"],
      ["allow", "^(?:Task)$", "subagent_type /^code-reviewer$/u"],
      ["deny", "^(?:Bash)$", "command /^[\\t\\n\\v\\f\\r ]*rm +.*-rf/u"],
      ["deny", "^(?:Read)$", "file_path /\\.(env|secret)$/u"],
    ]);
  });

  it("loads its sections, includes and LLM settings", () => {
    const { file, problems } = read(fixture("older-sections.toml"));
    expect(said(problems)).toEqual([
      "config.toml:2:1: warning: `[logging]` of claude-code-permissions-hook has no meaning here\n  hint: every decision is in `audit.jsonl` of claude-permit's home; `[settings.audit]` sets its limits",
      "config.toml:10:1: warning: `temperature` of claude-code-permissions-hook has no meaning here",
      'config.toml:13:1: warning: `includes ".env"` of claude-code-permissions-hook has no meaning here\n  hint: include `.toml` files only',
    ]);
    expect(includesOf(file).map(({ path, source }) => [path, source.line])).toEqual([["more.toml", 13]]);
    expect(file.settings).toEqual({ llm: { enabled: true, model: "claude-haiku-4-5", timeoutMs: 20_000 } });
    expect(file.rules.map(({ name, enabled, source }) => [name, enabled, source.line])).toEqual([
      ["deny-disk-writes", true, 19],
      ["allow-search-server", true, 28],
      ["allow-everything-once", false, 36],
    ]);
  });

  it("leaves its tool regexes unanchored, with their exclude", () => {
    const rule = compile(fixture("older-sections.toml")).rules[1];
    const tool = new RegExp(rule?.tool?.source ?? "", rule?.tool?.flags);
    const names = [
      "mcp__search__find",
      "mcp__search__delete_all",
      "mcp__search__write_x",
      "xmcp__search__find",
      "Bash",
    ];
    expect(names.map((name) => tool.test(name))).toEqual([true, false, false, false, false]);
    expect(new RegExp(oneRule(allow("tool_regex = 'Re'")).tool?.source ?? "", "u").test("Read")).toBe(true);
  });

  it("shows the whole text to a deny regex that names an operator, as it was there", () => {
    const raw = (kind: string, regex: string) =>
      oneRule(`[[${kind}]]\ntool = "Bash"\ncommand_regex = '${regex}'\n`).raw;
    expect([raw("deny", "^curl [^|]*\\|"), raw("deny", "^rm (?:-r|-f)"), raw("allow", "^cd [^&]*&& ls$")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each([
    ["an exclude alone", 'tool = "Bash"\ncommand_exclude_regex = ";"', "older-exclude", 3],
    ["a tool's exclude alone", 'tool_exclude_regex = "^mcp"\ntool = "Read"', "older-exclude", 2],
    ["either of two", 'tool = "Task"\nsubagent_type = "a"\nprompt_regex = "b"', "older-either", 4],
    ["both tools", 'tool = "Task"\ntool_regex = "a"', "older-both", 3],
    ["both names", 'tool = "Task"\nname = "a"\nid = "b"', "older-both", 4],
    ["a regex without translation", "tool = 'Bash'\ncommand_regex = '[a-z&&[^b]]'", "regex-idiom", 3],
  ])("refuses %s", (_, body, code, line) => {
    const { file, problems } = read(allow(body));
    expect(problems.map((found) => [found.code, found.line])).toEqual([[code, line]]);
    expect(file.rules).toEqual([]);
  });

  it("accepts no LLM settings from a project, but its rules", () => {
    const { problems, file } = read(fixture("older-sections.toml"), PROJECT);
    expect(problems.filter(({ severity }) => severity === "error").map(({ code, line }) => [code, line])).toEqual([
      ["project-key", 6],
    ]);
    expect(file.settings).toEqual({});
    expect(file.rules).toHaveLength(3);
  });

  it("says which of its settings have the wrong type", () => {
    const { problems } = read('[llm_fallback]\nenabled = "yes"\ntimeout_secs = -1\nmodel = 5\n');
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ["wrong-type", 2],
      ["wrong-type", 3],
      ["wrong-type", 4],
    ]);
  });

  it("does not take any unknown table for a section", () => {
    const { problems } = read('[setings]\nfail = "deny"\n[tools]\nallow = "Bash"\n');
    expect(problems.map(({ code, hint }) => [code, hint])).toEqual([
      ["unknown-key", "did you mean `settings`?"],
      ["unknown-key", expect.stringContaining("known are")],
    ]);
  });
});
