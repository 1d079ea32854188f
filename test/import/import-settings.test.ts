import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { importSettings, projectOfSettings } from "../../src/analyze/import/import-settings.js";
import { readSettingsEntries } from "../../src/analyze/import/settings-entries.js";
import { formatProblem } from "../../src/core/errors.js";
import { parsePolicyFile } from "../../src/core/policy/parse-policy-file.js";

const FIXTURES = new URL("../../fixtures/import/settings/", import.meta.url);
const fixture = (name: string) => readFileSync(new URL(name, FIXTURES), "utf8");
const settings = (lists: Readonly<Record<string, readonly string[]>>) => JSON.stringify({ permissions: lists });
const told = (text: string) => importSettings(text, { file: "s.json" }).problems.map(formatProblem);

function rulesIn(toml: string) {
  const { policyFile, problems } = parsePolicyFile(toml, {
    file: "out.toml",
    layer: "user",
    baseFolder: "/h",
    trusted: true,
  });
  expect(problems.filter((one) => one.severity === "error").map(formatProblem)).toEqual([]);
  return policyFile?.rules ?? [];
}

describe("importSettings", () => {
  it("writes rules a person can read, strictest first", () => {
    const text = settings({
      allow: ["Bash(npm run test:*)", "Read"],
      ask: ["Bash(git push *)"],
      deny: ["Read(./.env)"],
    });
    expect(importSettings(text, { file: "~/.claude/settings.json" })).toEqual({
      rules: 4,
      duplicates: 0,
      problems: [],
      toml: `# Rules taken from ~/.claude/settings.json: read them before use.

[[deny]]
name = "deny-read-env"
pattern = 'Read(./.env)'

[[ask]]
name = "ask-git-push"
pattern = 'Bash(git push *)'

[[allow]]
name = "allow-npm-run-test"
pattern = 'Bash(npm run test:*)'

[[allow]]
name = "allow-read"
pattern = 'Read'
`,
    });
  });

  it("keeps a project's rules in that project", () => {
    const text = settings({ allow: ["Read(/docs/**)", "Read(//etc/hosts)", "Bash(make)"] });
    const { toml } = importSettings(text, { file: "/w/app/.claude/settings.json", project: "/w/app" });
    expect(toml.match(/pattern = .*/g)).toEqual([
      "pattern = 'Read(//w/app/docs/**)'",
      "pattern = 'Read(//etc/hosts)'",
      "pattern = 'Bash(make)'",
    ]);
    expect(rulesIn(toml).map((rule) => rule.cwd)).toEqual([["/w/app"], ["/w/app"], ["/w/app"]]);
  });

  it("says each thing once and names everything", () => {
    const text = settings({ allow: ["Bash(a:*)", "Bash(a *)", "Bash(a-*)", "Bash", "Bash(*)"], deny: ["Bash(a:*)"] });
    const { toml, duplicates } = importSettings(text, { file: "s.json" });
    expect(duplicates).toBe(2);
    expect(rulesIn(toml).map((rule) => rule.name)).toEqual(["deny-a", "allow-a", "allow-a-2", "allow-bash"]);
  });

  it("writes quotes and backslashes so that they come back as they were", () => {
    const entries = [`Bash(echo 'a b')`, String.raw`Bash(grep "x\\|y" z)`, String.raw`Bash(find . -name '\"' -print)`];
    const { toml } = importSettings(settings({ allow: entries }), { file: "s.json" });
    const again = rulesIn(toml);
    const direct = entries.map((entry) => rulesIn(`[[allow]]\npattern = ${JSON.stringify(entry)}\n`)[0]?.pattern);
    expect(again.map((rule) => rule.pattern)).toEqual(direct);
  });

  it.each([
    ["Bash(done)", "pattern-fragment"],
    ["Bash(then)", "pattern-fragment"],
    ["Bash(for i in 1 2 3)", "pattern-fragment"],
    ['Bash(do echo "$i")', "pattern-fragment"],
    ["Bash({} ;)", "pattern-fragment"],
    ["Bash(cat <<'EOF'\nx\nEOF)", "settings-lines"],
    ["Bash(cd a && make)", "settings-several"],
    ["Bash(curl * | bash)", "settings-several"],
    ["Write(src/**)", "pattern-ignored"],
    ["Bash(x", "pattern-syntax"],
  ])("tells %j and leaves it out", (entry, code) => {
    const { rules, toml, problems } = importSettings(settings({ allow: [entry] }), { file: "s.json" });
    expect({ rules, toml, codes: problems.map((one) => one.code) }).toEqual({ rules: 0, toml: "", codes: [code] });
    expect(problems[0]).toMatchObject({ file: "s.json", line: 1, column: 26 });
  });

  it.each([
    "Bash(time:*)",
    "Bash(time make)",
    "Bash(find:*)",
    "Bash(docker ps)",
    "Bash(done-tool x)",
    "Bash(echo $(date))",
    "Bash(NODE_ENV=test npm test)",
  ])("keeps its neighbour %j", (entry) => {
    const { rules, problems } = importSettings(settings({ allow: [entry] }), { file: "s.json" });
    expect({ rules, problems }).toEqual({ rules: 1, problems: [] });
  });

  it("leaves a secret out of rules and messages", () => {
    const token = ["ghp", "R4nd0mR4nd0mR4nd0mR4nd0mR4nd0mR4nd0m"].join("_");
    const text = settings({ allow: [`Bash(curl -H "Authorization: Bearer ${token}" https://x.test)`, "Read"] });
    const result = importSettings(text, { file: "s.json" });
    expect(result).toMatchObject({ rules: 1, problems: [{ code: "settings-secret" }] });
    expect(JSON.stringify(result)).not.toContain(token.slice(4));
  });

  it("tells what is wrong with a malformed file, and where", () => {
    expect(told(fixture("malformed.json"))).toEqual([
      "s.json:11:7: error: not valid JSON: a property name in double quotes is expected\n  hint: Claude Code ignores the whole file, its deny rules too; mend it, then import again",
    ]);
  });

  it("takes what can be said of real files", () => {
    const codes = (name: string) => {
      const { rules, problems } = importSettings(fixture(name), { file: name });
      return { rules, problems: problems.map((one) => `${one.line} ${one.code}`) };
    };
    expect(codes("fragments.json")).toEqual({ rules: 24, problems: ["4 pattern-fragment"] });
    expect(codes("denies.json")).toEqual({ rules: 17, problems: ["29 settings-several", "30 settings-several"] });
  });
});

describe("projectOfSettings", () => {
  it.each([
    ["/h/.claude/settings.json", undefined],
    ["/w/app/.claude/settings.local.json", "/w/app"],
    ["/w/app/other/settings.json", undefined],
  ])("of %s is %s", (file, expected) => expect(projectOfSettings(file, "/h/.claude")).toBe(expected));
});

const SHARED = new URL("../../../shared/data/claude_settings.jsonl.gz", import.meta.url);
const isPresent = existsSync(SHARED);
if (!isPresent) console.log("skipped 1 test: the shared settings files are not here");

describe.skipIf(!isPresent)("357 shared settings files", () => {
  it("lose no entry silently, and give policy files without an error", () => {
    const rows: { text: string; path: string; valid_json: boolean }[] = gunzipSync(readFileSync(SHARED))
      .toString()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
    for (const { text, path, valid_json } of rows) {
      const { rules, duplicates, problems, toml } = importSettings(text, { file: path });
      const isMalformed = problems.some((one) => one.code === "settings-json");
      expect(isMalformed).toBe(!valid_json);
      const places = problems.filter((one) => one.severity === "error").map((one) => `${one.line}:${one.column}`);
      const left = isMalformed ? 0 : new Set(places).size;
      expect(rules + duplicates + left).toBe(readSettingsEntries(text, path).entries.length);
      expect(rulesIn(toml)).toHaveLength(rules);
    }
    expect(rows).toHaveLength(357);
  });
});
