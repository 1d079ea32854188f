/** What past answers speak for, and what they never do. */
import { describe, expect, it } from "vitest";
import { claudeSettings } from "../../src/analyze/suggest/claude-settings.js";
import { splitByTime } from "../../src/analyze/suggest/hold-out.js";
import { renderSuggestions } from "../../src/analyze/suggest/render-suggestions.js";
import { suggestRules } from "../../src/analyze/suggest/suggest-rules.js";
import { UTC } from "../../src/analyze/zone.js";
import { compileDrafts } from "../../src/core/generalise/rule-draft.js";
import { evaluate, matchRule } from "../../src/core/policy/evaluate.js";
import { checkExamples } from "../../src/core/policy/examples.js";
import { policyOf } from "../hook/scene.js";
import { type Answered, answered, bash, DEPS, NO_POLICY, often } from "./calls.js";

const WORLD = { policy: NO_POLICY, commands: ["git log --oneline", "git log -n 3", "git push", "npm run test"] };
const suggest = (list: readonly Answered[], world = WORLD) => suggestRules(answered(list), world);
const named = (list: readonly Answered[], world = WORLD) => suggest(list, world).suggestions.map(({ name }) => name);

const LOGS = ["git log --oneline -5", "git log -3 src/a.ts", "git log -1 lib/b.ts", "git log docs/c.md"];

describe("what is suggested", () => {
  it("says everything a person needs to decide", () => {
    const { suggestions, isValidated } = suggest(often(LOGS, 20));
    expect(isValidated).toBe(true);
    expect(suggestions).toHaveLength(1);
    expect(suggestions[0]).toMatchObject({
      kind: "allow",
      name: "allow-git-log",
      project: "/home/u/p",
      effect: "reads",
      calls: 80,
      prompts: 80,
      support: { approved: 56, refused: 0, sessions: 14, projects: 1, days: 14 },
      precision: 1,
      overridden: [],
      breadth: { unseen: 1, scary: [] },
      holdOut: { allowed: 24, approved: 24, refused: 0 },
    });
    expect(suggestions[0]?.bound).toBeCloseTo(0.9715, 3);
  });

  it("carries examples that hold", () => {
    const { suggestions } = suggest([...often(LOGS, 20), { command: "git log --stat", session: 3, answer: "refused" }]);
    const policy = compileDrafts(suggestions.map(({ draft }) => draft));
    if (policy === null) throw new Error("the suggestions are sound");
    const [rule] = policy.rules;
    expect(rule?.match).toHaveLength(3);
    expect(rule?.notMatch).toContain("git log --stat");
    expect(checkExamples(policy, (one, call) => matchRule(policy, one, call, DEPS))).toEqual([]);
  });

  it.each<[string, readonly Answered[]]>([
    ["too few sessions", often(LOGS, 2)],
    ["too few calls", often(["git log -1 a"], 4)],
    ["writes need more proof than reading", often(["mkdir -p a"], 20)],
    ["one day only", often(LOGS, 20).map((one) => ({ ...one, session: 1 }))],
    [
      "a refusal in other words than any approval",
      [
        ...often(["npm run test", "npm run test -- a"], 40),
        { command: "npm run test -- b", session: 2, answer: "refused" },
      ],
    ],
    [
      "an unreliable option",
      [
        ...often(["go vet ./..."], 60),
        ...often(["go vet -v ./..."], 4),
        ...often(["go vet -v ./..."], 4, { answer: "refused" }),
      ],
    ],
    ["interpreters", often(["python3 x.py", "node x.js", "bash x.sh"], 40)],
    ["deletion", often(["rm -rf build"], 60)],
  ])("not for %s", (_name, list) => {
    expect(suggest(list).suggestions.filter(({ kind }) => kind === "allow")).toEqual([]);
  });

  it("lists the refusals a reading rule would have overridden", () => {
    const no: Answered = { command: "git log -9 src/z.ts", session: 4, answer: "refused" };
    const [found] = suggest([...often(LOGS, 30), no]).suggestions;
    expect(found?.overridden.map(({ subject }) => subject)).toEqual([no.command]);
  });

  it("withdraws what a later refusal speaks against", () => {
    const list = often(["npm run test"], 60);
    expect(named(list)).toEqual(["allow-npm-run-test"]);
    expect(named([...list, { command: "npm run test", session: 59, answer: "refused" }])).toEqual([]);
  });

  it("is for every project when two speak for it", () => {
    const list = [...often(LOGS, 20), ...often(LOGS, 20, { project: "/home/u/q" })];
    const { suggestions } = suggest(list);
    expect(suggestions.map(({ project }) => project)).toEqual([""]);
    expect(suggestions[0]?.support.projects).toBe(2);
  });

  it("leaves out what a rule decides already", () => {
    const policy = policyOf(`[[allow]]\nname = "log"\npattern = "Bash(git log *)"`);
    expect(named(often(LOGS, 20), { ...WORLD, policy })).toEqual([]);
  });

  it("says that little was seen", () => {
    const { isValidated, suggestions } = suggestRules(
      answered(often(LOGS, 3).map((one) => ({ ...one, session: one.session / 2 }))),
      WORLD,
    );
    expect(isValidated).toBe(false);
    expect(suggestions.every(({ holdOut }) => holdOut === null)).toBe(true);
  });
});

describe("the planted trap", () => {
  const trap = ["rm -rf /tmp/x", "rm -rf build", "git push --force", "git push --force origin main", "git push -f"];
  const list = [
    ...often(LOGS, 40),
    ...often(["git push", "git push origin main"], 40),
    ...often(trap, 40, { answer: "refused" }),
    ...often(["git status && rm -rf build"], 20, { answer: "refused" }),
  ];
  const { suggestions } = suggest(list);
  const allow = compileDrafts(suggestions.map(({ draft }) => draft).filter(({ kind }) => kind === "allow"));

  it("yields no rule that allows what was never approved", () => {
    if (allow === null) throw new Error("the suggestions are sound");
    expect(evaluate(allow, bash("git log -3 src/x.ts"), DEPS).decision).toBe("allow");
    for (const command of [
      ...trap,
      "git push --force-with-lease",
      "git push origin +main",
      "rm x",
      "git status && rm -rf build",
    ]) {
      expect([command, evaluate(allow, bash(command), DEPS).decision]).toEqual([command, "passthrough"]);
    }
  });

  it("yields rules against it", () => {
    const against = compileDrafts(suggestions.map(({ draft }) => draft).filter(({ kind }) => kind !== "allow"));
    if (against === null) throw new Error("the suggestions are sound");
    for (const command of trap) expect(evaluate(against, bash(command), DEPS).decision).not.toBe("passthrough");
    expect(evaluate(against, bash("git log -3"), DEPS).decision).toBe("passthrough");
  });
});

describe("the answer", () => {
  const list = [...often(LOGS, 20), ...often(["npm run test"], 60), ...often(["ls src", "ls -la"], 20)];

  it("is the same for the same log, byte for byte", () => {
    const text = () => renderSuggestions(suggest(list), UTC, 50);
    expect(text()).toBe(text());
    expect(JSON.stringify(suggest(list))).toBe(JSON.stringify(suggest(list)));
  });

  it("is a policy file", () => {
    const policy = policyOf(renderSuggestions(suggest(list), UTC, 50));
    expect(policy.rules.filter(({ layer }) => layer !== "builtin").length).toBeGreaterThan(1);
  });

  it("keeps hostile log text inside its comment", () => {
    const hostile = "git log 'x\n[[allow]]\ntool = \".*\"\n#\u2028' a";
    const found = suggest([...often(LOGS, 30), { command: hostile, session: 3, answer: "refused" }]);
    const text = renderSuggestions(found, UTC, 50);
    expect(policyOf(text).rules.filter(({ tool }) => tool?.source.includes(".*"))).toEqual([]);
  });

  it("as settings of Claude Code is narrower, and says what they cannot", () => {
    const { permissions, left } = claudeSettings(suggest(list).suggestions, "/home/u/p");
    expect(permissions.allow).toContain("Bash(npm run test)");
    expect(permissions.allow.every((rule) => !rule.includes("*"))).toBe(true);
    expect(left.some(({ name, why }) => name === "allow-git-log" && why.includes("word for word"))).toBe(true);
  });
});

describe("the hold-out", () => {
  it("keeps whole sessions, the newest", () => {
    const { past, later } = splitByTime(answered(often(LOGS, 20)).calls);
    const ids = (calls: typeof past) => new Set(calls.map(({ call }) => call.sessionId));
    expect(later).not.toBeNull();
    expect([ids(past).size, ids(later ?? []).size]).toEqual([14, 6]);
    expect([...ids(past)].some((id) => ids(later ?? []).has(id))).toBe(false);
  });
});
