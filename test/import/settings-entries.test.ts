import { describe, expect, it } from "vitest";
import { readSettingsEntries } from "../../src/analyze/import/settings-entries.js";

const read = (text: string) => {
  const { entries, problems } = readSettingsEntries(text, "s.json");
  return {
    entries: entries.map(({ kind, text: entry, line, column }) => `${line}:${column} ${kind} ${entry}`),
    problems: problems.map(({ line, column, code, message }) => `${line}:${column} ${code}: ${message}`),
  };
};

describe("readSettingsEntries", () => {
  it("places every entry, strictest list first", () => {
    const text =
      '{\n  "permissions": {\n    "allow": ["Read", "Bash(a:*)"],\n    "deny": [\n      "Read(.env)"\n    ]\n  }\n}';
    expect(read(text)).toEqual({
      entries: ["5:7 deny Read(.env)", "3:15 allow Read", "3:23 allow Bash(a:*)"],
      problems: [],
    });
  });

  it.each([
    ["", "1:1 settings-json: not valid JSON: a value is expected"],
    ['{"a": 1,}', "1:9 settings-json: not valid JSON: a property name in double quotes is expected"],
    ['{\n  // no\n  "a": 1\n}', "2:3 settings-json: not valid JSON: JSON has no comments"],
    ['{"permissions": {"allow": ["x" "y"]}}', "1:32 settings-json: not valid JSON: a comma is expected"],
    ['{"permissions": {"allow": ["x"]', "1:32 settings-json: not valid JSON: `}` is expected"],
    ['{"a": "x\ny"}', "1:7 settings-json: not valid JSON: the string does not end"],
    ["{} {}", "1:4 settings-json: not valid JSON: there is text after the end"],
  ])("tells what is wrong and where in %j, and takes nothing", (text, expected) => {
    expect(read(text)).toEqual({ entries: [], problems: [expected] });
  });

  it("passes over what has another type, and says so", () => {
    expect(read('{"permissions": {"allow": ["a", 1, null], "deny": "x"}}')).toEqual({
      entries: ["1:28 allow a"],
      problems: [
        "1:51 wrong-type: `permissions.deny` must be a list, not a string",
        "1:33 wrong-type: `permissions.allow` must be a string, not a number",
        "1:36 wrong-type: `permissions.allow` must be a string, not null",
      ],
    });
    expect(read("[]").problems).toEqual(["1:1 wrong-type: `the file` must be an object, not a list"]);
    expect(read('{"hooks": {}}')).toEqual({ entries: [], problems: [] });
  });

  it("takes the last of two lists with one name, as JSON readers do", () => {
    expect(read('{"permissions": {"deny": ["a"], "deny": ["b"]}}').entries).toEqual(["1:42 deny b"]);
  });
});
