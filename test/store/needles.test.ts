import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluate } from "../../src/core/policy/evaluate.js";
import type { Evaluation } from "../../src/core/policy/evaluation.js";
import { hayOf } from "../../src/core/policy/needles.js";
import type { Policy } from "../../src/core/policy/policy.js";
import { analyzeShell } from "../../src/core/shell/analyze.js";
import type { ToolCall } from "../../src/core/tool-call.js";
import { readCompiled } from "../../src/store/compiled-policy.js";
import { loadPolicy } from "../../src/store/load-policy.js";
import { refreshPolicy } from "../../src/store/refresh-policy.js";
import { resolvePath } from "../../src/store/resolve-path.js";
import { temporaryPlace, USER_CONFIG } from "./temporary.js";

const LATER = Date.now() + 3_600_000;
const NAMES = [
  "src",
  "a.ts",
  "secret",
  ".env",
  "Vendor",
  "é",
  "a b",
  "..",
  ".",
  "link",
  "src.",
  "secret ",
  ".env:x",
] as const;
const name = fc.constantFrom(...NAMES);
const path = fc
  .tuple(fc.constantFrom("", "/", "~/", "/srv/", "./"), fc.array(name, { maxLength: 4 }))
  .map(([start, parts]) => start + parts.join("/"));
const glob = fc
  .tuple(
    fc.constantFrom("", "/", "//", "~/", "//srv/"),
    fc.array(fc.oneof(name, fc.constantFrom("*", "**", "*.ts")), { minLength: 1, maxLength: 3 }),
  )
  .map(([start, parts]) => start + parts.filter((part) => !part.startsWith("..") && part !== ".").join("/"));
const plain = fc.constantFrom("secret", "^/srv/", "\\.env$", "(?:a|b)\\.ts", "Vendor/", "é", "needle", "^$", "src/a");
const quoted = (text: string): string => `'${text}'`;

const rule = fc.record({
  kind: fc.constantFrom("deny", "ask", "allow", "passthrough"),
  what: fc.oneof(
    fc.tuple(fc.constantFrom("Read", "Edit"), glob).map(([tool, at]) => `pattern = ${quoted(`${tool}(${at})`)}`),
    fc
      .tuple(
        fc.constantFrom("Read|Grep", "Edit|Write", ".*", "Read|Bash"),
        fc.constantFrom("file_path", "content", "path", "limit"),
        plain,
      )
      .map(([tool, field, source]) => `tool = ${quoted(tool)}\nfields = { ${field} = ${quoted(source)} }`),
    fc.constant(`tool = 'Read|Edit|Write'`),
  ),
  more: fc.constantFrom("", "cwd = ['$PROJECT']", "session = 'interactive'", "exclude = { file_path = 'secret' }"),
});

const call = fc.record({
  tool: fc.constantFrom("Read", "Edit", "Write", "Grep", "Glob", "MultiEdit", "Monitor"),
  input: fc.record(
    {
      file_path: path,
      path,
      pattern: fc.constantFrom("needle", "**/*.ts", "src/**"),
      content: fc.constantFrom("the needle here", "x", "é", `${"y".repeat(70_000)}needle`),
      limit: fc.oneof(fc.integer(), fc.constant({ needle: 1 })),
      command: fc.constant("cat secret"),
    },
    { requiredKeys: [] },
  ),
  attended: fc.boolean(),
});

/** What a decision and its record are made of. */
function answer({ decision, tier, rule: by, ruleIds, reason, open, unknown, effect, paths, resolved }: Evaluation) {
  return { decision, tier, by: by?.id, ruleIds, reason, open, unknown, effect, paths, resolved };
}

test("a call judged by the rules its needles leave is judged as by the whole policy", () => {
  const place = temporaryPlace();
  symlinkSync(join(place.root, "srv"), join(place.project, "link"));
  let spared = 0;
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 12 }), fc.array(call, { minLength: 4, maxLength: 8 }), (rules, calls) => {
      const text = rules.map(({ kind, what, more }, at) => `[[${kind}]]\nname = "r${at}"\n${what}\n${more}\n`);
      place.write(USER_CONFIG, text.join("\n").replace(/cwd = \['\$PROJECT'\]/g, "cwd = '$PROJECT'"));
      const key = place.inputs();
      const whole: Policy = loadPolicy(key, () => null).policy;
      fc.pre(whole.state === "ok");
      refreshPolicy(key, LATER);
      for (const { tool, input, attended } of calls) {
        const one: ToolCall = {
          tool,
          input,
          attended,
          cwd: place.project,
          project: place.project,
          home: place.osHome,
          sessionId: "s",
          permissionMode: "default",
        };
        const deps = { resolvePath, parseShell: analyzeShell, now: LATER };
        const narrow = readCompiled(key, tool, ({ wrappers }) => hayOf(one, { ...deps, wrappers }));
        if (narrow === null) throw new Error("the policy was not kept");
        const all = readCompiled(key, tool)?.rules.length ?? 0;
        if (narrow.rules.length < all) spared += 1;
        expect(answer(evaluate(narrow, one, deps))).toEqual(answer(evaluate(whole, one, deps)));
      }
    }),
    { numRuns: 100 },
  );
  expect(spared).toBeGreaterThan(30);
});

const FIXTURES = new URL("../../fixtures/starter/", import.meta.url);
const SHARED = new URL("../../../shared/data/claude_toolcalls.jsonl.gz", import.meta.url);

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** Data: none of it is run. */
function ownCommands(): readonly string[] {
  const rows = ["bypass.jsonl", "dangerous.jsonl"].flatMap((file) =>
    linesOf(readFileSync(new URL(file, FIXTURES), "utf8")).map((line): { cmd: string } => JSON.parse(line)),
  );
  const everyday = linesOf(readFileSync(new URL("everyday.txt", FIXTURES), "utf8"));
  const odd = [
    "",
    "RM -rf x",
    "$X y",
    "git commit -m 'é'",
    "A=1 npm test",
    "sudo env rm x",
    "bash -c 'make it'",
    "x\0y",
  ];
  return [...rows.map(({ cmd }) => cmd), ...everyday, ...odd];
}

/** Words of the shell itself are no commands. */
const STATEMENT = /^(?:for|while|until|then|else|elif|done|case|esac|select|function|time|coproc)$/;

/** Rules of every kind about words that stand in these commands, so that many of them apply. */
function rulesAbout(commands: readonly string[]): string {
  const found = new Set(commands.flatMap((command) => command.match(/[\w./-]{3,30}/g) ?? []));
  const words = [...found].filter((word) => !STATEMENT.test(word));
  const kinds = ["deny", "ask", "allow", "passthrough"];
  const conditions: readonly ((word: string, next: string) => string)[] = [
    (word) => `pattern = 'Bash(${word} *)'`,
    (word, next) => `pattern = 'Bash(* ${word} ${next}*)'`,
    (word) => `tool = 'Bash'\nfields = { command = '${word.replaceAll(".", "\\.")}\\s+x?' }`,
    (word, next) => `tool = 'Bash'\nraw = true\nfields = { command = '^${word}( ${next})?' }`,
    (word, next) => `tool = 'Bash'\nshell = { program = ['${word}', '${next}'] }`,
    (word) => `tool = 'Bash|Monitor'\nfields = { description = '${word}' }`,
    (word) =>
      `tool = 'Bash'\nshell = { program = ['${word}'], flags_any = ['-f', '-r'] }\nexclude = { command = 'test' }`,
  ];
  const texts = words.slice(0, 400).map((word, at) => {
    const what = conditions[at % conditions.length]?.(word, words[at + 7] ?? "x") ?? "";
    return `[[${kinds[at % kinds.length]}]]\nname = "made-${at}"\n${what}\n`;
  });
  return texts.join("\n");
}

const STARTER = readFileSync(new URL("../../policies/starter.toml", import.meta.url), "utf8");

/** How many calls were judged by fewer rules than there are, all of them as by the whole policy. */
function compareShell(commands: readonly string[], policyText: string): number {
  const place = temporaryPlace();
  place.write(USER_CONFIG, policyText);
  const key = place.inputs();
  const whole = loadPolicy(key, () => null).policy;
  expect([whole.state, whole.problems.filter(({ severity }) => severity === "error")]).toEqual(["ok", []]);
  refreshPolicy(key, LATER);
  const all = readCompiled(key, "Bash")?.rules.length ?? 0;
  let spared = 0;
  for (const [at, command] of commands.entries()) {
    const one: ToolCall = {
      tool: "Bash",
      input: { command, description: at % 3 === 0 ? command.slice(0, 40) : "" },
      attended: at % 2 === 0,
      cwd: place.project,
      project: place.project,
      home: place.osHome,
      sessionId: "s",
      permissionMode: at % 5 === 0 ? "auto" : "default",
    };
    const deps = { resolvePath, parseShell: analyzeShell, now: LATER };
    const narrow = readCompiled(key, "Bash", ({ wrappers }) => hayOf(one, { ...deps, wrappers }));
    if (narrow === null) throw new Error("the policy was not kept");
    if (narrow.rules.length < all) spared += 1;
    expect([command, answer(evaluate(narrow, one, deps))]).toEqual([command, answer(evaluate(whole, one, deps))]);
  }
  return spared;
}

test.each([
  ["the starter policy", ""],
  ["rules about words of the commands alone", "made"],
])("shell calls judged by the rules their needles leave: %s", (_, what) => {
  const commands = ownCommands();
  const spared = compareShell(commands, what === "" ? STARTER : rulesAbout(commands));
  expect(spared).toBeGreaterThan(commands.length / 4);
});

test.skipIf(!existsSync(SHARED))("the same for the shared transcripts' commands", () => {
  const rows = linesOf(gunzipSync(readFileSync(SHARED)).toString("utf8"));
  const all = rows.flatMap((line): readonly string[] => {
    const input: unknown = JSON.parse(line).tool_input?.command;
    return typeof input === "string" ? [input] : [];
  });
  const commands = [...new Set(all)].filter((_, at) => at % 20 === 0);
  expect(commands.length).toBeGreaterThan(250);
  expect(compareShell(commands, rulesAbout(commands))).toBeGreaterThan(commands.length / 4);
});
