import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { importOlderConfig } from "../../src/analyze/import/import-older-config.js";
import { formatProblem } from "../../src/core/errors.js";
import { parsePolicyFile } from "../../src/core/policy/parse-policy-file.js";

const convert = (text: string) =>
  importOlderConfig(text, { file: "old.toml", resolveInclude: (path) => `/etc/hook/${path}` });

function rulesIn(toml: string) {
  const read = parsePolicyFile(toml, { file: "out.toml", layer: "user", baseFolder: "", trusted: true });
  expect(read.problems.filter((one) => one.severity === "error").map(formatProblem)).toEqual([]);
  return read.policyFile?.rules ?? [];
}

const FIXTURES = new URL("../../fixtures/import/", import.meta.url);
const EXAMPLE = readFileSync(new URL("older-hook.toml", FIXTURES), "utf8");
const EXPECTED = readFileSync(new URL("older-hook.expected.toml", FIXTURES), "utf8");

describe("importOlderConfig", () => {
  it("says in our words what means the same in them, and keeps the rest", () => {
    const { toml, rules, problems } = convert(EXAMPLE);
    expect(toml).toBe(EXPECTED);
    expect(rules).toBe(4);
    expect(problems.map((one) => one.code)).toEqual(["older-ignored"]);
  });

  it("gives rules that decide as the older file's do", () => {
    const essence = (text: string) =>
      rulesIn(text)
        .map(({ source, name, ...rest }) => JSON.stringify(rest))
        .sort();
    expect(essence(convert(EXAMPLE).toml)).toEqual(essence(EXAMPLE));
  });

  it("takes the fork's sections with it, disabled ones disabled", () => {
    const { toml } = convert(`
[git]
priority = 1
[[git.deny]]
tool = "Bash"
command_regex = "push --force"
[old]
enabled = false
[[old.allow]]
tool = "Bash"
command_regex = "^ls"
`);
    expect(rulesIn(toml).map(({ kind, enabled }) => [kind, enabled])).toEqual([
      ["deny", true],
      ["allow", false],
    ]);
  });

  it("refuses an allow that never matched there and would allow everything here", () => {
    const { rules, problems } = convert('[[allow]]\ntool = "Bash"\n\n[[deny]]\ntool = "Bash"\n');
    expect(rules).toBe(1);
    expect(problems.map(formatProblem)).toEqual([
      "old.toml:1:1: error: an allow rule for `Bash` without a regex never matched in claude-code-permissions-hook; here it would allow every call\n  hint: add a condition, or write the rule yourself",
    ]);
  });

  it("says which rules it could not read, and takes the others", () => {
    const { rules, problems } = convert(
      '[[allow]]\ntool = "Bash"\ncommand_regex = "("\n\n[[deny]]\ntool = "Bash"\ncommand_regex = "rm"\n',
    );
    expect(rules).toBe(1);
    expect(problems.map(({ code, line }) => [code, line])).toEqual([["regex-syntax", 3]]);
  });

  it("says that the model stays off", () => {
    const { problems } = convert('[llm_fallback]\nenabled = true\n[[deny]]\ntool = "Bash"\ncommand_regex = "rm"\n');
    expect(problems.filter((one) => one.message.includes("[llm_fallback]"))).toHaveLength(1);
  });

  it.each([["[[allow"], ["\u0000"], [""], ["x = 1"], ["allow = 3"]])("never throws: %j", (text) => {
    expect(convert(text).rules).toBe(0);
  });
});
