import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_FILE_BYTES, parsePolicyFile } from "../../src/core/policy/parse-policy-file.js";
import { parseToml } from "../../src/core/policy/toml.js";
import { type TomlPath, tomlPositions } from "../../src/core/policy/toml-positions.js";
import { USER } from "./read-policy.js";

const INVALID = readFileSync(new URL("../../fixtures/policy/toml-invalid.jsonl", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line): { name: string; text: string } => JSON.parse(line));

describe("parseToml", () => {
  it("refuses every invalid document of toml-test with its place", () => {
    expect(INVALID.length).toBeGreaterThan(300);
    const accepted: string[] = [];
    for (const { name, text } of INVALID) {
      const { policyFile, problems } = parsePolicyFile(text, USER);
      if (policyFile !== null) accepted.push(name);
      else {
        expect([problems.length, problems[0]?.code, problems[0]?.file], name).toEqual([
          1,
          "toml-syntax",
          "config.toml",
        ]);
        expect(Math.min(problems[0]?.line ?? 0, problems[0]?.column ?? 0), name).toBeGreaterThan(0);
      }
    }
    expect(accepted).toEqual([]);
  });

  it("gives tables without a prototype, so a key is only what the file says", () => {
    const read = parseToml("constructor = 1\n[toString]\nhasOwnProperty = 2\n", "f");
    if (read.kind !== "table") throw new Error("not read");
    expect(Object.getPrototypeOf(read.table)).toBeNull();
    expect(Object.keys(read.table)).toEqual(["constructor", "toString"]);
  });

  it.each([
    ["a key", '__proto__ = "x"'],
    ["a dotted key", "[[deny]]\nfields.__proto__.command = 'x'"],
    ["a quoted key", '[[deny]]\n"__proto__" = 1'],
    ["an inline table", "[[deny]]\nmatch = [{ __proto__ = { polluted = true } }]"],
    ["a header", "[settings.__proto__]\nfail = 'deny'"],
  ])("refuses __proto__ as %s", (_, text) => {
    const { policyFile, problems } = parsePolicyFile(text, USER);
    expect([policyFile, problems.map(({ code }) => code)]).toEqual([null, ["unusable-key"]]);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it.each([
    ["brackets", `a = ${"[".repeat(100_000)}`],
    ["closed brackets", `a = ${"[".repeat(5_000)}${"]".repeat(5_000)}`],
    ["inline tables", `a = ${"{a=".repeat(5_000)}1${"}".repeat(5_000)}`],
    ["a header", `[${"a.".repeat(50_000)}a]`],
    ["a dotted key", `${"a.".repeat(50_000)}a = 1`],
  ])("refuses deep nesting of %s", (_, text) => {
    const { policyFile, problems } = parsePolicyFile(text, USER);
    expect([policyFile, problems.length, problems[0]?.code]).toEqual([null, 1, "toml-syntax"]);
  });

  it.each([
    ["letters", "x".repeat(MAX_FILE_BYTES)],
    ["NULs", "\0".repeat(MAX_FILE_BYTES)],
    ["quotes", '"'.repeat(MAX_FILE_BYTES)],
    ["line ends", "\r".repeat(MAX_FILE_BYTES)],
    ["lone surrogates", "\ud800".repeat(MAX_FILE_BYTES / 4)],
  ])("refuses a megabyte of %s quickly", (_, text) => {
    expect(parsePolicyFile(text, USER).policyFile).toBeNull();
  });

  it("refuses a file that is too large before reading it", () => {
    const { problems } = parsePolicyFile("#".repeat(MAX_FILE_BYTES + 1), USER);
    expect(problems.map(({ code }) => code)).toEqual(["file-too-large"]);
  });

  it("accepts a byte order mark and CRLF, and counts columns in characters", () => {
    const { problems } = parsePolicyFile('\ufeff[[deny]]\r\ntool = "Bash"\r\nraw = 5\r\n', USER);
    expect(problems.map(({ line, column }) => [line, column])).toEqual([[3, 1]]);
  });
});

describe("tomlPositions", () => {
  const read = tomlPositions(
    [
      "include = [",
      '  "a.toml",',
      "]",
      "[[deny]]",
      "[[deny]]",
      'name = "x"',
      "  [deny.shell]",
      "  redirects.write = ['/etc']",
      'match = [{ command = "x", "a b" = 1 }]',
      "[settings.llm]",
      "enabled = true",
    ].join("\n"),
  );
  const at = (path: TomlPath) => (read.kind === "positions" ? read.positions(path) : undefined);
  it.each<[TomlPath, number, number]>([
    [["include"], 1, 1],
    [["include", 0], 2, 3],
    [["deny"], 4, 1],
    [["deny", 1], 5, 1],
    [["deny", 1, "name"], 6, 1],
    [["deny", 1, "shell"], 7, 3],
    [["deny", 1, "shell", "redirects", "write"], 8, 3],
    [["deny", 1, "shell", "redirects", "write", 0], 8, 22],
    [["deny", 1, "shell", "match", 0, "a b"], 9, 27],
    [["settings"], 10, 1],
    [["settings", "llm", "enabled"], 11, 1],
    [["deny", 1, "shell", "flags_all"], 7, 3],
    [["nowhere"], 1, 1],
  ])("knows where %j stands", (path, line, column) => {
    expect(at(path)).toEqual({ line, column });
  });
});

describe("parsePolicyFile", () => {
  const word = fc.constantFrom(
    ..."deny ask allow settings include wrapper shell fields exclude pattern tool program name match 1 0x 'a' \"b".split(
      " ",
    ),
    ..."\"Bash(x)\" '(' = [ ] [[ ]] { } , . # \n \n \n \\ __proto__ true 2027-01-01 ''' \"\"\" \u2028".split(" "),
  );
  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(word).map((words) => words.join(" ")),
        ),
        (text) => {
          const { policyFile, problems } = parsePolicyFile(text, USER);
          expect(policyFile === null || policyFile.sound).toBe(
            problems.every(({ severity }) => severity !== "error") || policyFile === null,
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it("never throws, whatever valid TOML says", () => {
    const value = fc.jsonValue({ maxDepth: 3 }).map((json) =>
      JSON.stringify(json)
        .replace(/\bnull\b/g, "0")
        .replace(/":/g, '"='),
    );
    const key = fc.constantFrom(
      ..."name tool pattern fields exclude shell match expires raw cwd session promoted_at id tool_regex".split(" "),
    );
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name }), (pairs) => {
        const body = pairs.map(([name, text]) => `${name} = ${text}`).join("\n");
        for (const kind of ["deny", "allow"]) parsePolicyFile(`[[${kind}]]\n${body}\n`, USER);
      }),
      { numRuns: 150 },
    );
  });
});
