import { describe, expect, it } from "vitest";
import { asWarning, ERROR_CODES, formatProblem, problem, shown } from "../../src/core/errors.js";
import { parsePolicyFile } from "../../src/core/policy/parse-policy-file.js";
import { PROJECT, read, said, USER } from "./read-policy.js";

const deny = (body: string) => `[[deny]]\n${body}\n`;

/** text -> exactly what is said about it */
const CATALOGUE: readonly (readonly [name: string, text: string, expected: string])[] = [
  [
    "a backslash in double quotes",
    deny('tool = "Bash"\nfields.command = "\\d+"'),
    "config.toml:3:20: error: unrecognised escape sequence\n  hint: write regexes in single quotes: 'a\\.b' keeps its backslashes",
  ],
  [
    "a value without quotes",
    deny("tool = Bash"),
    "config.toml:2:8: error: invalid value\n  hint: put the value in quotes",
  ],
  [
    "a key twice",
    deny('tool = "Bash"\ntool = "Read"'),
    "config.toml:3:1: error: trying to redefine an already defined table or value\n  hint: merge the two, or write [[name]] for a list of tables",
  ],
  [
    "an unknown key",
    deny('tool = "Bash"\npatern = "Bash(x)"'),
    "config.toml:3:1: error: unknown key `patern` in [[deny]]\n  hint: did you mean `pattern`?",
  ],
  [
    "a key one table too high",
    deny('tool = "Bash"\nflags_all = ["-r"]'),
    "config.toml:3:1: error: unknown key `flags_all` in [[deny]]\n  hint: did you mean `flags_all` in `shell`?",
  ],
  [
    "a misspelt kind",
    '[[denny]]\ntool = "Bash"\n',
    "config.toml:1:1: error: unknown key `denny` in the file\n  hint: did you mean `deny`?",
  ],
  [
    "one bracket",
    '[deny]\ntool = "Bash"\n',
    "config.toml:1:1: error: `deny` must be a list of tables, not one table\n  hint: write [[deny]] with two brackets",
  ],
  [
    "a number for a string",
    deny('tool = "Bash"\nreason = 5'),
    "config.toml:3:1: error: `reason` must be a string, not 5",
  ],
  [
    "a wrong item in a list",
    deny('[deny.shell]\nprogram = ["rm", 5]'),
    "config.toml:3:18: error: `shell.program` must be a string or a list of strings, not 5",
  ],
  [
    "a wrong word",
    deny('tool = "Bash"\nsession = "headles"'),
    'config.toml:3:1: error: `session` must be one of "headless", "interactive", not "headles"\n  hint: did you mean `headless`?',
  ],
  [
    "quoted truth",
    deny('tool = "Bash"\nraw = "true"'),
    'config.toml:3:1: error: `raw` must be true or false, not "true"\n  hint: write it without quotes',
  ],
  [
    "an unknown setting",
    "[settings.llm]\ntimeout = 5\n",
    "config.toml:2:1: error: unknown key `timeout` in settings.llm\n  hint: did you mean `timeout_ms`?",
  ],
  [
    "a duration without unit",
    '[settings.llm]\ncache_ttl = "24"\n',
    'config.toml:2:1: error: `cache_ttl` must be a duration, not `24`\n  hint: write a number and a unit, like "24h" or "7d"',
  ],
  [
    "no date",
    deny('tool = "Bash"\nexpires = "soon"'),
    "config.toml:3:1: error: `expires` must be a date, not `soon`\n  hint: write 2027-01-31 or 2027-01-31T12:00:00Z",
  ],
  [
    "a date that does not exist",
    deny('tool = "Bash"\nexpires = "2027-02-31"'),
    "config.toml:3:1: error: `expires` must be a date, not `2027-02-31`\n  hint: write 2027-01-31 or 2027-01-31T12:00:00Z",
  ],
  [
    "no condition",
    deny('name = "all"'),
    'config.toml:1:1: error: rule `all`: the rule has no condition, so it would match every call\n  hint: add `pattern`, `tool`, `fields` or `shell`; if every call is meant, write tool = ".*"',
  ],
  [
    "an empty list",
    deny("[deny.shell]\nprogram = []"),
    "config.toml:3:1: error: `shell.program` is an empty list, so the rule could never match\n  hint: fill it or remove the key",
  ],
  [
    "a name that breaks a line",
    deny('name = "a\\nb"\ntool = "Bash"'),
    "config.toml:2:1: error: rule `a\\nb`: `a\\nb` cannot be a rule's name\n  hint: use up to 100 letters, digits, spaces and `-_.:/`, beginning with a letter or digit",
  ],
  [
    "a tool in small letters",
    deny('tool = "bash"'),
    "config.toml:2:1: error: the rule can never match: there is no tool `bash`\n  hint: did you mean `Bash`?",
  ],
  [
    "flags that exclude each other",
    deny('[deny.shell]\nprogram = "rm"\nflags_all = "-r"\nflags_none = ["-r"]'),
    "config.toml:5:1: error: the rule can never match: `-r` is in `flags_all` and in `flags_none`\n  hint: remove one of the two",
  ],
  [
    "a pattern and another tool",
    deny('tool = "Read"\npattern = "Bash(ls)"'),
    "config.toml:2:1: error: the rule can never match: `tool` and `pattern` name different tools",
  ],
  [
    "a field of another tool",
    deny('tool = "Read"\nfields.command = "x"'),
    "config.toml:2:1: error: the rule can never match: `Read` has no field `command`\n  hint: its main field is `file_path`",
  ],
  [
    "structure of a tool that is no shell",
    deny('tool = "Read"\nshell.program = "rm"'),
    'config.toml:3:1: error: the rule can never match: `tool` is no shell\n  hint: write tool = "Bash", or leave it out',
  ],
  [
    "a slow regex",
    deny("tool = \"Bash\"\nfields.command = '^(a+)+$'"),
    "config.toml:3:1: error: `fields.command` can take exponential time: `^(a+)+$`\n  hint: remove the repetition inside a repetition, or make its parts exclude each other",
  ],
  [
    "a cubic regex",
    deny("tool = \"Bash\"\nfields.command = 'curl.*\\|.*sh'"),
    "config.toml:3:1: error: `fields.command` can take time in the power of 3: `curl.*\\|.*sh`\n  hint: begin with `^`, or replace `.*` by a class that stops at the next word, like `[^|]*`",
  ],
  [
    "flags inside a regex",
    deny("tool = \"Bash\"\nfields.command = '(?i)rm'"),
    "config.toml:3:1: error: `(?i)` in `fields.command` is not JavaScript's spelling: flags cannot be set inside a regex\n  hint: write both cases, like `[rR][mM]`",
  ],
  [
    "an unclosed group",
    deny("tool = \"Bash\"\nfields.command = '(rm'"),
    "config.toml:3:1: error: `fields.command` is not a valid regex: unterminated group at character 4",
  ],
  [
    "a word boundary eaten by double quotes",
    deny('tool = "Bash"\nfields.command = "\\brm("'),
    "config.toml:3:1: error: `fields.command` is not a valid regex: unterminated group at character 5\n  hint: write regexes in single quotes: '\\bword\\b' keeps its backslashes",
  ],
  [
    "a wrapper without program",
    "[[wrapper]]\nskip = 1\n",
    "config.toml:1:1: error: `program` is missing in [[wrapper]]\n  hint: add `program`, a string",
  ],
  [
    "a key that JavaScript would act on",
    '[[deny]]\ntool = "Bash"\n[deny.fields]\n__proto__ = "x"\n',
    "config.toml:1:1: error: the key `__proto__` cannot be used\n  hint: rename or remove it",
  ],
];

describe("the error catalogue", () => {
  it.each(CATALOGUE)("says what is wrong with %s", (_, text, expected) => {
    const { problems } = parsePolicyFile(text, USER);
    expect(said(problems)).toEqual([expected]);
  });

  it("tells everything that is wrong at once, in the order of the file", () => {
    const { problems, file } = read(`${deny("tool = 5")}${deny('tool = "Read"')}${deny('pattern = "Bash(done)"')}`);
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ["wrong-type", 2],
      ["pattern-fragment", 6],
    ]);
    expect(file.rules.map((rule) => rule.source.line)).toEqual([3]);
    expect(file.sound).toBe(false);
  });

  it("refuses what a project may not say, and keeps its rules", () => {
    const text =
      '[settings]\nfail = "passthrough"\n[[wrapper]]\nprogram = "x"\n[[deny_promote]]\ntool = "Bash"\n[[ask]]\ntool = "Bash"\n';
    const { problems, file } = read(text, PROJECT);
    expect(said(problems)).toEqual(
      [
        ["1:1", "settings"],
        ["3:1", "wrapper"],
        ["5:1", "deny_promote"],
      ].map(
        ([at, key]) =>
          `claude-permit.toml:${at}: error: \`${key}\` is not accepted in a project file\n  hint: move it to your own config.toml`,
      ),
    );
    expect(file.rules.map(({ kind }) => kind)).toEqual(["ask"]);
    expect([file.settings, file.wrappers]).toEqual([{}, []]);
  });

  it("has no placeholder that is left unfilled by mistake", () => {
    for (const [code, entry] of Object.entries(ERROR_CODES)) {
      expect(entry.message, code).toMatch(/^(?:[a-z`{]|Claude Code)/);
      expect(`${entry.message}${entry.hint ?? ""}`, code).not.toMatch(/\{\s|\{\}/);
    }
  });

  it("shows hostile text without letting it act on a terminal", () => {
    expect(shown("a\u001b[31m\u202eb\u0000\ud800")).toBe("a\\u{1b}[31m\\u{202e}b\\u{0}\\u{d800}");
    expect([...shown("x".repeat(500))]).toHaveLength(200);
    const found = problem("unknown-key", { key: "\u001b]0;x", where: "the file", hint: "" }, { file: "a\nb", line: 1 });
    expect(formatProblem(found)).toBe("a\\nb:1: error: unknown key `\\u{1b}]0;x` in the file");
  });

  it("keeps a finding's text when a stranger's file makes it a warning", () => {
    const found = problem("duplicate-name", { name: "a", first: "x:1" }, { file: "y", line: 2, column: 3 });
    expect(asWarning(found)).toEqual({ ...found, severity: "warning" });
  });
});
