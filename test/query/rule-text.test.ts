import { describe, expect, it } from "vitest";
import { createRuleTexts } from "../../src/analyze/rule-text.js";
import { builtinRules } from "../../src/core/policy/guard-finding.js";
import type { Rule } from "../../src/core/policy/policy.js";
import { policyFrom } from "../engine/toml.js";

const TOML = `# top
[[deny]]
name = "no-force-push"
reason = "No."
match = ["git push --force"]
[deny.shell]
program = ["git"]
flags_any = ["--force"]

[[allow]]
tool = "Read|Grep"
[allow.fields]
file_path = '^/srv/'
# of the next one
[[ask]]
pattern = "Bash(git push *)"
`;

const { rules } = policyFrom(TOML);
const textsOf = (text: string | null) => {
  const read = createRuleTexts(() => text);
  return rules.map((rule) => read(rule));
};

describe("a rule as its file has it", () => {
  it("gives its lines and its conditions in the file's spelling", () => {
    expect(textsOf(TOML)).toEqual([
      {
        text: TOML.split("\n").slice(1, 8).join("\n"),
        conditions: { shell: { program: ["git"], flags_any: ["--force"] } },
      },
      {
        text: `[[allow]]\ntool = "Read|Grep"\n[allow.fields]\nfile_path = '^/srv/'\n# of the next one`,
        conditions: { tool: "Read|Grep", fields: { file_path: "^/srv/" } },
      },
      { text: '[[ask]]\npattern = "Bash(git push *)"', conditions: { pattern: "Bash(git push *)" } },
    ]);
  });

  it.each<[string, string | null]>([
    ["is gone", null],
    ["has changed since", TOML.replace("no-force-push", "other")],
    ["is no TOML any more", TOML.replace("[[deny]]", "[[deny")],
  ])("falls back on what was compiled when its file %s", (_, text) => {
    const [first] = textsOf(text);
    expect(first?.text).toBeNull();
    expect(first?.conditions).toMatchObject({ shell: { program: ["git"], flagsAny: ["--force"] } });
  });

  it.each([
    ["another rule stands there", TOML.replace('"Bash(git push *)"', '"Bash(git pull *)"')],
    ["it has become another's", TOML.replace("[[ask]]", '[[ask]]\nname = "new"')],
    ["lines were added above it", `# one\n# two\n${TOML}`],
  ])("knows a rule without a name by what it decides: %s", (_, text) => {
    const last = textsOf(text)[2];
    expect(last?.text).toBeNull();
    expect(last?.conditions).toMatchObject({ pattern: expect.anything() });
  });

  it.each([
    ["a list whose lines begin like headers", 'match = [\n["ls"][0],\n]', null],
    ["a list of tables", 'match = [\n  { command = "ls" },\n]', "pattern"],
    ["a list of one word a line", '[allow.shell]\nprogram = [\n"ls"\n]', "shell"],
    ["a nested list", "x = [\n[1],\n[2]\n]", "x"],
    ["a text over several lines", "description = '''\n[[deny]]\n[allow.x]\n[allow]\n'''", "pattern"],
    ["a header with spaces", '[ allow . shell ]\nprogram = ["ls"]', "shell"],
    ["a header with quotes", '["allow".shell]\nprogram = ["ls"]', "shell"],
    [
      "a comment about another's header",
      '# [allow.shell]\n[[ask]] # see [allow.shell]\npattern = "Bash(x)"',
      "pattern",
    ],
  ])("ends where the rule ends: %s", (_, more, key) => {
    const [head, whole] = ['[[allow]]\nname = "n"\npattern = "Bash(ls *)"\n', `${more}\n\n[[deny]]\nname = "next"\n`];
    const rule = { ...rules[1], name: "n", id: "n", kind: "allow", source: { file: "f", line: 1, column: 1 } } as Rule;
    const read = createRuleTexts(() => head + whole)(rule);
    if (key === null) return expect(read.text).toBeNull();
    const end = (head + whole).indexOf(more.includes("[[ask]]") ? "[[ask]]" : "\n\n[[deny]]");
    expect(read.text).toBe((head + whole).slice(0, end).trimEnd());
    expect(read.conditions).toHaveProperty(key);
  });

  it("finds an unnamed rule whose pattern begins at its file's folder", () => {
    const text = '[[allow]]\npattern = "Read(/notes/**)"\n';
    const [rule] = policyFrom(text).rules;
    if (rule === undefined) throw new Error("no rule");
    expect(createRuleTexts(() => text)(rule)).toEqual({
      text: text.trimEnd(),
      conditions: { pattern: "Read(/notes/**)" },
    });
  });

  it("reads each file once", () => {
    let reads = 0;
    const read = createRuleTexts(() => {
      reads += 1;
      return TOML;
    });
    rules.forEach(read);
    expect(reads).toBe(1);
  });

  it("a built-in rule has no text", () => {
    const [builtin] = builtinRules();
    if (builtin === undefined) throw new Error("no built-in rule");
    expect(createRuleTexts(() => TOML)(builtin).text).toBeNull();
  });
});
