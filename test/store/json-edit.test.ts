import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editText, editValue, type JsonEdit } from "../../src/store/json-edit.js";
import { parseJsonText } from "../../src/store/json-text.js";
import { oddJson } from "./odd-json.js";

const append = (path: (string | number)[], key: string | null, value: unknown): JsonEdit => ({
  kind: "append",
  path,
  key,
  value,
});
const remove = (...path: (string | number)[]): JsonEdit => ({ kind: "remove", path });

describe("editText keeps the manner of the text", () => {
  it.each([
    ["indented by two", '{\n  "a": 1\n}\n', append([], "b", [2]), '{\n  "a": 1,\n  "b": [\n    2\n  ]\n}\n'],
    ["indented by tabs", '{\n\t"a": 1\n}', append([], "b", { c: 2 }), '{\n\t"a": 1,\n\t"b": {\n\t\t"c": 2\n\t}\n}'],
    ["with Windows line ends", '{\r\n "a": 1\r\n}', append([], "b", [2]), '{\r\n "a": 1,\r\n "b": [\r\n  2\r\n ]\r\n}'],
    ["on one line", '{ "a" : 1 }', append([], "b", { c: [2] }), '{ "a" : 1, "b": {"c":[2]} }'],
    ["an empty list inside", '{\n  "a": []\n}', append(["a"], null, 1), '{\n  "a": [\n    1\n  ]\n}'],
    ["the first of two", '{"a": 1,  "b": 2}', remove("a"), '{"b": 2}'],
    ["the last of two, without white space", "[1,2]", remove(1), "[1]"],
    ["the only one", '{"a": [ 1 ]}', remove("a", 0), '{"a": []}'],
    ["the last of a key written twice", '{"a":1,"a":2}', remove("a"), '{"a":1}'],
  ])("%s", (_, text, edit, expected) => {
    expect(editText(text, edit)).toBe(expected);
  });

  it("says what the edited value says, and taking the edit back gives the same bytes", () => {
    fc.assert(
      fc.property(oddJson(), fc.json(), ({ text, value }, added) => {
        const key = "an appended key";
        const edit = append([], key, JSON.parse(added));
        const after = editText(text, edit);
        expect(JSON.parse(after)).toEqual(JSON.parse(JSON.stringify(editValue(value, edit))));
        if (Object.keys(value).length > 0) expect(editText(after, remove(key))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it("throws for a place that is not there", () => {
    expect(() => editText("{}", remove("a"))).toThrow("no JSON value at a");
  });
});

describe("parseJsonText", () => {
  it("refuses what is nested deeper than can be followed, as a value", () => {
    const text = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    expect(parseJsonText(text)).toMatchObject({ kind: "fault", fault: { detail: "it is nested too deep" } });
  });
});
