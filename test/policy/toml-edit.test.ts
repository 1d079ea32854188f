/** Edits of TOML text: what was not named keeps its bytes, what was named reads back, and doubt refuses. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseToml } from "../../src/core/policy/toml.js";
import {
  addRule,
  addRuleText,
  removeKey,
  removeRule,
  rulePaths,
  setKey,
  type TomlEdit,
  toggleRule,
  updateRule,
  valueAt,
} from "../../src/core/policy/toml-edit.js";

const text = (edit: TomlEdit): string => (edit.kind === "edited" ? edit.text : expect.fail(edit.detail));

const DOCUMENT = `# head
include = [ "a.toml" ,
  # why b
  "b.toml" ]

# about x
[[deny]]   # odd
name="x"   # spaced
  tool  =  "Bash"
   [deny.shell]
program = ["rm"]  
flags_all = [ '-r','-f', ]

[[deny]]
name = 'y'
pattern = '''Bash(a *)'''

[settings]
fail = "ask" # z
audit = { rotate_bytes = 65_536, redact = [ ] }

# heading

[[allow]]
name = "z"
pattern = "Read(x)"
`;

describe("one edit", () => {
  it.each<[string, (document: string) => TomlEdit, string, string]>([
    ["replaces a value", (d) => setKey(d, ["settings", "fail"], "deny"), 'fail = "ask" # z', "fail = 'deny' # z"],
    [
      "adds a key below the last one of its table",
      (d) => setKey(d, ["settings", "on_yellow"], "ask"),
      "redact = [ ] }\n",
      "redact = [ ] }\non_yellow = 'ask'\n",
    ],
    [
      "adds to an inline table",
      (d) => setKey(d, ["settings", "audit", "retain_days"], 3),
      "redact = [ ] }",
      "redact = [ ], retain_days = 3 }",
    ],
    [
      "takes out of an inline table",
      (d) => removeKey(d, ["settings", "audit", "rotate_bytes"]),
      "{ rotate_bytes = 65_536, redact",
      "{ redact",
    ],
    [
      "opens a table after its neighbours",
      (d) => setKey(d, ["settings", "llm", "enabled"], true),
      "redact = [ ] }\n",
      "redact = [ ] }\n\n[settings.llm]\nenabled = true\n",
    ],
    [
      "takes a rule with its comment and its tables",
      (d) => removeRule(d, { name: "x" }),
      DOCUMENT.slice(DOCUMENT.indexOf("# about x"), DOCUMENT.indexOf("[[deny]]\nname = 'y'")),
      "",
    ],
    [
      "switches a rule off",
      (d) => toggleRule(d, { name: "y", kind: "deny" }, false),
      "'''Bash(a *)'''\n",
      "'''Bash(a *)'''\nenabled = false\n",
    ],
    [
      "changes a rule's own keys and those of its tables",
      (d) => updateRule(d, { name: "x" }, { tool: null, shell: { flags_all: null, program: ["mv"] } }),
      "  tool  =  \"Bash\"\n   [deny.shell]\nprogram = [\"rm\"]  \nflags_all = [ '-r','-f', ]\n",
      "   [deny.shell]\nprogram = ['mv']  \n",
    ],
    [
      "adds a table to a rule, before the next one begins",
      (d) => updateRule(d, { name: "x" }, { fields: { command: "a\\.b" } }),
      "flags_all = [ '-r','-f', ]\n",
      "flags_all = [ '-r','-f', ]\n[deny.fields]\ncommand = 'a\\.b'\n",
    ],
  ])("%s", (_, change, from, to) => {
    expect(DOCUMENT.split(from)).toHaveLength(2);
    expect(text(change(DOCUMENT))).toBe(DOCUMENT.replace(from, () => to));
    const windows = (one: string) => one.replaceAll("\n", "\r\n");
    expect(text(change(windows(DOCUMENT)))).toBe(windows(DOCUMENT.replace(from, () => to)));
    expect(text(change(`\uFEFF${DOCUMENT}`))).toBe(`\uFEFF${DOCUMENT.replace(from, () => to)}`);
  });

  it.each<[string, string, (document: string) => TomlEdit, string]>([
    ["the first rule of a new file", "", (d) => addRule(d, "ask", { tool: "Bash" }), "[[ask]]\ntool = 'Bash'\n"],
    [
      "a rule after a last line without end",
      "# only a comment",
      (d) => addRule(d, "deny", { name: "it's", tool: "a'b" }),
      '# only a comment\n\n[[deny]]\nname = "it\'s"\ntool = "a\'b"\n',
    ],
    [
      "a rule to an inline list",
      'allow = [ { tool = "A" } ]\n',
      (d) => addRule(d, "allow", { tool: "B", shell: { program: ["ls"] } }),
      "allow = [ { tool = \"A\" }, { tool = 'B', shell = { program = ['ls'] } } ]\n",
    ],
    [
      "one of an inline list gone",
      'allow = [\n  { name = "a" }, # first\n  { name = "b" }\n]\n',
      (d) => removeRule(d, { name: "b" }),
      'allow = [\n  { name = "a" } # first\n  \n]\n',
    ],
    [
      "a setting beside dotted ones",
      "settings.fail = 'ask'\n",
      (d) => setKey(d, ["settings", "llm", "model"], "m"),
      "settings.fail = 'ask'\nsettings.llm.model = 'm'\n",
    ],
    [
      "a root key before the first table",
      "# head\n\n# rule\n[[deny]]\ntool = 'A'\n",
      (d) => setKey(d, ["include"], ["a.toml"]),
      "# head\n\ninclude = ['a.toml']\n\n# rule\n[[deny]]\ntool = 'A'\n",
    ],
    [
      "rules as they are written",
      "[[deny]]\ntool = 'A'\n",
      (d) => addRuleText(d, "\n# because\n[[allow]] # x\ntool='B'\n"),
      "[[deny]]\ntool = 'A'\n\n# because\n[[allow]] # x\ntool='B'\n",
    ],
  ])("%s", (_, before, change, after) => expect(text(change(before))).toBe(after));

  it.each<[string, () => TomlEdit, RegExp]>([
    ["text that is no TOML", () => setKey("a = ", ["b"], 1), /./],
    ["a rule that is not there", () => removeRule(DOCUMENT, { name: "w" }), /no rule `w`/],
    [
      "a name that two rules have",
      () => removeRule("[[deny]]\nname='a'\n[[ask]]\nname='a'\n", { name: "a" }),
      /2 rules/,
    ],
    ["a value that TOML has no word for", () => setKey(DOCUMENT, ["settings", "fail"], { a: null }), /no place/],
    ["a table in the place of a table", () => setKey(DOCUMENT, ["settings"], { fail: "ask" }), /in place/],
    ["a key inside a value", () => setKey(DOCUMENT, ["settings", "fail", "x"], 1), /no place/],
    ["rules that are more than rules", () => addRuleText(DOCUMENT, "[settings]\nfail='deny'\n"), /no place/],
    ["what is not there", () => removeKey(DOCUMENT, ["settings", "llm"]), /no place/],
  ])("refuses %s", (_, change, detail) =>
    expect(change()).toMatchObject({ kind: "refused", detail: expect.stringMatching(detail) }),
  );

  it("finds rules of older sections, too", () => {
    const older = '[[risky.deny]]\nid = "a"\n[[allow]]\ntool = "B"\n';
    expect(rulePaths(older)).toMatchObject([
      { kind: "allow", line: 3 },
      { kind: "deny", name: "a", path: ["risky", "deny", 0], line: 1 },
    ]);
    expect(text(removeRule(older, { name: "a" }))).toBe('[[allow]]\ntool = "B"\n');
  });
});

/** Pieces of a document: rules with odd spacing, and what stands between them. */
const space = fc.constantFrom("", " ", "  ", "\t");
const value = fc.oneof(
  fc.string({ unit: "grapheme" }).map((one) => JSON.stringify(one).replaceAll("\u007F", "\\u007F")),
  fc.constantFrom(
    "'a\\.b'",
    "'''x\n# no comment\n[[deny]]\n'''",
    '["a", # c\n "b"]',
    "[]",
    "true",
    "12_000",
    "{ a = 1, b = ['c'] }",
  ),
);
const pair = (key: string) =>
  fc
    .tuple(space, space, value, fc.constantFrom("", " # note", "\t# [x]"))
    .map(([a, b, v, c]) => `${a}${key}${b}=${b}${v}${c}\n`);
const rule = fc
  .tuple(
    fc.constantFrom("deny", "ask", "allow"),
    fc.constantFrom("", "# above\n", "# one\n  # two\n"),
    pair("description"),
    fc.option(pair("program")),
    fc.constantFrom("", "\n"),
  )
  .map(([kind, above, plain, shell, gap]) => ({
    kind,
    text: (name: string) =>
      `${above}[[${kind}]]\nname = '${name}'\n${plain}${shell === null ? "" : `${gap}[${kind}.shell]\n${shell}`}`,
  }));
const between = fc.constantFrom("", "\n", "\n\n", "\n# heading\n\n", "\n# a\n\n# b\n\n");
const document = fc
  .tuple(
    fc.constantFrom("", "# top\n\n", "include = []\n\n"),
    fc.array(fc.tuple(rule, between), { minLength: 1, maxLength: 5 }),
    fc.boolean(),
  )
  .map(([head, rules, isWindows]) => {
    const ends = (one: string) => (isWindows ? one.replaceAll("\n", "\r\n") : one);
    return {
      head: ends(head),
      rules: rules.map(([{ kind, text: of }, after], index) => ({
        kind,
        name: `rule-${index}`,
        text: ends(of(`rule-${index}`)),
        after: ends(after),
      })),
    };
  })
  // A control character in a generated string is not this file's question.
  .filter(({ head, rules }) => parseToml(whole({ head, rules }), "").kind === "table");

interface Written {
  readonly head: string;
  readonly rules: readonly {
    readonly kind: string;
    readonly name: string;
    readonly text: string;
    readonly after: string;
  }[];
}
function whole({ head, rules }: Written): string {
  return head + rules.map((one) => one.text + one.after).join("");
}
const withoutBlankLines = (one: string) => one.replace(/^[ \t]*\r?\n/gm, "");

describe("any document", () => {
  it("loses a rule and nothing else", () => {
    fc.assert(
      fc.property(document, fc.nat(), (written, pick) => {
        const index = pick % written.rules.length;
        const gone = written.rules[index];
        const after = text(removeRule(whole(written), { name: gone?.name ?? "" }));
        const rest = written.rules.filter((one) => one !== gone);
        const kept = whole({
          head: written.head,
          // Comments at the top of the file are the file's.
          rules: written.rules.map((one, at) =>
            one === gone
              ? {
                  ...one,
                  text: at === 0 && written.head === "" ? (/^(?:[ ]*#.*\r?\n)*/.exec(one.text)?.[0] ?? "") : "",
                }
              : one,
          ),
        });
        expect(withoutBlankLines(after)).toBe(withoutBlankLines(kept));
        for (const one of rest) expect(after).toContain(one.text);
      }),
      { numRuns: 300 },
    );
  });

  it("gets its bytes back when an addition is taken away", () => {
    const key = fc.constantFrom("tool", "reason", "x y", "cwd");
    const anyValue = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.boolean(),
      fc.integer(),
      fc.array(fc.string(), { maxLength: 3 }),
    );
    fc.assert(
      fc.property(document, fc.nat(), key, anyValue, (written, pick, name, set) => {
        const before = whole(written);
        const rules = rulePaths(before);
        const path = [...(rules[pick % rules.length]?.path ?? []), name];
        const after = text(setKey(before, path, set));
        expect(valueAt(after, path)).toEqual(typeof set === "string" ? set.toWellFormed() : set);
        expect(text(removeKey(after, path))).toBe(before);
        const trimmed = before.trimEnd() + (before.includes("\r\n") ? "\r\n" : "\n");
        expect(text(removeRule(text(addRule(trimmed, "allow", { name: "new", tool: "A" })), { name: "new" }))).toBe(
          trimmed,
        );
      }),
      { numRuns: 300 },
    );
  });

  it("changes a value in its place", () => {
    fc.assert(
      fc.property(document, fc.nat(), (written, pick) => {
        const index = pick % written.rules.length;
        const rules = written.rules.map((one, at) =>
          at === index ? { ...one, text: one.text.replace(`'${one.name}'`, '"other"') } : one,
        );
        const renamed = updateRule(whole(written), { name: `rule-${index}` }, { name: "other" });
        expect(text(renamed)).toBe(whole({ head: written.head, rules }));
      }),
      { numRuns: 200 },
    );
  });
});
