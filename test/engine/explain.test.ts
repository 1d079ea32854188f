import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/core/policy/evaluate.js";
import { explainEvaluation } from "../../src/core/policy/explain.js";
import { policyFrom } from "./toml.js";
import { bash, callOf, deps } from "./world.js";

const policy = policyFrom(`
[[deny]]
name = "no-force-push"
reason = "Use --force-with-lease."
[deny.shell]
program = ["git"]
subcommand = ["push"]
flags_any = ["--force"]

[[deny]]
name = "no-rm-rf"
[deny.shell]
program = ["rm"]
flags_all = ["-r", "-f"]

[[deny]]
name = "no-npm-publish"
pattern = "Bash(npm publish *)"

[[deny]]
name = "no-secrets"
pattern = "Read(secrets/**)"
session = "headless"

[[ask]]
name = "ask-loaded-code"
[ask.shell]
env = ["LD_PRELOAD"]

[[ask]]
name = "ask-history"
pattern = "Read(~/.*_history)"

[[ask]]
name = "ask-push"
reason = "This leaves the machine"
pattern = "Bash(git push *)"

[[allow]]
name = "reading"
[allow.shell]
effect = ["reads"]

[[passthrough]]
name = "builds"
pattern = "Bash(make *)"
`);

const full = (command: string, more = {}) => evaluate(policy, bash(command, more), deps(), { detail: "full" });
const missesOf = (command: string) => full(command).detail?.nearMisses.map((miss) => [miss.rule.id, miss.failed]);

describe("what Claude and the user are told", () => {
  it("a deny names the rule, the part and the next step", () => {
    expect(full("ls && git push --force origin main").reason).toBe(
      "Denied by rule `no-force-push`: `git push --force origin main`. Use --force-with-lease.",
    );
    expect(full("rm -rf x").reason).toBe(
      "Denied by rule `no-rm-rf`: `rm -rf x`. Find another way, or ask the user to run it.",
    );
  });

  it("an ask tells the user why", () => {
    expect(full("git push").reason).toBe("Asked by rule `ask-push`: `git push`. This leaves the machine.");
  });

  it("a doubt says what is not clear, and headless what would help", () => {
    expect(full("$X -rf /").reason).toBe(
      "Not clear whether rule `no-force-push` forbids `$X -rf /`: it depends on what is only known when it runs.",
    );
    expect(full("$X -rf /", { attended: false }).reason).toMatch(/Write it plainly, one known command at a time\.$/);
  });

  it("an allow and a passthrough say nothing", () => {
    expect([full("ls").reason, full("make").reason, full("unheard-of").reason]).toEqual(["", "", ""]);
  });
});

describe("full detail", () => {
  it("shows each part, its effect, and what covered it or is missing", () => {
    const { detail } = full("ls | wc -l && unheard-of x");
    expect(detail?.parts.map(({ text, effect, coveredBy, missing }) => [text, effect, coveredBy, missing])).toEqual([
      ["ls", "reads", "reading", ""],
      ["wc -l", "reads", "reading", ""],
      ["unheard-of x", "unknown", null, "no allow rule covers it"],
      ["x", "unknown", null, "it may run, so deny and ask rules look at it"],
    ]);
  });

  it("lists every rule that applies or may apply, strictest first", () => {
    const { detail } = full("git push --force; rm $X y; ls");
    expect(detail?.matches.map(({ rule, answer, part }) => [rule.id, answer, part])).toEqual([
      ["no-force-push", "yes", "git push --force"],
      ["no-rm-rf", "unknown", "rm $X y"],
      ["ask-push", "yes", "git push --force"],
      ["reading", "yes", "ls"],
    ]);
  });

  it("tells the steps in order", () => {
    const { detail } = full("ls; make");
    expect(detail?.trace).toEqual([
      { step: "parse", text: "2 commands, wrappers counted" },
      { step: "self-protection", text: "nothing of claude-permit's own is touched" },
      { step: "deny", text: "no deny rule applies" },
      { step: "ask", text: "no ask rule applies" },
      { step: "allow", text: "`ls` is covered by rule `reading`" },
      { step: "allow", text: "`make`: no allow rule covers it" },
      { step: "passthrough", text: "rule `builds` leaves it to Claude Code" },
      { step: "result", text: "passthrough by rule `builds`" },
    ]);
  });

  it("decides as the hook does", () => {
    for (const command of ["ls", "git push", "rm -rf x", "make", "$X", "ls 'x", "unheard-of"]) {
      const { detail: _, ...shown } = full(command);
      expect(shown).toEqual(evaluate(policy, bash(command), deps()));
    }
  });
});

describe("near misses: one condition short", () => {
  it.each<[string, readonly (readonly [string, string])[]]>([
    ["git push origin", [["no-force-push", "flags_any: none of --force is there"]]],
    [
      "git fetch --force",
      [
        ["no-force-push", "subcommand: it is `fetch`"],
        ["ask-push", "pattern: it does not match"],
      ],
    ],
    ["rm -r x", [["no-rm-rf", "flags_all: -f is absent"]]],
    ["rm x", [["no-rm-rf", "flags_all: -r, -f is absent"]]],
    ["npm pack", [["no-npm-publish", "pattern: it does not match"]]],
    ["cat secrets/a", [["no-secrets", "session: it is interactive"]]],
    ["git status", [["ask-push", "pattern: it does not match"]]],
    ["ls", []],
    ["cat .git/config", []],
    ["rm -rf x", []],
  ])("%s", (command, expected) => {
    expect(missesOf(command)).toEqual(expected);
  });

  it("are found for files too", () => {
    const found = evaluate(policy, callOf("Read", { file_path: "secrets/key" }), deps(), { detail: "full" });
    expect(found.detail?.nearMisses.map((miss) => miss.rule.id)).toEqual(["no-secrets"]);
  });
});

describe("an evaluation in lines", () => {
  it("ends with the next step", () => {
    expect(explainEvaluation(full("git push --force"))).toMatchInlineSnapshot(`
      [
        "deny by rule \`no-force-push\`",
        "Denied by rule \`no-force-push\`: \`git push --force\`. Use --force-with-lease.",
        "  \`git push --force\` [network: sends to another repository]: denied by \`no-force-push\`",
        "  parse: one command",
        "  self-protection: nothing of claude-permit's own is touched",
        "  deny: rule \`no-force-push\` applies to \`git push --force\`",
        "  ask: rule \`ask-push\` applies to \`git push --force\`",
        "  allow: \`git push --force\`: no allow rule covers it",
        "  result: deny by rule \`no-force-push\`",
        "To change this, edit rule \`no-force-push\` at config.toml:2.",
      ]
    `);
    expect(explainEvaluation(full("unheard-of")).at(-1)).toBe(
      "No rule decided. To allow it, add an allow rule that covers every part listed above.",
    );
    expect(explainEvaluation(full("claude-permit trust")).at(-1)).toBe("Run it yourself, outside the session.");
    expect(explainEvaluation(full("ls")).at(-1)).toBe("  result: allow by rule `reading`");
  });
  it("leaves the steps out when only the answer is asked for", () => {
    expect(explainEvaluation(full("ls && git push --force"), { steps: false })).toEqual([
      "deny by rule `no-force-push`",
      "Denied by rule `no-force-push`: `git push --force`. Use --force-with-lease.",
      "  `ls` [reads: only reads]: covered by `reading`",
      "  `git push --force` [network: sends to another repository]: denied by `no-force-push`",
      "To change this, edit rule `no-force-push` at config.toml:2.",
    ]);
  });

  it("does not list what is the same many times over", () => {
    const lines = explainEvaluation(full(Array.from({ length: 9 }, (_, index) => `rm -rf ${index}`).join(";")));
    expect(lines.filter((line) => line.startsWith("  allow: "))).toHaveLength(6);
    expect(lines).toContain("  allow: and 4 more");
  });
});
