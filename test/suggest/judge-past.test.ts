/** Judging past calls once, and open calls without the rules that say nothing to them, changes no answer. */
import { expect, it } from "vitest";
import { judgePast, judgeUnder, judgeWith, oncePerCall } from "../../src/analyze/suggest/judge-past.js";
import { withRules } from "../../src/core/generalise/with-rules.js";
import { policyFrom } from "../engine/toml.js";
import { answered, PROJECT } from "./calls.js";

const POLICY = policyFrom(`
[[deny]]
name = "no-force"
pattern = "Bash(git push --force *)"

[[ask]]
name = "removing"
[ask.shell]
program = ["rm"]

[[ask]]
name = "reading-keys"
pattern = "Read(//etc/keys/**)"

[[allow]]
name = "listing"
pattern = "Bash(ls *)"

[[allow]]
name = "old"
pattern = "Bash(cat *)"
expires = 2026-01-06T00:00:00Z

[[passthrough]]
name = "left"
pattern = "Bash(make *)"
`);
const ADDED = policyFrom(`
[[allow]]
name = "tests"
pattern = "Bash(npm run test)"

[[allow]]
name = "diff"
pattern = "Bash(git diff *)"

[[allow]]
name = "everything-of-git"
[allow.shell]
program = ["git"]
effect = ["reads", "network"]
`).rules;

const COMMANDS = [
  "npm run test",
  "npm run test && ls -l",
  "npm run test; git diff a",
  "git push origin main",
  "git push --force origin main",
  "git diff a && rm -r b",
  "git diff $X",
  "cat /etc/keys/a",
  "cat a",
  "make all",
  "make all && npm run test",
  "ls -l > /tmp/x",
  "npm run test > out.txt",
  "$Y -rf /",
  "echo 'open",
  "GIT_PAGER=sh git diff",
];

const { calls } = answered(
  COMMANDS.flatMap((command) => [
    { command, session: 0 },
    { command, session: 3 },
  ]),
);

it("says of open calls what the whole policy with the new rules says", () => {
  const judged = judgeUnder(POLICY);
  const open = calls.filter((one) => judged(one).isOpen);
  const whole = withRules(POLICY, ADDED);
  const judge = judgeWith(POLICY, ADDED);
  const decisions = open.map((one) => {
    const { decision, ruleIds, effect } = judgePast(whole, one);
    expect(judge(one)).toMatchObject({ decision, ruleIds, effect });
    return decision;
  });
  expect(new Set(decisions)).toEqual(new Set(["allow", "passthrough"]));
  expect(open.length).toBeLessThan(calls.length);
  expect(open.filter((one) => judgeWith(POLICY, [])(one) !== null)).toEqual([]);
});

it("judges a distinct call once, and again once a rule has expired", () => {
  const asked: string[] = [];
  const once = oncePerCall(POLICY, ({ subject, timeMs }) => {
    asked.push(subject);
    return timeMs;
  });
  for (const one of calls) once(one);
  for (const one of calls) once(one);
  expect(asked.toSorted()).toEqual([...COMMANDS, ...COMMANDS].toSorted());
});

it("knows the commands of a call that do more than read, with every name of their options", () => {
  const [past] = answered([{ command: "ls -l && git push --force origin", session: 0 }]).calls;
  if (past === undefined) throw new Error("there is a call");
  const { acting } = judgeUnder(POLICY)(past);
  expect(acting.map(({ program, subcommand }) => [program, subcommand])).toEqual([["git", "push"]]);
  expect(acting[0]?.flags.flat()).toContain("--force");
  expect(past.call.cwd).toBe(PROJECT);
});
