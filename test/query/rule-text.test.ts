import { describe, expect, it } from "vitest";
import { createRuleTexts } from "../../src/analyze/rule-text.js";
import { builtinRules } from "../../src/core/policy/builtin.js";
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
    expect(textsOf(text)[0]?.conditions).toMatchObject({ shell: { program: ["git"], flagsAny: ["--force"] } });
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
